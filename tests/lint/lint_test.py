#!/usr/bin/env python3
"""scripts/lint.py against faults planted in copies: lint_test.py BUILD. It writes into temporary folders only.

Rooms: a small source of every room, compiled as BUILD says. Made: a project of two sources, for what needs no real one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINT = ROOT / "scripts" / "lint.py"
ROOMS = ("core", "extension", "sql", "lambda_bridge", "gateway", "tests", "bench", "data")
FAULT = "\n[[maybe_unused]] static bool planted(const char* p) { return p == 0; }\n"
FOUND = "modernize-use-nullptr"
build = ROOT / "build" / "release"


class Project(unittest.TestCase):
    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp(prefix="geocell-lint-"))
        self.addCleanup(shutil.rmtree, self.scratch)
        self.root = self.scratch / "checkout"
        self.write(".gitignore", "/build/\n")
        for name in (".clang-tidy", ".clang-format"):
            self.write(name, (ROOT / name).read_text())
        subprocess.run(["git", "init", "-q", self.root], check=True)

    def write(self, name: str, text: str):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def lint(self, *arguments: str, root: Path | None = None) -> tuple[int, str]:
        done = subprocess.run([LINT, "--root", root or self.root, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, env={**os.environ, "XDG_CACHE_HOME": str(self.scratch / "cache")})
        return done.returncode, done.stdout

    def passes(self, looked_at: int, **options):
        status, output = self.lint(**options)
        self.assertEqual(status, 0, output)
        self.assertIn(f"({looked_at} looked at", output)

    def fails(self, *words: str):
        status, output = self.lint()
        self.assertEqual(status, 1, output)
        for word in words:
            self.assertIn(word, output)


class Made(Project):
    def setUp(self):
        super().setUp()
        self.write("core/a.hpp", "#pragma once\nint a();\n")
        self.write("core/b.hpp", "#pragma once\nint b();\n")
        self.write("core/a.cpp", '#include "a.hpp"\n\nint a() { return 1; }\n')
        self.write("core/b.cpp", '#include "b.hpp"\n\nint b() { return 2; }\n')
        self.commands(["core/a.cpp", "core/b.cpp"])

    def commands(self, sources: list[str]):
        folder = self.root / "build" / "release"
        self.write("build/release/compile_commands.json", json.dumps([
            {"directory": str(folder), "file": str(self.root / name), "command": f"c++ -I{self.root}/core -c {self.root / name}"}
            for name in sources]))

    def test_remembers_by_content(self):
        self.passes(2)
        self.passes(0)
        self.write("core/a.hpp", "#pragma once\nint a();\nint also();\n")
        self.passes(1)
        self.write("core/unused.hpp", "#pragma once\n")
        self.passes(0)
        self.write(".clang-tidy", (ROOT / ".clang-tidy").read_text().replace("-*,", "-*,misc-static-assert,"))
        self.passes(2)

    def test_another_clone_profits(self):
        self.passes(2)
        shutil.copytree(self.root, self.scratch / "clone")
        self.root = self.scratch / "clone"
        self.commands(["core/a.cpp", "core/b.cpp"])
        self.passes(0)

    def test_a_fault_is_not_remembered_as_clean(self):
        self.write("core/a.hpp", "#pragma once\nint a();" + FAULT)
        self.fails("core/a.cpp", FOUND)
        self.fails("core/a.cpp", FOUND, "(1 looked at")

    def test_format(self):
        self.write("core/b.hpp", "#pragma once\nint   b( );\n")
        self.fails("core/b.hpp", "clang-format")

    def test_a_broken_configuration_fails(self):
        good = (ROOT / ".clang-tidy").read_text()
        self.passes(2)
        option = "  - {key: readability-braces-around-statements.ShortStatementLines, value: '2'}"
        self.assertIn(option, good)
        for bad in (good.replace(option, "  readability-braces-around-statements.ShortStatementLines: 2"), good.replace("Checks:", "Czechs:"),
                    good.replace("modernize-use-override", "modernise-use-override"), good.replace("WarningsAsErrors: '*'", ""), ""):
            self.write(".clang-tidy", bad)
            self.fails(".clang-tidy")
        (self.root / ".clang-tidy").unlink()
        self.fails(".clang-tidy")
        self.write(".clang-tidy", good)
        self.write(".clang-format", "BasedOnStyle: Goggle\n")
        self.fails(".clang-format")

    def test_what_cannot_be_looked_at_fails(self):
        self.write("core/a.cpp", '#include "gone.hpp"\n')
        self.fails("core/a.cpp", "gone.hpp")
        self.write("core/a.cpp", "")
        self.write("island/c.cpp", "")
        self.fails("island/c.cpp", "does not compile it")
        (self.root / "build" / "release" / "compile_commands.json").unlink()
        self.fails("compile_commands.json")

    def test_borrows_the_flags_of_a_neighbour(self):
        self.write("core/fuzz/c.cpp", '#include "a.hpp"\n')
        self.passes(3)
        self.write("core/fuzz/c.cpp", '#include "a.hpp"\n' + FAULT)
        self.fails("core/fuzz/c.cpp", FOUND)


class Rooms(Project):
    def test_every_room(self):
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "*.cpp", "*.hpp"], check=True, capture_output=True, text=True).stdout.split()
        entries = (build / "compile_commands.json").read_text()
        sources = [name for name in listed if name.endswith(".cpp") and (ROOT / name).is_file()]
        compiled = [name for name in sources if f'"{ROOT / name}"' in entries]
        elsewhere = [name for name in sources if name not in compiled]

        def smallest(names: list[str]) -> str:
            return min(names, key=lambda name: (ROOT / name).stat().st_size)
        chosen = [smallest([name for name in compiled if name.startswith(room + "/")]) for room in ROOMS]
        chosen += [smallest(elsewhere)] if elsewhere else []
        # Headers come from the copy, except those that the build makes.
        for name in listed:
            if name.endswith(".hpp") and (ROOT / name).is_file():
                self.write(name, (ROOT / name).read_text())
        for name in chosen:
            self.write(name, (ROOT / name).read_text() + FAULT)
        moved = entries.replace(f"{ROOT}/", f"{self.root}/").replace(f"{self.root}/build/", f"{ROOT}/build/")
        self.write("build/release/compile_commands.json", moved)
        # One check: what the others would say of these files is `make lint`'s business, and takes minutes.
        checks = re.compile(r"^Checks: >\n(  .*\n)+", re.MULTILINE)
        self.write(".clang-tidy", checks.sub(f"Checks: >\n  -*,{FOUND}\n", (ROOT / ".clang-tidy").read_text()))
        self.fails(f"FAILED, {len(chosen)} of {len(chosen)} files", FOUND, *(f"{name}: FAILED" for name in chosen))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build = Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
