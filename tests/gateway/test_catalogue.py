"""list, show, validate, sql: what the signature files say, without AWS."""

import json
import resource
import shutil
import subprocess

import pytest

from conftest import GEOCELL, ROOT

FUNCTIONS = ROOT / "sql" / "functions"


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    shutil.copytree(FUNCTIONS, folder)
    return folder


def edit(tree, name, *changes):
    path = next(tree.glob(f"*/{name}.yaml"))
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)
    return path


# V1, E11
def test_list(geocell):
    lines = geocell("list", "--modules", "s2").out.splitlines()
    assert lines[0] == "[s2]"
    assert lines[1:] == sorted(lines[1:])
    assert {line.strip() for line in lines[1:]} == {path.stem for path in (FUNCTIONS / "s2").glob("*.yaml")}
    assert geocell("list-functions", "--functions", "S2_CENTER").out == "[s2]\n  s2_center\n"
    assert json.loads(geocell("list", "--json", "--functions", "s2_center").out) == [{"module": "s2", "name": "s2_center"}]
    assert "No module 'h3'; there are: core quadbin s2" in geocell("list", "--modules", "h3", status=1).err


def test_diff(geocell):
    """E25: GIT_DIFF; unset is all, empty is none."""
    everything = geocell("list").out
    assert geocell("list", "--diff").out == everything
    assert geocell("list", "--diff", env={"GIT_DIFF": "core/src/s2/ids.cpp"}).out == everything
    assert geocell("list", "--diff", env={"GIT_DIFF": "sql/functions/s2/s2_center.yaml README.md"}).out == "[s2]\n  s2_center\n"
    none = geocell("list", "--diff", env={"GIT_DIFF": ""})
    assert none.out == "" and "No functions found" in none.err


# V2
def test_include_root(geocell, tmp_path, tree):
    extra = tmp_path / "extra" / "s2"
    extra.mkdir(parents=True)
    shutil.move(tree / "s2" / "s2_center.yaml", extra / "s2_center.yaml")
    assert "s2_center" not in geocell("list", "--functions-root", tree).out
    assert "s2_center" in geocell("list", "--functions-root", tree, "--include-root", tmp_path / "extra").out
    assert geocell("validate", "--functions-root", tree, "--include-root", tmp_path / "extra").out.startswith("✓ All ")
    shutil.copy(extra / "s2_center.yaml", tree / "s2")
    assert "s2_center is already defined in" in geocell("validate", "--functions-root", tree, "--include-root", tmp_path / "extra", status=1).out


# V3, S4: what a function has, defaults included
def test_show(geocell):
    shown = json.loads(geocell("show", "quadbin_kring", "--json").out)
    assert shown["module"] == "quadbin"
    assert [p["name"] for p in shown["parameters"]] == ["origin", "size"]
    assert shown["lambda"]["memory_mb"] == 512 and shown["lambda"]["timeout_s"] == 300
    assert isinstance(shown["lambda"]["max_batch_rows"], int)
    assert shown["lambda"]["retry_timeout_ms"] == "Redshift's default"
    assert "quadbin_kring(origin bigint, size integer) bigint[]" in geocell("show", "quadbin_kring").out
    assert "No function 'nothing'" in geocell("show", "nothing", status=1).err


# V5 to V8: all errors at once, each with file and line.
def test_validate_names_every_error(geocell, tree):
    edit(tree, "quadbin_bbox", ("lambda_name: geocell", "lambda_nam: geocell"))
    edit(tree, "s2_center", ("returns:", "retruns:"))
    path = edit(tree, "quadbin_kring", ("lambda_name: geocell", "lambda_name: geocell\n  memory: 64"))
    result = geocell("validate", "--functions-root", tree, status=1)
    assert "✗ quadbin_bbox: " in result.out and "lambda_nam" in result.out
    assert "✗ s2_center: " in result.out and "retruns" in result.out
    line = 1 + path.read_text().splitlines().index("  memory: 64")
    assert f"quadbin_kring.yaml:{line}:" in result.out
    assert result.out.splitlines()[-1] == "3 function(s) failed validation"


# V7, P14: limits, where CARTO has them in the docs only
@pytest.mark.parametrize("setting, text", [
    ("memory_mb: 64", "128"), ("memory_mb: 20000", "10240"), ("timeout_s: 0", ""), ("timeout_s: 901", "900"),
    ("max_batch_size_kb: 0", ""), ("max_batch_size_kb: 5121", "5120"), ("retry_timeout_ms: -1", ""),
    ("lambda_name: a/b", "a/b"),
])
def test_limits(geocell, tree, setting, text):
    key = setting.split(":")[0]
    old = "lambda_name: geocell"
    edit(tree, "quadbin_bbox", (old, setting if key == "lambda_name" else f"{old}\n  {setting}"))
    result = geocell("validate", "--functions-root", tree, status=1)
    assert "✗ quadbin_bbox: " in result.out and text in result.out


# V9
def test_validate_good_tree(geocell):
    count = len(list(FUNCTIONS.glob("*/*.yaml")))
    assert geocell("validate").out == f"✓ All {count} functions valid\n"


def test_validate_takes_less_than_100_ms():
    """Of processor time, which a busy machine does not lengthen; the least of five, past cold caches."""
    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([GEOCELL, "validate"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(5)) < 0.1


# V10: a broken file is an error, never a function that is silently missing.
def test_broken_file_stops_a_deployment(geocell, cloud, tree):
    (tree / "s2" / "s2_center.yaml").write_text("a: [")
    result = geocell("deploy", "--yes", "--functions-root", tree, status=1)
    assert "s2_center.yaml:" in result.err
    assert cloud.writes() == []
    listed = geocell("list", "--functions-root", tree)
    assert "s2_center.yaml:" in listed.err and "quadbin_bbox" in listed.out


# V11, E20: nothing without SQL can be in the catalogue, so that every function is deployed.
def test_every_function_has_sql(geocell):
    for module in ("core", "quadbin", "s2"):
        for line in geocell("list", "--modules", module).out.splitlines()[1:]:
            shown = json.loads(geocell("show", line.strip(), "--json").out)
            assert shown["redshift"] or shown["returns"]["set"], line


# T1, T2: generic types in both dialects
TYPES = [("quadbin_bbox", "BIGINT", "SUPER"), ("s2_totoken", "BIGINT", "VARCHAR(MAX)"), ("quadbin_isvalid", "BIGINT", "BOOLEAN"),
         ("quadbin_boundary", "BIGINT", "GEOMETRY"), ("quadbin_resolution", "BIGINT", "INTEGER"), ("quadbin_area", "BIGINT", "DOUBLE PRECISION")]


@pytest.mark.parametrize("name, argument, result", TYPES)
def test_types(geocell, name, argument, result):
    assert f'"carto".{name}({argument})\nRETURNS {result}\n' in geocell("sql", "--functions", name).out


# S1 to S3, E9
def test_sql(geocell, tmp_path):
    out = geocell("sql", "--functions", "quadbin_bbox", "--rs-schema", "here", "--rs-lambda-prefix", "dev-", "--rs-lambda-invoke-role",
                  "arn:aws:iam::123456789012:role/r").out
    assert out.startswith('CREATE SCHEMA IF NOT EXISTS "here";\n')
    assert "LAMBDA 'dev-geocell'\nIAM_ROLE 'arn:aws:iam::123456789012:role/r'\n" in out
    assert 'AS $$\n  SELECT JSON_PARSE("here".__quadbin_bbox($1))\n$$ LANGUAGE sql' in out
    assert out == geocell("sql", "--functions", "quadbin_bbox", "--rs-schema", "here", "--rs-lambda-prefix", "dev-",
                          "--rs-lambda-invoke-role", "arn:aws:iam::123456789012:role/r").out
    geocell("sql", "postgres", "--out", tmp_path / "pg")
    assert "CREATE FUNCTION" in next((tmp_path / "pg").glob("geocell--*.sql")).read_text()


# T3
def test_unknown_cloud(geocell):
    assert "redshift" in geocell("sql", "bigquery", status=1).err
