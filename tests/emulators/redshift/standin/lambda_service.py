"""AWS Lambda on this machine: the Invoke call on one side, the Runtime API of bootstraps on the other.

What is like AWS: several functions by name, each in as many environments as there are calls at once (up to its
concurrency, then 429), the 6 MB limits both ways, X-Amz-Function-Error, timeouts, a bootstrap that exits. With an
`emulator`, AWS's own Runtime Interface Emulator runs each environment instead of the Runtime API here.
"""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

PAYLOAD_LIMIT = 6 * 1024 * 1024  # of a synchronous request and of its response
_RUNTIME = "/2018-06-01/runtime/"
_EMULATOR_START_S = 30


@dataclass(frozen=True)
class FunctionSettings:
    name: str
    bootstrap: Path
    environment: dict[str, str] = field(default_factory=dict)
    timeout_s: float = 60
    concurrency: int = 10
    memory_mb: int = 512


@dataclass(frozen=True)
class Outcome:
    payload: bytes
    function_error: bool = False


def _error_payload(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def unpack_package(package: Path, folder: Path) -> Path:
    """Unpacks a Lambda zip with the modes in it, as Lambda does; gives its bootstrap."""
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            target = Path(archive.extract(entry, folder))
            mode = entry.external_attr >> 16 & 0o777
            if mode and not entry.is_dir():
                target.chmod(mode)
    bootstrap = folder / "bootstrap"
    if not os.access(bootstrap, os.X_OK):
        raise ValueError(f'{package} has no executable file "bootstrap" at its top')
    return bootstrap


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_args):
        pass

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self._headers_buffer.append(b"\r\n" + body)
        self.flush_headers()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@dataclass
class _Invocation:
    request_id: str
    payload: bytes
    deadline_ms: int
    outcome: queue.SimpleQueue


class _RuntimeApiHandler(_Handler):
    def do_GET(self):
        environment = self.server.environment
        if self.path != _RUNTIME + "invocation/next":
            return self.reply(404)
        invocation = environment.next_invocation()
        if invocation is None:
            return self.reply(500)
        self.reply(
            200,
            invocation.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": environment.arn,
                "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
            },
        )

    def do_POST(self):
        body = self.body()
        environment = self.server.environment
        if self.path == _RUNTIME + "init/error":
            environment.finish(None, Outcome(body, True))
            return self.reply(202)
        match = re.fullmatch(_RUNTIME + r"invocation/([^/]+)/(response|error)", self.path)
        if not match:
            return self.reply(404)
        if match[2] == "response" and len(body) > PAYLOAD_LIMIT:
            message = f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes)."
            environment.finish(match[1], Outcome(_error_payload("Function.ResponseSizeTooLarge", message), True))
            return self.reply(413, _error_payload("RequestEntityTooLarge", message))
        known = environment.finish(match[1], Outcome(body, match[2] == "error"))
        # AWS refuses a second answer, and one to an invocation that it has given up.
        (
            self.reply(202, b'{"status":"OK"}')
            if known
            else self.reply(403, _error_payload("InvalidRequestID", "Invalid request ID"))
        )


class _Environment:
    """An execution environment: a bootstrap and the Runtime API that it talks to. One invocation at a time."""

    def __init__(self, settings: FunctionSettings, log: Path):
        self.settings = settings
        self.arn = f"arn:aws:lambda:us-east-1:000000000000:function:{settings.name}"
        self.closing = False
        self._current: _Invocation | None = None
        self._waiting: queue.SimpleQueue = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _RuntimeApiHandler)
        self._server.environment = self
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._process = _start_process([str(settings.bootstrap)], settings, log, self._server.server_address[1])

    def next_invocation(self) -> _Invocation | None:
        return self._waiting.get()

    def finish(self, request_id: str | None, outcome: Outcome) -> bool:
        """`request_id` None: whatever is under way."""
        with self._lock:
            invocation = self._current
            if invocation is None or request_id not in (None, invocation.request_id):
                return False
            self._current = None
        invocation.outcome.put(outcome)
        return True

    def invoke(self, payload: bytes) -> Outcome:
        settings = self.settings
        deadline = time.time() + settings.timeout_s
        invocation = _Invocation(str(uuid.uuid4()), payload, int(deadline * 1000), queue.SimpleQueue())
        with self._lock:
            self._current = invocation
        self._waiting.put(invocation)
        while True:
            try:
                return invocation.outcome.get(timeout=min(0.1, max(0.001, deadline - time.time())))
            except queue.Empty:
                status = self._process.poll()
                if status is None and time.time() < deadline:
                    continue
            self.closing = True
            what = (
                f"Error: Task timed out after {settings.timeout_s:.2f} seconds"
                if status is None
                else f"Error: Runtime exited with error: exit status {status}"
            )
            kind = "Sandbox.Timedout" if status is None else "Runtime.ExitError"
            self.finish(
                invocation.request_id, Outcome(_error_payload(kind, f"RequestId: {invocation.request_id} {what}"), True)
            )

    def alive(self) -> bool:
        return not self.closing and self._process.poll() is None

    def close(self) -> None:
        self.closing = True
        self._waiting.put(None)
        _end_process(self._process)
        self._server.shutdown()
        self._server.server_close()


class _EmulatorEnvironment:
    """The same by AWS's Runtime Interface Emulator. It says HTTP 200 to everything that went through."""

    def __init__(self, settings: FunctionSettings, log: Path, emulator: Path):
        self.settings, self.closing = settings, False
        self._port, runtime_port = _free_port(), _free_port()
        self._process = _start_process(
            [
                str(emulator),
                "--log-level", "error",
                "--runtime-api-address", f"127.0.0.1:{runtime_port}",
                "--runtime-interface-emulator-address", f"127.0.0.1:{self._port}",
                str(settings.bootstrap), "bootstrap",
            ],
            settings, log, runtime_port,
        )  # fmt: skip
        give_up = time.monotonic() + _EMULATOR_START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), 0.2).close()
                break
            except OSError:
                if time.monotonic() > give_up or self._process.poll() is not None:
                    self.close()
                    raise RuntimeError(f"{emulator} does not start; its log is {log}") from None
                time.sleep(0.02)

    def invoke(self, payload: bytes) -> Outcome:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=self.settings.timeout_s + 5)
        try:
            connection.request("POST", "/2015-03-31/functions/function/invocations", payload)
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            self.closing = True
            return Outcome(_error_payload("Runtime.ExitError", f"the emulator gave no answer: {error}"), True)
        finally:
            connection.close()
        if body.startswith(b"Task timed out"):
            self.closing = True
            return Outcome(_error_payload("Sandbox.Timedout", body.decode()), True)
        return Outcome(body, response.status != 200 or body.lstrip().startswith(b'{"errorType"'))

    def alive(self) -> bool:
        return not self.closing and self._process.poll() is None

    def close(self) -> None:
        self.closing = True
        _end_process(self._process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start_process(command: list[str], settings: FunctionSettings, log: Path, runtime_port: int) -> subprocess.Popen:
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "AWS_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": settings.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings.memory_mb),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(max(1, int(settings.timeout_s))),
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{runtime_port}",
        "LAMBDA_TASK_ROOT": str(settings.bootstrap.parent),
        "_HANDLER": "bootstrap",
        **settings.environment,
    }
    with log.open("ab") as output:
        return subprocess.Popen(
            command, env=environment, cwd=settings.bootstrap.parent, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip


def _children(pid: int) -> list[int]:
    """All that descend from it; each before its own children."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue  # it ended meanwhile
            parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for ancestor in found:
        found += parents.get(ancestor, [])
    return found[1:]


def _end_process(process: subprocess.Popen) -> None:
    """Ends the process and what it started: an emulator's bootstrap is in a group of its own."""
    for pid in [process.pid, *_children(process.pid)] if process.poll() is None else []:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


class _Function:
    def __init__(self, settings: FunctionSettings, log: Path, emulator: Path | None):
        self.settings, self.log, self.emulator = settings, log, emulator
        self._idle: list = []
        self._environments: set = set()  # those at work too
        self._running = 0
        self._lock = threading.Lock()

    def invoke(self, payload: bytes) -> Outcome | None:
        """None: no environment is free, and no more may be started."""
        with self._lock:
            if self._running == self.settings.concurrency:
                return None
            self._running += 1
            environment = self._idle.pop() if self._idle else None
        try:
            if environment is not None and not environment.alive():
                self._end(environment)
                environment = None
            if environment is None:
                environment = (
                    _EmulatorEnvironment(self.settings, self.log, self.emulator)
                    if self.emulator
                    else _Environment(self.settings, self.log)
                )
                with self._lock:
                    self._environments.add(environment)
            outcome = environment.invoke(payload)
        finally:
            with self._lock:
                self._running -= 1
        if environment.alive():
            with self._lock:
                self._idle.append(environment)
        else:
            self._end(environment)
        return outcome

    def _end(self, environment) -> None:
        with self._lock:
            known = environment in self._environments
            self._environments.discard(environment)
        if known:
            environment.close()

    def close(self) -> None:
        for environment in list(self._environments):
            self._end(environment)


class _InvokeHandler(_Handler):
    def fail(self, status: int, error_type: str, message: str) -> None:
        body = json.dumps({"Type": "User", "Message": message, "message": message}).encode()
        self.reply(status, body, {"x-amzn-ErrorType": error_type})

    def do_POST(self):
        payload = self.body()
        match = re.fullmatch(r"/2015-03-31/functions/([^/]+)/invocations", unquote(urlsplit(self.path).path))
        if not match:
            return self.fail(404, "UnknownOperationException", f"no such call: {self.path}")
        name = match[1].split(":")[6] if match[1].startswith("arn:") else match[1].split(":")[0]
        function = self.server.functions.get(name)
        if function is None:
            return self.fail(404, "ResourceNotFoundException", f"Function not found: {name}")
        if len(payload) > PAYLOAD_LIMIT:
            return self.fail(
                413,
                "RequestTooLargeException",
                f"Request must be smaller than {PAYLOAD_LIMIT} bytes for the InvokeFunction operation",
            )
        try:
            json.loads(payload)
        except ValueError as error:
            return self.fail(400, "InvalidRequestContentException", f"Could not parse request body into json: {error}")
        outcome = function.invoke(payload)
        if outcome is None:
            return self.fail(429, "TooManyRequestsException", "Rate Exceeded.")
        headers = {"X-Amz-Executed-Version": "$LATEST"}
        if outcome.function_error:
            headers["X-Amz-Function-Error"] = "Unhandled"
        self.reply(200, outcome.payload, headers)


class LambdaService:
    """Serves until close(). `endpoint` is what a client of Lambda takes as the endpoint URL."""

    def __init__(self, folder: Path, functions: list[FunctionSettings], emulator: Path | None = None):
        folder.mkdir(parents=True, exist_ok=True)
        self._functions = {f.name: _Function(f, folder / f"{f.name}.log", emulator) for f in functions}
        self._server = _Server(("127.0.0.1", 0), _InvokeHandler)
        self._server.functions = self._functions
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for function in self._functions.values():
            function.close()
