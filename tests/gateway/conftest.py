"""Fixtures of the gateway's tests: AWS (cloud.py), Redshift's stand-in, and the program itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from emulators.aws.with_emulators import emulated_aws, emulated_redshift, gateway_settings

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("GEOCELL_BUILD", ROOT / "build" / "release"))
GEOCELL = BUILD / "gateway" / "geocell"
PACKAGE = Path(os.environ.get("GEOCELL_PACKAGE", BUILD / "tests" / "emulators" / "geocell-lambda.zip"))
FAST_AWS = ROOT / "tests" / "emulators" / "aws" / "fast_aws.py"
SECRETS = {"AWS_SECRET_ACCESS_KEY": "s3cr3t-of-aws-xyzzy", "RS_PASSWORD": "s3cr3t-of-redshift-plugh"}


@dataclass
class Result:
    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


class Cloud:
    def __init__(self, port: int, aws: str):
        self.url = f"http://127.0.0.1:{port}"
        self.aws = aws

    def _call(self, verb: str, body: dict | None = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/__test__/{verb}", data)) as answer:
            return json.load(answer)

    def reset(self) -> None:
        self._call("reset", {})

    def script(self, **order) -> None:
        self._call("script", order)

    def fail(self, *faults: dict) -> None:
        self.script(faults=list(faults))

    def wait_until_held(self) -> None:
        assert self._call("held", {})["held"], "no call was held back"

    def let_go(self) -> None:
        self._call("let_go", {})

    def state(self) -> dict:
        return self._call("log")

    def log(self) -> list[str]:
        return self.state()["log"]

    def clear_log(self) -> None:
        self.script(log=[], bodies=[])

    def writes(self) -> list[str]:
        """What was sent that changes something."""
        quiet = ("Get", "List", "Describe", "AssumeRole", "ExecuteStatement", "Invoke")
        return [name for name in self.log() if not name.split(".")[1].startswith(quiet)]

    def client(self, service: str):
        import boto3

        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="AKIDTEST",
                            aws_secret_access_key="test")


@pytest.fixture(scope="session")
def workplace():
    folder = Path(tempfile.mkdtemp(prefix="geocell-gateway-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cloud_process(workplace):
    shim = workplace / "aws"
    shim.symlink_to(BUILD / "tests" / "emulators" / "aws_shim")
    socket = f"{shim}.socket"
    zygote = subprocess.Popen([sys.executable, FAST_AWS, socket], stdout=subprocess.PIPE, text=True)
    assert zygote.stdout.readline() == "ready\n"
    try:
        with emulated_aws(workplace / "cloud.log") as port:
            yield Cloud(port, str(shim))
    finally:
        zygote.terminate()
        zygote.wait()


@pytest.fixture(scope="session")
def redshift_process(cloud_process):
    with emulated_redshift(cloud_process.url) as variables:
        yield variables


@pytest.fixture
def cloud(cloud_process):
    cloud_process.reset()
    return cloud_process


class Redshift:
    def __init__(self, variables: dict):
        self.variables = variables

    def sql(self, statement: str) -> list[str]:
        """Rows, columns apart by "|"."""
        environment = {**os.environ, **self.variables}
        result = subprocess.run([f"{self.variables['GEOCELL_PG_BINDIR']}/psql", "-X", "-q", "-A", "-t", "-v",
                                 "ON_ERROR_STOP=1", "-c", statement], env=environment, capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(result.stderr)
        return result.stdout.splitlines()

    def in_postgres(self, statement: str) -> list[str]:
        """Past the stand-in, in the PostgreSQL underneath."""
        environment = {**os.environ, "PGHOST": self.variables["REDSHIFT_LOCAL_POSTGRES_HOST"],
                       "PGDATABASE": self.variables["PGDATABASE"], "PGUSER": self.variables["PGUSER"]}
        environment.pop("PGPORT", None)
        return subprocess.run([f"{self.variables['GEOCELL_PG_BINDIR']}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c",
                               statement], env=environment, check=True, capture_output=True, text=True).stdout.splitlines()

    def functions(self, schema: str = "carto") -> list[str]:
        return self.sql("SELECT p.proname FROM pg_proc_info p JOIN pg_namespace n ON p.pronamespace = n.oid "
                        f"WHERE n.nspname = '{schema}' ORDER BY 1")


@pytest.fixture
def redshift(redshift_process):
    database = Redshift(redshift_process)
    schemas = database.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%carto%' OR nspname = 'mine'")
    for schema in schemas:
        database.sql(f'DROP SCHEMA "{schema}" CASCADE')
    return database


@pytest.fixture
def geocell(tmp_path, cloud_process):
    """Runs the program in an empty folder, with AWS at the emulator. start() returns the process at once."""

    def command_of(arguments, env: dict | None, package: Path | None = PACKAGE) -> tuple[list[str], dict]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "RS_", "GEOCELL_", "PG", "GIT_DIFF"))}
        environment |= {"AWS_ENDPOINT_URL": cloud_process.url, "AWS_ACCESS_KEY_ID": "AKIDTEST", **SECRETS, "GEOCELL_RETRY_DELAY_MS": "1",
                        "GEOCELL_RUN_SILENCE": "1", "TMPDIR": str(Path(cloud_process.aws).parent),
                        "GEOCELL_AWS_CLI": cloud_process.aws, "HOME": str(tmp_path)}
        environment |= env or {}
        environment = {key: value for key, value in environment.items() if value is not None}
        command = [str(GEOCELL), *(str(a) for a in arguments)]
        if "--package" not in command and package is not None:
            command += ["--package", str(package)]
        return command, environment

    def start(*arguments, env: dict | None = None) -> subprocess.Popen:
        command, environment = command_of(arguments, env)
        return subprocess.Popen(command, env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    def run(*arguments, env: dict | None = None, status: int | None = 0, cwd=None, input: str = "",
            package: Path | None = PACKAGE) -> Result:
        command, environment = command_of(arguments, env, package)
        result = subprocess.run(command, env=environment, cwd=cwd or tmp_path, input=input, capture_output=True, text=True)
        answer = Result(result.returncode, result.stdout, result.stderr)
        for secret in SECRETS.values():
            assert secret not in answer.text, "a secret in the output"
        if status is not None:
            assert answer.status == status, answer.text
        return answer

    run.start = start
    return run


@pytest.fixture
def settings(redshift):
    """The environment of a complete configuration."""
    return gateway_settings(redshift.variables)
