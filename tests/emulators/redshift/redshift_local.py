#!/usr/bin/env python3
"""Redshift on a laptop: a stand-in for tests and for playing. docs/redshift-local.md says what it is and is not.

It takes Redshift's SQL over PostgreSQL's protocol, runs it on a private PostgreSQL with PostGIS, and calls external
functions in batches from a Lambda on this machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True
from standin.batches import split_endpoint  # noqa: E402
from standin.daemon import Options, serve  # noqa: E402
from standin.lambda_service import unpack_package  # noqa: E402

HERE = Path(__file__).resolve().parent
PRIVATE_CLUSTER = HERE.parents[2] / "scripts" / "private_cluster.sh"
USER, DATABASE = "awsuser", "dev"  # as a new Redshift cluster has them
TEMPLATE = "redshift_template"  # translate.py names it too
START_S, STOP_S = 60, 20


class Problem(Exception):
    """What the person who started this can do something about."""


class Instance:
    """What is under --dir."""

    def __init__(self, folder: str):
        self.folder = Path(folder).resolve()
        self.home = self.folder / "redshift"

    def cluster(self, *arguments: str) -> str:
        result = subprocess.run(
            [PRIVATE_CLUSTER, *arguments[:1], self.folder, *arguments[1:]], capture_output=True, text=True
        )
        if result.returncode:
            raise Problem(result.stderr.strip() or f"{PRIVATE_CLUSTER.name} {arguments[0]} failed")
        return result.stdout

    def cluster_environment(self) -> dict[str, str]:
        words = [
            word
            for line in self.cluster("env").splitlines()
            if line.startswith("export ")
            for word in shlex.split(line)[1:]
        ]
        return dict(word.split("=", 1) for word in words)

    def state(self) -> dict | None:
        """Of the running server; None when there is none."""
        try:
            state = json.loads((self.home / "state.json").read_text())
            command = Path(f"/proc/{state['pid']}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return state if os.fsencode(str(self.folder)) in command else None

    def environment(self) -> dict[str, str]:
        state = self.state()
        if state is None:
            raise Problem(f"no stand-in runs in {self.folder}; start it first")
        cluster = self.cluster_environment()
        return {
            "PGHOST": "127.0.0.1", "PGPORT": str(state["port"]), "PGUSER": USER, "PGDATABASE": DATABASE,
            "REDSHIFT_LOCAL_LAMBDA_ENDPOINT": state["lambda_endpoint"],
            "REDSHIFT_LOCAL_INVOCATIONS": str(self.home / "invocations.jsonl"),
            "REDSHIFT_LOCAL_POSTGRES_HOST": cluster["PGHOST"],
            "GEOCELL_PG_BINDIR": cluster["GEOCELL_PG_BINDIR"],
        }  # fmt: skip

    def full_environment(self) -> dict[str, str]:
        kept = {
            key: value
            for key, value in os.environ.items()
            if key not in ("PGHOSTADDR", "PGSERVICE", "PGOPTIONS", "PGPASSWORD")
        }
        return {**kept, **self.environment()}

    def start(self, args: argparse.Namespace) -> None:
        if self.state() is not None:
            return
        if args.lambda_endpoint:
            try:
                split_endpoint(args.lambda_endpoint)
            except ValueError as error:
                raise Problem(str(error)) from None
        if args.bootstrap and not os.access(args.bootstrap, os.X_OK):
            raise Problem(f"{args.bootstrap} is no program")
        if args.package and not zipfile.is_zipfile(args.package):
            raise Problem(f"{args.package} is not a zip file")
        self.cluster("start", *([args.build] if args.build else []))
        self.home.mkdir(exist_ok=True)
        self._prepare_database()
        bootstrap = Path(args.bootstrap).resolve() if args.bootstrap else None
        if args.package:
            shutil.rmtree(self.home / "package", ignore_errors=True)
            try:
                bootstrap = unpack_package(Path(args.package), self.home / "package")
            except ValueError as error:
                raise Problem(str(error)) from None
        command = [
            sys.executable,
            str(HERE / "redshift_local.py"),
            "serve",
            "--dir",
            str(self.folder),
            *forwarded(args, bootstrap),
        ]
        with (self.home / "server.log").open("ab") as log:
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        give_up = time.monotonic() + START_S
        while self.state() is None:
            if server.poll() is not None or time.monotonic() > give_up:
                raise Problem(f"the server does not start:\n{(self.home / 'server.log').read_text()[-2000:]}")
            time.sleep(0.02)

    def _prepare_database(self) -> None:
        environment = {**os.environ, **self.cluster_environment()}
        psql = [f"{environment['GEOCELL_PG_BINDIR']}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]

        def run(*arguments: str) -> str:
            result = subprocess.run([*psql, *arguments], env=environment, capture_output=True, text=True)
            if result.returncode:
                raise Problem(result.stderr.strip())
            return result.stdout.strip()

        if run("-At", "-c", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            return
        run("-c", f"CREATE DATABASE {TEMPLATE} IS_TEMPLATE true", "-c", f"CREATE ROLE {USER} SUPERUSER LOGIN")
        run("-d", TEMPLATE, "-f", str(HERE / "standin" / "catalog.sql"))
        run("-c", f"CREATE DATABASE {DATABASE} OWNER {USER} TEMPLATE {TEMPLATE}")

    def stop(self) -> None:
        state = self.state()
        if state is not None:
            os.kill(state["pid"], signal.SIGTERM)
            give_up = time.monotonic() + STOP_S
            while self.state() is not None or Path(f"/proc/{state['pid']}").exists() and not _is_zombie(state["pid"]):
                if time.monotonic() > give_up:
                    os.kill(state["pid"], signal.SIGKILL)
                    break
                time.sleep(0.02)
        shutil.rmtree(self.home, ignore_errors=True)
        self.cluster("stop")


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def forwarded(args: argparse.Namespace, bootstrap: Path | None) -> list[str]:
    """The server's own options, of those of start."""
    options = ["--slices", str(args.slices), "--port", str(args.port), "--timeout", str(args.timeout)]
    for name in args.function:
        options += ["--function", name]
    for setting in args.lambda_env:
        options += ["--lambda-env", setting]
    if args.large_strings:
        options.append("--large-strings")
    if args.rie:
        options += ["--rie", str(Path(args.rie).resolve())]
    return options + (
        ["--lambda-endpoint", args.lambda_endpoint] if args.lambda_endpoint else ["--bootstrap", str(bootstrap)]
    )


def run_server(instance: Instance, args: argparse.Namespace) -> None:
    environment = dict(setting.split("=", 1) for setting in args.lambda_env)
    if args.large_strings:
        environment.setdefault("GEOCELL_MAX_VALUE_BYTES", "16000000")
    cluster = instance.cluster_environment()
    serve(
        Options(
            folder=instance.home,
            socket=f"{cluster['PGHOST']}/.s.PGSQL.{cluster['PGPORT']}",
            bootstrap=Path(args.bootstrap) if args.bootstrap else None,
            lambda_endpoint=args.lambda_endpoint,
            functions=tuple(args.function) or ("geocell",),
            emulator=Path(args.rie) if args.rie else None,
            environment=environment,
            timeout_s=args.timeout,
            port=args.port,
            slices=args.slices,
            large_strings=args.large_strings,
            password=os.environ.get("REDSHIFT_LOCAL_PASSWORD"),
        )
    )


def load(instance: Instance, files: list[str]) -> None:
    environment = instance.full_environment()
    psql = [f"{environment['GEOCELL_PG_BINDIR']}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    for file in files:
        result = subprocess.run([*psql, "-f", file], env=environment, capture_output=True, text=True)
        if result.returncode:
            raise Problem(f"{file}: {result.stderr.strip()}")


def psql(instance: Instance, arguments: list[str]) -> int:
    environment = instance.full_environment()
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is psql's, which cancels a query with it
    return subprocess.run([f"{environment['GEOCELL_PG_BINDIR']}/psql", *arguments], env=environment).returncode


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", required=True)
    for verb, text in {
        "start": "start it in the background, with a PostgreSQL of its own",
        "stop": "stop it and remove everything that it made",
        "status": "exit code 0 when it runs",
        "env": "export lines for a shell: PGHOST PGPORT PGUSER PGDATABASE and more",
        "psql": "psql in it",
        "run": "a fresh one around a command",
        "session": "start it, load SQL files, psql, and stop it again; psql alone where it runs already",
        "serve": "the server itself, in the foreground; start calls it",
    }.items():
        verb_parser = verbs.add_parser(verb, help=text, description=text)
        verb_parser.add_argument("--dir", required=True, help="folder for everything that it makes")
        if verb in ("start", "run", "session", "serve"):
            what = verb_parser.add_mutually_exclusive_group(required=True)
            what.add_argument("--lambda-endpoint", metavar="URL", help="call this Lambda")
            what.add_argument("--package", metavar="ZIP", help="serve this Lambda package")
            what.add_argument("--bootstrap", metavar="FILE", help="serve this bootstrap")
            verb_parser.add_argument(
                "--function",
                action="append",
                default=[],
                metavar="NAME[=FILE]",
                help="name of a Lambda function, and its bootstrap where it is another one (default: geocell)",
            )
            verb_parser.add_argument(
                "--lambda-env",
                action="append",
                default=[],
                metavar="NAME=VALUE",
                help="environment of the Lambda functions",
            )
            verb_parser.add_argument(
                "--rie", metavar="FILE", help="run them in AWS's Runtime Interface Emulator, this program"
            )
            verb_parser.add_argument(
                "--timeout", type=float, default=60, metavar="SECONDS", help="of a Lambda invocation"
            )
            verb_parser.add_argument("--slices", type=int, default=2, help="batches under way at once (default: 2)")
            verb_parser.add_argument("--large-strings", action="store_true", help="VARCHAR of 16,000,000 bytes")
            verb_parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (default: a free one)")
            verb_parser.add_argument(
                "--build", metavar="DIR", help="install this build's extension into the PostgreSQL underneath"
            )
        if verb in ("session", "run"):
            verb_parser.add_argument("--load", action="append", default=[], metavar="FILE", help="SQL to run first")
        if verb in ("run", "psql", "session"):
            verb_parser.epilog = "-- COMMAND..." if verb == "run" else "-- what psql gets"
    return top


def main() -> int:
    words, arguments = sys.argv[1:], []
    if "--" in words:
        words, arguments = words[: words.index("--")], words[words.index("--") + 1 :]
    args = parser().parse_args(words)
    instance = Instance(args.dir)
    if args.verb == "serve":
        run_server(instance, args)
    elif args.verb == "start":
        instance.start(args)
        print(f"Redshift's stand-in runs on 127.0.0.1:{instance.state()['port']} (user {USER}, database {DATABASE})")
    elif args.verb == "stop":
        instance.stop()
    elif args.verb == "status":
        return 0 if instance.state() else 1
    elif args.verb == "env":
        for key, value in instance.environment().items():
            print(f"export {key}={shlex.quote(value)}")
    elif args.verb == "psql":
        return psql(instance, arguments)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        if args.verb == "session" and instance.state() is not None:
            return psql(instance, arguments)  # another session's, which stops it
        instance.stop()
        try:
            instance.start(args)
            load(instance, args.load)
            if args.verb == "session":
                return psql(instance, arguments)
            return subprocess.run(arguments, env=instance.full_environment()).returncode
        finally:
            instance.stop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        sys.exit(f"redshift_local: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
