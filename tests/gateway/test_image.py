"""The container image: by the OCI image specification, and through the tools of others (skopeo, umoci)."""

import hashlib
import json
import os
import shutil
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import pytest

from conftest import GEOCELL, ROOT
from emulators.redshift.standin.lambda_service import FunctionSettings, LambdaService

VERSION = subprocess.run([GEOCELL, "--version"], check=True, capture_output=True, text=True).stdout.strip()


def tool(name: str) -> str:
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    assert found, f"{name} is missing; scripts/setup.sh test installs it"
    return found


def run(*command) -> str:
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    run(GEOCELL, "build", "--out", folder / "a.zip", "--image", folder / "image", "--thin", folder / "thin.zip")
    return folder / "image"


def blob(image: Path, reference: dict) -> Path:
    """By its descriptor, which it must be."""
    path = image / "blobs" / "sha256" / reference["digest"].removeprefix("sha256:")
    assert digest(path) == path.name and path.stat().st_size == reference["size"]
    return path


def test_layout_by_the_specification(image):
    assert json.loads((image / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    manifest = json.loads(blob(image, json.loads((image / "index.json").read_text())["manifests"][0]).read_text())
    config = json.loads(blob(image, manifest["config"]).read_text())
    layer = blob(image, manifest["layers"][0])
    assert config["rootfs"]["diff_ids"] == [f"sha256:{layer.name}"]
    referred = {manifest["config"]["digest"], manifest["layers"][0]["digest"],
                json.loads((image / "index.json").read_text())["manifests"][0]["digest"]}
    assert {f"sha256:{path.name}" for path in (image / "blobs/sha256").iterdir()} == referred


def test_same_input_same_bytes(image, tmp_path):
    """In another folder, another time zone, another mask."""
    command = [str(GEOCELL), "build", "--out", str(tmp_path / "b.zip"), "--image", str(tmp_path / "image"), "--thin", str(tmp_path / "thin.zip")]
    subprocess.run(command, check=True, cwd=tmp_path, env={**os.environ, "TZ": "Pacific/Apia"}, umask=0o077, stdout=subprocess.DEVNULL)
    files = {path.relative_to(image): digest(path) for path in image.rglob("*") if path.is_file()}
    assert len(files) == 5
    assert files == {path.relative_to(tmp_path / "image"): digest(path) for path in (tmp_path / "image").rglob("*") if path.is_file()}
    # Where the zip is a layer, the function above it holds no program.
    assert digest(tmp_path / "thin.zip") == digest(image.parent / "thin.zip")
    assert digest(tmp_path / "b.zip") == digest(image.parent / "a.zip")
    with zipfile.ZipFile(tmp_path / "thin.zip") as archive:
        assert archive.namelist() == ["geocell.txt"]


def test_skopeo_inspects_and_copies(image, tmp_path):
    """skopeo checks every digest on the way."""
    name = f"oci:{image}:{VERSION}"
    seen = json.loads(run(tool("skopeo"), "inspect", name))
    entry = json.loads((image / "index.json").read_text())["manifests"][0]
    assert seen["Digest"] == entry["digest"]
    assert (seen["Os"], seen["Architecture"]) == ("linux", "amd64")
    assert seen["Labels"] == {"org.opencontainers.image.title": "geocell", "org.opencontainers.image.version": VERSION}
    config = json.loads(run(tool("skopeo"), "inspect", "--config", name))
    assert config["config"]["Entrypoint"] == ["/var/task/bootstrap"]
    run(tool("skopeo"), "copy", "--insecure-policy", name, f"dir:{tmp_path / 'copy'}")
    for reference in seen["Layers"]:
        assert digest(tmp_path / "copy" / reference.removeprefix("sha256:")) == reference.removeprefix("sha256:")


def test_skopeo_sees_a_damaged_layer(image, tmp_path):
    """So that the test above means something."""
    shutil.copytree(image, tmp_path / "bad")
    largest = max((tmp_path / "bad/blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 1
    largest.write_bytes(data)
    result = subprocess.run([tool("skopeo"), "copy", "--insecure-policy", f"oci:{tmp_path / 'bad'}:{VERSION}", f"dir:{tmp_path / 'copy'}"],
                            capture_output=True, text=True)
    assert result.returncode != 0 and "digest" in result.stderr.lower()


def test_unpacked_root_answers(image, tmp_path):
    """umoci unpacks it; its root is all there is, and its entry point answers as in Lambda."""
    rootless = [] if os.geteuid() == 0 else ["--rootless"]
    run(tool("umoci"), "unpack", *rootless, "--image", f"{image}:{VERSION}", tmp_path / "bundle")
    root = tmp_path / "bundle" / "rootfs"
    process = json.loads((tmp_path / "bundle" / "config.json").read_text())["process"]
    assert process["args"] == ["/var/task/bootstrap"] and process["cwd"] == "/var/task"
    assert [path.name for path in root.iterdir()] == ["var"]
    jail = f"{tool('chroot')} {root}" if os.geteuid() == 0 else f"{tool('unshare')} --map-root-user {tool('chroot')} {root}"
    start = tmp_path / "start"
    start.write_text(f"#!/bin/sh\nexec {jail} {process['args'][0]}\n")
    start.chmod(0o755)
    service = LambdaService(tmp_path / "log", [FunctionSettings("f", start)])
    try:
        request = {"external_function": "carto.__quadbin_bbox", "num_records": 1, "arguments": [[5207251884775047167]]}
        with urllib.request.urlopen(f"{service.endpoint}/2015-03-31/functions/f/invocations", json.dumps(request).encode()) as answer:
            assert json.loads(json.load(answer))["results"] == ["[-22.5,21.943045533438188,0,40.97989806962013]"]
    finally:
        service.close()


def test_folder_that_is_not_empty(image, tmp_path):
    result = subprocess.run([GEOCELL, "build", "--out", tmp_path / "c.zip", "--image", image], capture_output=True, text=True)
    assert result.returncode == 1 and "is not empty" in result.stderr
