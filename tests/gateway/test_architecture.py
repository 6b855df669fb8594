"""For which of Lambda's machines: the setting, the package, and what AWS and CloudFormation get."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import GEOCELL, PACKAGE

FEW = ("--functions", "quadbin_fromlonglat,quadbin_bbox")
NAME = "carto-at-geocell"
E_MACHINE = 18  # in an ELF header, two bytes: 62 is x86-64, 183 is AArch64


@pytest.fixture
def arm_package(tmp_path):
    """A package whose program says that it is for AArch64; nobody here runs it."""
    path = tmp_path / "arm.zip"
    with zipfile.ZipFile(PACKAGE) as package, zipfile.ZipFile(path, "w") as other:
        program = bytearray(package.read("bootstrap"))
        assert program[E_MACHINE:E_MACHINE + 2] == bytes([62, 0])
        program[E_MACHINE] = 183
        other.writestr("bootstrap", bytes(program))
    return path


def architectures(cloud) -> list[str]:
    return cloud.client("lambda").get_function(FunctionName=NAME)["Configuration"]["Architectures"]


def test_a_lambda_is_what_its_package_is(geocell, cloud, settings, arm_package):
    run = geocell("deploy-lambdas", "--yes", *FEW, "--package", arm_package, env=settings)
    assert f"+ Lambda {NAME}: provided.al2023 on arm64, memory 512 MB" in run.out
    assert architectures(cloud) == ["arm64"]
    assert "no changes" in geocell("deploy-lambdas", "--yes", *FEW, "--package", arm_package, env=settings).out


def test_the_machine_changes_with_the_code(geocell, cloud, settings, arm_package):
    geocell("deploy-lambdas", "--yes", *FEW, env=settings)
    assert architectures(cloud) == ["x86_64"]
    plan = geocell("plan", *FEW, "-c", "lambda", "--package", arm_package, env=settings).out
    assert f"~ Lambda {NAME}: x86_64 → arm64, code " in plan
    calls = geocell("deploy-lambdas", *FEW, "--dry-run", "--package", arm_package, env=settings).out
    sent = next(line for line in calls.splitlines() if "would call: aws lambda update-function-code" in line)
    assert '"Architectures":["arm64"]' in sent.replace(" ", "")
    geocell("deploy-lambdas", "--yes", *FEW, "--package", arm_package, env=settings)
    assert architectures(cloud) == ["arm64"]


def test_a_package_for_other_machines_than_the_setting_is_refused(geocell, cloud, settings, arm_package):
    run = geocell("deploy-lambdas", "--yes", *FEW, "--package", arm_package, "--lambda-architecture", "x86_64", env=settings, status=1)
    assert (f"The package {arm_package} is for arm64, but GEOCELL_LAMBDA_ARCHITECTURE is x86_64 (command line); give the package for "
            "x86_64, or leave the setting out: it follows the package") in run.err
    assert cloud.writes() == []
    run = geocell("plan", env=settings | {"GEOCELL_LAMBDA_ARCHITECTURE": "sparc"}, status=1)
    assert "Invalid GEOCELL_LAMBDA_ARCHITECTURE 'sparc' (environment); should be x86_64 or arm64" in run.err


def test_template(geocell, tmp_path, arm_package):
    geocell("template", "--out", tmp_path / "t.json", "--package", arm_package)
    lint = subprocess.run([Path(sys.executable).with_name("cfn-lint"), tmp_path / "t.json"], capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    template = json.loads((tmp_path / "t.json").read_text())
    functions = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::Lambda::Function"]
    assert [f["Architectures"] for f in functions] == [["arm64"]]
    assert template["Parameters"]["CodeKey"]["Default"] == "geocell-lambda-arm64.zip"


def test_a_distribution_deploys_what_is_in_it(tmp_path, arm_package):
    """Without the setting: there is one package, and it is taken."""
    subprocess.run([GEOCELL, "create-package", tmp_path, "--package", arm_package, "--version", "9.8.7"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "-E", "tar", "xf", tmp_path / "geocell-redshift-9.8.7.zip"], cwd=tmp_path, check=True)
    folder = tmp_path / "geocell-redshift-9.8.7"
    package = folder / "share/geocell/geocell-lambda-arm64.zip"
    assert package.read_bytes() == arm_package.read_bytes()
    run = subprocess.run([folder / "geocell", "config"], cwd=tmp_path, env={"PATH": "/nowhere"}, capture_output=True, text=True)
    line = next(line for line in run.stdout.splitlines() if line.startswith("Lambda package"))
    assert line.split(maxsplit=2)[2].split("  ") == [str(package), "for arm64"]
