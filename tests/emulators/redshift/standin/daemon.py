"""The server process: listens for clients of Redshift and serves the Lambda functions."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

from .batches import Invoker
from .lambda_service import FunctionSettings, LambdaService
from .session import Session, Settings


@dataclass(frozen=True)
class Options:
    folder: Path  # for logs and the state file
    socket: str
    bootstrap: Path | None = None  # of our own Lambda service ...
    lambda_endpoint: str | None = None  # ... or somebody else's
    functions: tuple[str, ...] = ("geocell",)  # NAME, or NAME=BOOTSTRAP
    emulator: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    timeout_s: float = 60
    port: int = 0
    slices: int = 2
    large_strings: bool = False
    password: str | None = None

    @property
    def state_file(self) -> Path:
        return self.folder / "state.json"


async def _serve(options: Options) -> None:
    service = None
    endpoint = options.lambda_endpoint
    if endpoint is None:
        functions = []
        for text in options.functions:
            name, _, bootstrap = text.partition("=")
            path = Path(bootstrap).resolve() if bootstrap else options.bootstrap
            functions.append(FunctionSettings(name, path, options.environment, options.timeout_s))
        service = LambdaService(options.folder / "lambda", functions, options.emulator)
        endpoint = service.endpoint
    invoker = Invoker(endpoint, options.slices, options.large_strings, options.folder / "invocations.jsonl")
    settings = Settings(options.socket, options.large_strings, options.password)
    sessions: set[asyncio.Task] = set()

    async def connected(reader, writer):
        task = asyncio.current_task()
        sessions.add(task)
        try:
            await Session(reader, writer, settings, invoker).run()
        finally:
            sessions.discard(task)

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await asyncio.start_server(connected, "127.0.0.1", options.port, limit=1 << 20)
    state = {"pid": os.getpid(), "port": server.sockets[0].getsockname()[1], "lambda_endpoint": endpoint}
    draft = options.state_file.with_suffix(".draft")
    draft.write_text(json.dumps(state))
    draft.rename(options.state_file)
    try:
        await stop.wait()
    finally:
        options.state_file.unlink(missing_ok=True)
        server.close()
        for task in sessions:
            task.cancel()
        invoker.close()
        if service is not None:
            service.close()


def serve(options: Options) -> None:
    """Until SIGTERM or SIGINT."""
    asyncio.run(_serve(options))
