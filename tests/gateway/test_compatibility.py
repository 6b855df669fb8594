"""The table of docs/carto-compatibility.md: every behaviour is in it, and every test that it names is there."""

import re

from conftest import ROOT

TABLE = (ROOT / "docs" / "carto-compatibility.md").read_text()
ROWS = {name: tests for name, tests in re.findall(r"^\| ([EDVST]\d+[a-z]?) \|.*\| (.*?) \|$", TABLE, re.M)}
PYTHON = {path.stem: set(re.findall(r"^def (test_\w+)", path.read_text(), re.M)) for path in (ROOT / "tests/gateway").glob("test_*.py")}
UNITS = {path.stem: set(re.findall(r"^TEST\w*\(\w+, (\w+)\)", path.read_text(), re.M)) for path in (ROOT / "tests/gateway").glob("*_test.cpp")}
CTEST = " ".join(path.read_text() for path in (ROOT / "tests").rglob("CMakeLists.txt"))


def test_every_behaviour_has_a_row():
    wanted = {f"{letter}{n}" for letter, last in (("E", 33), ("D", 10), ("V", 11), ("S", 8), ("T", 3)) for n in range(1, last + 1)}
    assert wanted - set(ROWS) == set()


def missing(tests: str) -> list[str]:
    """What of a row's last column is not there. "test_x::a, b" are two tests of one file; a name that ends in … is its beginning."""
    wrong = []
    known: set[str] = set()
    for part in re.split(r"[,;:] |; | ", tests):
        part = part.strip(".,")
        file, _, name = part.partition("::")
        if file in PYTHON:
            known = PYTHON[file]
            wrong += [part] if name and name not in known else []
        elif file in UNITS:
            known = UNITS[file]
        elif "/" in part:
            wrong += [part] if not (ROOT / part).exists() else []
        elif part.startswith("redshift_"):  # of ctest: named there, or made of a file's name
            wrong += [part] if part not in CTEST and not list((ROOT / "tests/redshift").glob(f"{part[9:]}.*")) else []
        elif re.match(r"test_\w|[A-Z]\w+[A-Z]", part):
            wrong += [part] if not any(test.startswith(part.rstrip("…")) for test in known) else []
    return wrong


def test_every_test_that_is_named_is_there():
    assert {name: missing(tests) for name, tests in ROWS.items() if missing(tests)} == {}
    # So that the check means something:
    assert missing("test_verbs::test_nothing, test_none; names_test NoSuchThing; tests/none.cpp") == [
        "test_verbs::test_nothing", "test_none", "NoSuchThing", "tests/none.cpp"]


def test_every_row_names_one():
    for name, tests in ROWS.items():
        assert re.search(r"test|regress|golden|parity", tests), name
