"""scripts/release.sh in a clone of this repository's state."""

import os
import re
import subprocess

import pytest

from conftest import BUILD, ROOT

PRESENT = re.search(r"project\(geocell VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]


@pytest.fixture
def clone(tmp_path):
    """The parts that a release is about, as a repository of its own."""
    folder = tmp_path / "clone"
    for name in ("scripts", "sql/updates"):
        (folder / name).mkdir(parents=True)
    for name in ("CMakeLists.txt", "META.json", "scripts/release.sh"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "scripts/release.sh").chmod(0o755)
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## {PRESENT} (unreleased)\n\n- A thing.\n")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All")
    return folder


def git(folder, *arguments) -> str:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    return subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **identity}, check=True, capture_output=True, text=True).stdout


def release(folder, version, scripts=BUILD / "sql"):
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    return subprocess.run(["scripts/release.sh", version, scripts], cwd=folder, env={**os.environ, **identity}, capture_output=True, text=True)


def test_release(clone, tmp_path):
    result = release(clone, "77.0.0")
    assert result.returncode == 0, result.stderr
    assert git(clone, "tag").split() == [f"v{PRESENT}"]
    assert git(clone, "log", "--format=%s").splitlines() == ["Open 77.0.0", f"Release {PRESENT}", "All"]
    assert "project(geocell VERSION 77.0.0 " in (clone / "CMakeLists.txt").read_text()
    assert set(re.findall(r'"version": "([0-9.]+)"', (clone / "META.json").read_text())) == {"77.0.0", "1.0.0"}  # 1.0.0: of the format
    for extension in ("geocell", "geocell_postgis"):
        name = f"{extension}--{PRESENT}.sql"
        assert (clone / "sql/updates" / name).read_bytes() == (BUILD / "sql" / name).read_bytes()
    assert re.fullmatch(rf"# Changelog\n\n## 77.0.0 \(unreleased\)\n\n## {re.escape(PRESENT)} \(\d{{4}}-\d\d-\d\d\)\n\n- A thing.\n",
                        (clone / "CHANGELOG.md").read_text())
    # The next one: its section gets the commits since the first.
    for name in ("geocell--77.0.0.sql", "geocell_postgis--77.0.0.sql"):
        (tmp_path / name).write_text("-- sql\n")
    (clone / "new").write_text("x")
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "Add a new thing")
    assert release(clone, "77.1.0", tmp_path).returncode == 0
    text = (clone / "CHANGELOG.md").read_text()
    assert f"Commits since v{PRESENT}:\n\n- Open 77.0.0\n- Add a new thing\n\n## {PRESENT} (" in text
    assert text.index("## 77.1.0 (unreleased)") < text.index("## 77.0.0 (2")


@pytest.mark.parametrize("version, text", [("1", "three numbers"), ("x.y.z", "three numbers"), ("0.0.1", "should be later"), (PRESENT, "should be later")])
def test_refused_versions(clone, version, text):
    result = release(clone, version)
    assert result.returncode == 1 and text in result.stderr
    assert git(clone, "log", "--format=%s") == "All\n"


def test_refused_states(clone, tmp_path):
    result = release(clone, "77.0.0", tmp_path)
    assert result.returncode == 1 and "make build first" in result.stderr
    (clone / "stray").write_text("x")
    result = release(clone, "77.0.0")
    assert result.returncode == 1 and "the working tree has changes" in result.stderr
