#!/usr/bin/env python3
"""Runs a command with AWS and Redshift emulated on this machine: with_emulators.py BUILD COMMAND...

    tests/emulators/aws/with_emulators.py build/release make deploy cloud=redshift EXTRA_CLI_ARGS=--yes
    tests/emulators/aws/with_emulators.py build/release bash        # then geocell, and psql in the stand-in

The environment of the command is a complete configuration of the gateway; psql finds the stand-in. Everything is gone
when the command ends. Needs scripts/test_tools.sh to have run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
STANDIN = TESTS / "emulators" / "redshift" / "redshift_local.py"
TOOLS = TESTS.parent / "build" / "tools" / "python" / "bin"


@contextmanager
def emulated_aws(log: Path):
    """Gives the port of cloud.py."""
    with log.open("w") as output:
        # What it unpacks goes where the log goes.
        cloud = subprocess.Popen([sys.executable, "-B", "-m", "emulators.aws.cloud"], stdout=subprocess.PIPE, text=True, stderr=output,
                                 env={**os.environ, "PYTHONPATH": str(TESTS), "TMPDIR": str(log.parent)})
    try:
        line = cloud.stdout.readline()
        if not line:
            raise RuntimeError(f"the emulator of AWS does not start:\n{log.read_text()}")
        yield int(line)
    finally:
        cloud.terminate()
        cloud.wait()


@contextmanager
def emulated_redshift(lambda_endpoint: str):
    """Gives the environment in which psql finds it. Its Lambda calls go to `lambda_endpoint`."""
    # A short folder of its own: a socket's path has a limit, and PostgreSQL's user must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="gw-rs-", dir="/tmp"))
    folder.chmod(0o755)
    run = [sys.executable, str(STANDIN)]
    try:
        subprocess.run([*run, "start", "--dir", folder, "--lambda-endpoint", lambda_endpoint], check=True, stdout=subprocess.DEVNULL)
        lines = subprocess.run([*run, "env", "--dir", folder], check=True, capture_output=True, text=True).stdout
        variables = dict(line.removeprefix("export ").split("=", 1) for line in lines.splitlines())
        yield {key: value.strip("'\"") for key, value in variables.items()}
    finally:
        subprocess.run([*run, "stop", "--dir", folder], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def gateway_settings(postgres: dict) -> dict:
    return {"RS_HOST": "127.0.0.1", "RS_PORT": postgres["PGPORT"], "RS_USER": postgres["PGUSER"], "RS_SSL": "0",
            "RS_DATABASE": postgres["PGDATABASE"], "RS_CLUSTER_ID": "analytics"}


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    python = TOOLS / "python"
    if Path(sys.executable) != python:
        os.execv(python, [str(python), "-B", *sys.argv])
    build, command = Path(sys.argv[1]).resolve(), sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix="geocell-emulators-") as folder, emulated_aws(Path(folder) / "cloud.log") as port:
        url = f"http://127.0.0.1:{port}"
        with emulated_redshift(url) as postgres:
            # Last: its pg_config is not the one to build for.
            path = f"{build / 'gateway'}:{TOOLS}:{os.environ['PATH']}:{postgres['GEOCELL_PG_BINDIR']}"
            environment = {**os.environ, **postgres, **gateway_settings(postgres), "RS_PASSWORD": "not-asked", "AWS_ENDPOINT_URL": url,
                           "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "not-checked", "AWS_REGION": "us-east-1",
                           "GEOCELL_RETRY_DELAY_MS": "100", "PATH": path}
            return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
