"""Settings: precedence and origin, CARTO's variables, hostile values, secrets."""

import json
import os
import stat
import subprocess
import time

import pytest

from conftest import GEOCELL, PACKAGE, SECRETS


def config(geocell, *arguments, **more):
    rows = json.loads(geocell("config", "--json", *arguments, **more).out)
    return {row["name"]: (row["value"], row["origin"]) for row in rows}


# E1, E2
def test_origin_of_every_value(geocell, tmp_path):
    (tmp_path / ".env").write_text("RS_HOST=first\nRS_USER=one\nRS_DATABASE='d b'\n")
    (tmp_path / "gateway").mkdir()
    (tmp_path / "gateway" / ".env").write_text("# gateway\nRS_USER=two\nRS_PORT=6000\n")
    values = config(geocell, "--rs-schema", "mine", env={"RS_PORT": "7000"})
    assert values["RS_HOST"] == ("first", ".env:1")
    assert values["RS_USER"] == ("two", "gateway/.env:2")
    assert values["RS_DATABASE"] == ("d b", ".env:3")
    assert values["RS_PORT"] == ("7000", "environment")
    assert values["RS_SCHEMA"] == ("mine", "command line")
    assert values["AWS_REGION"] == ("us-east-1", "default")
    assert values["RS_LAMBDA_PREFIX"] == ("carto-at-", "default")
    assert values["RS_PASSWORD"] == ("****", "environment")


VARIABLES = ["AWS_REGION", "AWS_PROFILE", "AWS_ASSUME_ROLE_ARN", "RS_LAMBDA_PREFIX", "RS_LAMBDA_EXECUTION_ROLE", "RS_HOST", "RS_USER",
             "RS_DATABASE", "RS_SCHEMA", "RS_PREFIX", "RS_LAMBDA_INVOKE_ROLE", "AWS_ACCESS_KEY_ID"]


def test_every_variable_from_everywhere(geocell, tmp_path):
    """E2: by .env, environment and option, in this order of precedence."""
    clean = {name: None for name in VARIABLES}
    (tmp_path / "a.env").write_text("".join(f"{name}=file\n" for name in VARIABLES))
    values = config(geocell, "--env-file", tmp_path / "a.env", env=clean)
    assert {values[name] for name in VARIABLES} <= {("file", f"{tmp_path}/a.env:{n}") for n in range(1, 20)}
    values = config(geocell, "--env-file", tmp_path / "a.env", env={name: "env" for name in VARIABLES})
    assert {values[name] for name in VARIABLES} == {("env", "environment")}
    options = [word for name in VARIABLES for word in ("--" + name.lower().replace("_", "-"), "opt")]
    values = config(geocell, *options, env={name: "env" for name in VARIABLES})
    assert {values[name] for name in VARIABLES} == {("opt", "command line")}


def test_default_credentials_are_said(geocell):
    result = geocell("config", env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None})
    assert "Using default AWS credentials from environment" in result.err


# E3
def test_schema(geocell):
    assert config(geocell)["schema"] == ("carto", "from default")
    assert config(geocell, env={"RS_PREFIX": "dev_"})["schema"] == ("dev_carto", "from RS_PREFIX")
    assert config(geocell, env={"RS_PREFIX": "dev_", "RS_SCHEMA": "Mine"})["schema"] == ("mine", "from RS_SCHEMA")


def test_sandbox_derives_names(geocell):
    values = config(geocell, "--sandbox", "ann")
    assert values["schema"] == ("ann_carto", "from default, sandbox ann")
    assert values["Lambda prefix"][0] == "ann-carto-at-"
    assert values["execution role"][0] == "AnnCartoATLambdaExecutionRole"


# E4, and "hostile configuration is refused with nothing sent"
@pytest.mark.parametrize("env, text", [
    ({"RS_SCHEMA": "a;drop"}, "Invalid schema name 'a;drop'"),
    ({"RS_SCHEMA": "x" * 128}, "Invalid schema name"),
    ({"RS_SCHEMA": "carto\n"}, "Invalid schema name"),
    ({"RS_PREFIX": "1"}, "Invalid schema name '1carto'"),
    ({"RS_LAMBDA_PREFIX": "p" * 200}, "Lambda function name too long"),
    ({"RS_LAMBDA_PREFIX": "a b/$(id)"}, "Invalid Lambda prefix 'a b/$(id)'"),
    ({"RS_PORT": "70000"}, "Invalid RS_PORT '70000'"),
    ({"RS_PORT": "5439; x"}, "Invalid RS_PORT"),
    ({"RS_SSL": "maybe"}, "Invalid RS_SSL 'maybe'"),
    ({"GEOCELL_SANDBOX": "../x"}, "Invalid sandbox name"),
    ({"GEOCELL_VIA": "telnet"}, "Invalid GEOCELL_VIA 'telnet'"),
    ({"AWS_SECRET_ACCESS_KEY": None}, "belong together"),
    ({"RS_LAMBDA_INVOKE_ROLE": "x' ; DROP"}, "x' ; DROP"),
    ({"GEOCELL_GRANT_TO": "role:"}, "GEOCELL_GRANT_TO"),
])
@pytest.mark.parametrize("verb", ["deploy", "plan"])
def test_hostile_values_send_nothing(geocell, cloud, redshift, settings, env, text, verb):
    result = geocell(verb, "--yes", env=settings | env, status=1)
    assert text in result.err
    assert cloud.writes() == []
    assert redshift.functions() == []


def test_names_in_sql_are_quoted(geocell):
    out = geocell("sql", "--functions", "quadbin_bbox", env={"GEOCELL_GRANT_TO": 'a"b'}).out
    assert 'TO "a""b"' in out


@pytest.mark.parametrize("text", ["RS_SCHEMA", "RS_SCHEMA='x", "RS_SCHEMA=\"x\\q\"", "RS_SCHEMA=${HOME}", "=x", "RS SCHEMA=x"])
def test_bad_env_file(geocell, cloud, tmp_path, text):
    (tmp_path / ".env").write_text("RS_HOST=h\n" + text + "\n")
    result = geocell("deploy", "--yes", status=1)
    assert ".env:2: " in result.err
    assert cloud.log() == []


def test_unreadable_env_file(geocell, cloud, tmp_path):
    assert "cannot read" in geocell("config", "--env-file", tmp_path / "none.env", status=1).err
    (tmp_path / ".env").mkdir()
    assert "cannot read" in geocell("deploy", "--yes", status=1).err
    assert cloud.log() == []


def test_env_file_with_quotes_and_spaces(geocell, tmp_path):
    (tmp_path / ".env").write_text("export RS_HOST = 'a b'\nRS_USER=\"it's\"  # who\nRS_DATABASE=x y \n")
    values = config(geocell)
    assert [values[name][0] for name in ("RS_HOST", "RS_USER", "RS_DATABASE")] == ["a b", "it's", "x y"]


def test_unknown_setting_and_open_secret_are_warned_of(geocell, tmp_path):
    (tmp_path / ".env").write_text("RS_PASSWRD=x\nRS_PASSWORD=y\n")
    (tmp_path / ".env").chmod(0o644)
    err = geocell("config").err
    assert ".env:1: unknown setting RS_PASSWRD" in err
    assert "chmod 600" in err
    (tmp_path / ".env").chmod(0o600)
    assert "chmod 600" not in geocell("config").err


@pytest.mark.parametrize("option", ["--rs-password", "--aws-secret-access-key", "--aws-session-token"])
def test_secrets_are_refused_on_the_command_line(geocell, cloud, option):
    result = geocell("deploy", option, "hunter2", status=1)
    assert "does not belong on a command line" in result.err
    assert "hunter2" not in result.text
    assert cloud.log() == []


# E5
def test_assumed_role_signs_the_calls(geocell, cloud, settings):
    geocell("plan", env={"AWS_ASSUME_ROLE_ARN": "arn:aws:iam::123456789012:role/deployer"})
    assert cloud.log()[:2] == ["sts.AssumeRole", "sts.GetCallerIdentity"]
    assert "RoleSessionName=carto_at_deployer" in cloud.state()["bodies"][0]


# E6, E7: CARTO's limits warn, AWS's refuse.
def test_name_limits(geocell, cloud):
    assert "characters; CARTO's gateway would refuse more than 10" in geocell("config", env={"RS_LAMBDA_PREFIX": "elevenchars"}).err
    assert "CARTO" not in geocell("config", env={"RS_LAMBDA_PREFIX": "tenchars--"}).err
    name = "Lambda name {} has {} characters; CARTO's gateway would refuse more than 17"
    plan = geocell("plan", env={"RS_LAMBDA_PREFIX": "tenchars--"}).out  # 10 + 7 = 17
    assert "characters" not in plan
    plan = geocell("plan", env={"RS_LAMBDA_PREFIX": "elevenchars"}).out
    assert name.format("elevencharsgeocell", 18) in plan


def test_no_secret_in_log_or_process_list(geocell, cloud, redshift, settings, tmp_path):
    """--verbose shows every call; what the processes of the run were started with is read from /proc on the way."""
    environment = {**os.environ, "AWS_ENDPOINT_URL": cloud.url, "AWS_ACCESS_KEY_ID": "AKIDTEST", **SECRETS, **settings,
                   "GEOCELL_AWS_CLI": cloud.aws, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen([GEOCELL, "plan", "--verbose", "--package", PACKAGE], env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    seen = set()
    while process.poll() is None:
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    seen.add(open(f"/proc/{entry}/cmdline", "rb").read())
                except OSError:
                    pass
        time.sleep(0.005)
    output = process.stdout.read()
    assert any(b"get-role" in line for line in seen), "the AWS CLI was seen"
    assert b"aws iam get-role" in output
    for secret in SECRETS.values():
        assert not any(secret.encode() in line for line in seen)
        assert secret.encode() not in output
    assert list(tmp_path.iterdir()) == []  # no request is left behind


def test_check(geocell, cloud, redshift, settings):
    """E10"""
    result = geocell("check", env=settings)
    assert "✗" not in result.out
    for line in ("✓ AWS identity", "✓ Redshift's state   cluster analytics is available".replace("   ", " "), "✓ privileges"):
        assert line.split(" ", 1)[1].split()[0] in result.out
    assert "⚠ large strings     off" in result.out
    assert result.out.splitlines()[0] == "-" * 70
    wrong = geocell("check", env=settings | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, status=1)
    assert "✗ AWS identity" in wrong.out
    assert stat.S_ISREG(os.stat(GEOCELL).st_mode)
