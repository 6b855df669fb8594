"""The other verbs: components, sandboxes, the Data API, invoke, logs, stats, template, packages, the installer."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pexpect
import pytest

from conftest import GEOCELL, PACKAGE, SECRETS

FEW = ("--functions", "quadbin_fromlonglat,quadbin_bbox")


# E12, E13, E17, E18, E30, E31
def test_what_aws_gets(geocell, cloud, redshift, settings):
    geocell("deploy", "--yes", *FEW, env=settings)
    function = cloud.client("lambda").get_function(FunctionName="carto-at-geocell")
    configuration = function["Configuration"]
    assert {key: configuration[key] for key in ("Runtime", "Handler", "MemorySize", "Timeout", "Architectures")} == {
        "Runtime": "provided.al2023", "Handler": "bootstrap", "MemorySize": 512, "Timeout": 300, "Architectures": ["x86_64"]}
    assert configuration["Role"] == "arn:aws:iam::123456789012:role/CartoATLambdaExecutionRole"
    assert configuration["Environment"]["Variables"] == {"GEOCELL_MAX_VALUE_BYTES": "65535"}
    assert function["Tags"] == {"geocell:deployment": "carto-at-"}
    iam = cloud.client("iam")
    assert iam.get_role(RoleName="CartoATLambdaExecutionRole")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {
        "Service": "lambda.amazonaws.com"}
    policy = iam.get_role_policy(RoleName="CartoATRedshiftInvokeRole", PolicyName="RedshiftLambdaInvokePolicy")["PolicyDocument"]
    assert policy["Statement"] == [{"Effect": "Allow", "Action": "lambda:InvokeFunction",
                                    "Resource": ["arn:aws:lambda:us-east-1:123456789012:function:carto-at-geocell"]}]
    policy = json.loads(cloud.client("lambda").get_policy(FunctionName="carto-at-geocell")["Policy"])
    assert policy["Statement"][0]["Sid"] == "redshift-invoke"
    principal = policy["Statement"][0]["Principal"]  # AWS wraps it, moto does not
    assert (principal["AWS"] if isinstance(principal, dict) else principal) == "arn:aws:iam::123456789012:role/CartoATRedshiftInvokeRole"
    assert cloud.client("logs").describe_log_groups()["logGroups"][0]["retentionInDays"] == 30
    sql = redshift.sql("SELECT create_sql FROM carto.geocell_registry WHERE object LIKE '\\_\\_quadbin\\_bbox%'")[0]
    assert "LAMBDA 'carto-at-geocell'" in sql  # E17: no version


def test_dry_run_sends_nothing(geocell, cloud, redshift, settings):
    result = geocell("deploy", *FEW, "--dry-run", env=settings)
    assert "would call: aws lambda create-function" in result.out
    assert 'would run: CREATE SCHEMA IF NOT EXISTS "carto"' in result.out
    assert cloud.writes() == []
    assert redshift.sql("SELECT COUNT(*) FROM pg_namespace WHERE nspname = 'carto'") == ["0"]


# E16
def test_override_0_leaves_the_lambda(geocell, cloud, redshift, settings, tmp_path):
    geocell("deploy", "--yes", *FEW, env=settings)
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("bootstrap", "another")
    before = cloud.client("lambda").get_function(FunctionName="carto-at-geocell")["Configuration"]["CodeSha256"]
    result = geocell("deploy", "--yes", *FEW, "--package", other, env=settings | {"RS_LAMBDA_OVERRIDE": "0"})
    assert "stays as it is (RS_LAMBDA_OVERRIDE=0)" in result.out
    assert cloud.client("lambda").get_function(FunctionName="carto-at-geocell")["Configuration"]["CodeSha256"] == before
    plan = geocell("plan", *FEW, "--package", other, env=settings).out
    assert "~ Lambda carto-at-geocell: code " in plan and "to change 1" in plan


# E22, E23, E24
def test_parts(geocell, cloud, redshift, settings):
    result = geocell("deploy-functions", "--yes", env={"RS_HOST": "h"}, status=1)
    assert "Missing required settings for Redshift: RS_DATABASE, RS_USER" in result.err
    geocell("deploy-lambdas", "--yes", *FEW, env=settings)
    assert redshift.functions() == []
    geocell("deploy-functions", "--yes", *FEW, env=settings)
    assert "quadbin_bbox" in redshift.functions()
    result = geocell("deploy", "--yes", *FEW, env=settings | {"RS_DATABASE": None})
    assert "Redshift is not configured (RS_DATABASE): Lambdas only" in result.err


def test_update_of_one_component(geocell, cloud, redshift, settings, tmp_path):
    geocell("deploy", "--yes", *FEW, env=settings)
    cloud.client("lambda").update_function_configuration(FunctionName="carto-at-geocell", MemorySize=1024)
    assert "no changes" in geocell("update", "-c", "sql", *FEW, "--yes", env=settings).out
    assert "no changes" in geocell("update", "-c", "roles", *FEW, "--yes", env=settings).out
    # A part of the functions never lowers what the others may need; all of them decide.
    assert "no changes" in geocell("update", "-c", "config", *FEW, "--yes", env=settings).out
    assert "MemorySize 1024 → 512" in geocell("plan", "-c", "config", env=settings).out


# Sandboxes
def test_sandboxes(geocell, cloud, redshift, settings):
    geocell("deploy", "--yes", *FEW, env=settings)
    geocell("deploy", "--yes", *FEW, "--sandbox", "ann", env=settings)
    geocell("deploy", "--yes", *FEW, "--sandbox", "bob", env=settings)
    found = json.loads(geocell("sandbox", "list", "--json", env=settings).out)
    assert sorted((s["sandbox"], s["schema"], s["lambda"]) for s in found) == [
        ("ann", "ann_carto", "ann-carto-at-geocell"), ("bob", "bob_carto", "bob-carto-at-geocell")]
    assert redshift.sql("SELECT ann_carto.quadbin_fromlonglat(-3.7038, 40.4168, 4)") == ["5207251884775047167"]
    geocell("sandbox", "delete", "ann", "--yes", env=settings)
    names = sorted(f["FunctionName"] for f in cloud.client("lambda").list_functions()["Functions"])
    assert names == ["bob-carto-at-geocell", "carto-at-geocell"]
    assert redshift.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%carto%' ORDER BY 1") == ["bob_carto", "carto"]
    result = geocell("remove", "--yes", env=settings, status=1)
    assert "This removes production (schema carto, Lambda prefix carto-at-)" in result.err
    assert "quadbin_bbox" in redshift.functions()
    assert "exclude each other" in geocell("deploy", "--yes", "--production", "--sandbox", "x", env=settings, status=1).err


def test_privileges(geocell, cloud, redshift, settings):
    env = settings | {"GEOCELL_GRANT_TO": "public"}
    geocell("deploy", "--yes", *FEW, env=env)
    assert "no changes" in geocell("plan", *FEW, env=env).out
    assert redshift.sql("SELECT has_schema_privilege('public', 'carto', 'usage')") == ["t"]
    plan = json.loads(geocell("plan", *FEW, "--json", env=env | {"GEOCELL_GRANT_TO": "public, awsuser"}).out)["changes"]
    assert plan[0] == {"action": "change", "component": "sql", "object": "schema carto", "detail": "privileges"}
    assert {change["detail"] for change in plan} == {"privileges"}


def test_remove_takes_no_filters(geocell, cloud):
    assert "and no filters" in geocell("remove", "--yes", "--production", *FEW, status=1).err
    assert cloud.log() == []


# The Data API: every statement by itself, states awaited
def test_data_api(geocell, cloud, redshift, settings):
    cloud.script(data_api_database={**os.environ, **redshift.variables}, data_api_polls=1)
    env = {"RS_CLUSTER_ID": "analytics", "RS_DATABASE": "dev", "RS_USER": "awsuser", "GEOCELL_VIA": "data-api"}
    result = geocell("deploy", "--yes", "--functions", "quadbin_fromlonglat", env=env)
    assert "= 5207251884775047167" in result.out
    assert "no changes" in geocell("plan", "--functions", "quadbin_fromlonglat", env=env).out
    redshift.sql("DROP FUNCTION carto.quadbin_fromlonglat(double precision, double precision, integer)")
    redshift.sql("CREATE FUNCTION carto.quadbin_fromlonglat(double precision, double precision, integer) RETURNS INTEGER STABLE "
                 "AS $$ SELECT 1 $$ LANGUAGE sql")
    redshift.sql("DELETE FROM carto.geocell_registry WHERE object LIKE 'quadbin%'")
    assert "exists and geocell did not make it" in geocell("plan", "--functions", "quadbin_fromlonglat", env=env, status=1).err
    cloud.fail({"call": "redshift-data.DescribeStatement", "status": 400, "code": "ValidationException", "message": "gone", "times": 9})
    assert "ValidationException: gone" in geocell("plan", env=env, status=1).err


def test_serverless(geocell, cloud, redshift, settings):
    env = settings | {"RS_CLUSTER_ID": None, "RS_WORKGROUP": "spatial"}
    cloud.script(workgroups={"spatial": {"namespace": "names", "roles": ["arn:aws:iam::123456789012:role/theirs"]}})
    geocell("deploy", "--yes", *FEW, env=env)
    assert cloud.state()["workgroups"]["spatial"]["roles"] == ["arn:aws:iam::123456789012:role/theirs",
                                                         "arn:aws:iam::123456789012:role/CartoATRedshiftInvokeRole"]


def test_invoke_logs_stats(geocell, cloud, redshift, settings, tmp_path):
    answer = json.loads(geocell("invoke", "--function", "quadbin_fromlonglat", "--args", "-3.7038", "40.4168", "4").out)
    assert answer == {"success": True, "num_records": 1, "results": [5207251884775047167]}
    failed = geocell("invoke", "--function", "quadbin_bbox", "--args", "1", status=1)
    assert json.loads(failed.out)["success"] is False
    geocell("deploy", "--yes", *FEW, env=settings)
    payload = tmp_path / "payload.json"
    payload.write_text(json.dumps({"external_function": "carto.__quadbin_fromlonglat", "num_records": 2,
                                   "arguments": [["-3.7038", "40.4168", 4], None]}))
    answer = json.loads(geocell("invoke", "--aws", "--payload", payload, env=settings).out)
    assert answer["results"] == [5207251884775047167, None]
    logs = cloud.client("logs")
    logs.create_log_stream(logGroupName="/aws/lambda/carto-at-geocell", logStreamName="s")
    import time
    logs.put_log_events(logGroupName="/aws/lambda/carto-at-geocell", logStreamName="s",
                        logEvents=[{"timestamp": int(time.time() * 1000), "message": "quadbin_bbox 3 rows"}])
    assert "quadbin_bbox 3 rows" in geocell("logs", env=settings).out
    assert "There is no log" in geocell("logs", "--rs-lambda-prefix", "other-", env=settings, status=1).err


def test_stats(geocell, cloud, redshift, settings):
    """Redshift's view, with the columns that AWS documents."""
    redshift.sql("CREATE TABLE public.sys_ludf_detail (query_id BIGINT, lambda_function_name VARCHAR(256), total_duration BIGINT, "
                 "invocations BIGINT, total_rows BIGINT, input_bytes BIGINT, output_bytes BIGINT)")
    try:
        assert geocell("stats", env=settings).out == "no Lambda calls are on record\n"
        redshift.sql("INSERT INTO public.sys_ludf_detail VALUES (1, 'carto-at-geocell', 10, 1, 100, 1000, 500), "
                     "(2, 'carto-at-geocell', 20, 2, 200, 2000, 700), (3, 'another', 1, 1, 1, 1, 1)")
        assert json.loads(geocell("stats", "--json", env=settings).out) == [
            {"lambda": "carto-at-geocell", "queries": "2", "invocations": "3", "rows": "300", "input_bytes": "3000",
             "output_bytes": "1200", "duration_us": "30"}]
    finally:
        redshift.sql("DROP TABLE public.sys_ludf_detail")


def test_template_passes_cfn_lint(geocell, tmp_path):
    geocell("template", "--out", tmp_path / "t.json")
    lint = subprocess.run([Path(sys.executable).with_name("cfn-lint"), tmp_path / "t.json"], capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    resources = json.loads((tmp_path / "t.json").read_text())["Resources"]
    assert sorted(resource["Type"] for resource in resources.values()) == [
        "AWS::IAM::Role", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Logs::LogGroup"]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# E28; twice the same bytes: test_image
def test_build(geocell, tmp_path):
    geocell("build", "--out", tmp_path / "a.zip")
    assert digest(tmp_path / "a.zip") == digest(PACKAGE)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.getinfo("bootstrap").external_attr >> 16 & 0o777 == 0o755


# D1, D2, D4
@pytest.fixture(scope="module")
def distribution(tmp_path_factory):
    folder = tmp_path_factory.mktemp("distribution")
    subprocess.run([GEOCELL, "create-package", folder, "--package", PACKAGE, "--version", "9.8.7"], check=True, stdout=subprocess.DEVNULL)
    archive = folder / "geocell-redshift-9.8.7.zip"
    subprocess.run(["cmake", "-E", "tar", "xf", archive], cwd=folder, check=True)
    return folder / "geocell-redshift-9.8.7"


def test_distribution_needs_nothing_of_the_clone(distribution, tmp_path):
    top = {path.name for path in distribution.iterdir()}
    assert top == {"README.md", "VERSION", "bin", "geocell", "lib", "share", "sql"}
    assert (distribution / "VERSION").read_text() == "9.8.7\n"
    assert digest(distribution / "share/geocell/geocell-lambda-x86_64.zip") == digest(PACKAGE)
    assert {path.name for path in (distribution / "sql").iterdir()} == {"functions.sql", "drop.sql"}
    run = subprocess.run([distribution / "geocell", "validate"], cwd=tmp_path, env={"PATH": "/nowhere"}, capture_output=True, text=True)
    assert run.stdout.startswith("✓ All ")
    run = subprocess.run([distribution / "geocell", "config"], cwd=tmp_path, env={"PATH": "/nowhere"}, capture_output=True, text=True)
    assert str(distribution / "share/geocell/geocell-lambda-x86_64.zip") in run.stdout


# D3
def test_package_hook(geocell, tmp_path):
    """It may add and change; what it leaves is the package. One that fails is an error, not something to go on after."""
    hook = tmp_path / "hook"
    hook.write_text("#!/bin/sh\nset -eu\ncd \"$1\"\necho 'Ask the GIS team.' >>README.md\nmkdir ours\necho 1 >ours/tool\nchmod +x ours/tool\n"
                    "rm sql/drop.sql\n")
    hook.chmod(0o755)
    geocell("create-package", tmp_path / "a", "--version", "9.8.7", "--hook", hook)
    with zipfile.ZipFile(tmp_path / "a" / "geocell-redshift-9.8.7.zip") as archive:
        files = {name.removeprefix("geocell-redshift-9.8.7/"): archive.getinfo(name) for name in archive.namelist()}
        assert archive.read(files["README.md"]).endswith(b"Ask the GIS team.\n")
    assert {"ours/tool", "sql/functions.sql", "geocell"} <= set(files) and "sql/drop.sql" not in files
    assert [name for name in ("geocell", "ours/tool", "README.md") if files[name].external_attr >> 16 & 0o111] == ["geocell", "ours/tool"]
    hook.write_text("#!/bin/sh\nexit 3\n")
    result = geocell("create-package", tmp_path / "c", "--hook", hook, status=1)
    assert f"The package hook {hook} failed (exit status 3); no package was written" in result.err
    assert not (tmp_path / "c").exists()
    assert "none is not an executable program" in geocell("create-package", tmp_path / "c", "--hook", tmp_path / "none", status=1).err


# D7
def test_install_without_questions_names_what_is_missing(geocell):
    result = geocell("install", "--yes", env={"RS_PASSWORD": None}, status=1)
    assert result.err.count("  • ") == 4
    assert "  • --rs-host" in result.err
    assert "Nobody is there to answer" in geocell("install", status=1).err


# D5, D8, D10
def test_install_without_questions(geocell, cloud, redshift, settings, tmp_path):
    geocell("install", "--dry-run", "--yes", *FEW, env=settings)
    assert not (tmp_path / ".env").exists() and cloud.writes() == []
    geocell("install", "--yes", *FEW, env=settings)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    text = (tmp_path / ".env").read_text()
    assert not any(secret in text for secret in SECRETS.values())
    assert redshift.sql("SELECT carto.quadbin_fromlonglat(-3.7038, 40.4168, 4)") == ["5207251884775047167"]


# D6: CARTO's questions in CARTO's order, through a terminal.
def test_install_dialogue(cloud, redshift, settings, tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_ENDPOINT_URL": cloud.url, "GEOCELL_AWS_CLI": cloud.aws,
                   "GEOCELL_RETRY_DELAY_MS": "1", "LC_ALL": "C.UTF-8", "RS_CLUSTER_ID": "analytics"}
    child = pexpect.spawn(str(GEOCELL), ["install", *FEW, "--package", str(PACKAGE)], env=environment, cwd=str(tmp_path), timeout=60,
                          encoding="utf-8")
    answers = [("Method", "2"), ("AWS region", ""), ("Access key id", "AKIDTEST"), ("Secret access key", "s3cr3t-of-aws-xyzzy"),
               ("Prefix of Lambda", "bad prefix"), ("Invalid Lambda prefix 'bad prefix'.*Prefix of Lambda", "dev-"),
               ("Lambda's role", ""), ("Update the Lambda", "maybe"), ("Please answer y or n", "y"),
               ("Redshift host", settings["RS_HOST"]), ("Redshift port", settings["RS_PORT"]), ("Require TLS", "n"),
               ("Redshift user", settings["RS_USER"]), ("Redshift password", "s3cr3t-of-redshift-plugh"),
               ("Redshift database", settings["RS_DATABASE"]), ("Schema", "a;b"), ("Invalid schema name 'a;b'.*Schema", ""),
               ("role by which Redshift invokes", ""), ("Install\\?", "y"), ("Keep the secrets", "n")]
    screen = ""
    for question, answer in answers:
        child.expect(question)
        screen += child.before + child.after
        child.sendline(answer)
    child.expect(pexpect.EOF)
    screen += child.before
    child.close()
    assert child.exitstatus == 0, screen
    assert "s3cr3t" not in screen
    text = (tmp_path / ".env").read_text()
    assert "RS_LAMBDA_PREFIX='dev-'" in text and "s3cr3t" not in text
    assert cloud.client("lambda").get_function(FunctionName="dev-geocell")


@pytest.fixture
def terminal(cloud, redshift, settings, tmp_path):
    """A verb on a terminal."""
    def start(*arguments, **env):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "AWS_ENDPOINT_URL": cloud.url,
                       "GEOCELL_AWS_CLI": cloud.aws, "AWS_ACCESS_KEY_ID": "AKIDTEST", "GEOCELL_RETRY_DELAY_MS": "1", **SECRETS, **settings, **env}
        return pexpect.spawn(str(GEOCELL), [*arguments, "--package", str(PACKAGE)], env=environment, cwd=str(tmp_path), timeout=60,
                             encoding="utf-8")

    return start


def end(child) -> str:
    child.expect(pexpect.EOF)
    child.close()
    return child.before


def test_a_no_changes_nothing(terminal, cloud, redshift):
    child = terminal("deploy", *FEW)
    child.expect("Deploy\\? \\[Y/n\\]")
    child.sendline("n")
    assert "Nothing was deployed." in end(child)
    assert child.exitstatus == 0
    assert cloud.writes() == []


def test_removing_production_asks_for_its_name(terminal, geocell, cloud, redshift, settings):
    geocell("deploy", "--yes", *FEW, env=settings)
    child = terminal("remove")
    child.expect("Type the schema's name to go on: ")
    child.sendline("yes")
    assert "Nothing was removed." in end(child)
    assert child.exitstatus == 0
    assert "quadbin_bbox" in redshift.functions()


def test_undo_is_offered_after_a_failure(terminal, cloud, redshift):
    cloud.fail({"call": "lambda.CreateFunction", "status": 400, "code": "CodeStorageExceededException", "message": "full"})
    child = terminal("deploy", *FEW)
    child.expect("Deploy\\?")
    child.sendline("y")
    child.expect("CodeStorageExceededException: full")
    child.expect("Undo what this run has done\\? \\[y/N\\]")
    child.sendline("y")
    assert "undone: create role CartoATLambdaExecutionRole" in end(child)
    assert child.exitstatus == 1
    assert cloud.client("iam").list_roles()["Roles"] == []
