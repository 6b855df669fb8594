#!/usr/bin/env python3
"""clang-format on every C++ file, clang-tidy on every source: lint.py [--quick] [--root CHECKOUT] [--build FOLDER] [FILE...]

The files are what git lists, in whatever folder they are; FILE... are some of them. The build folder's
compile_commands.json says how each is compiled. A source that this build does not compile (a fuzz target) takes the
flags of its nearest neighbour that it does compile, and is named. A file that cannot be read, parsed or configured fails.

A source that was clean is not looked at again until clang-tidy, its configuration, its compile command, the file or a
header that it includes changes. The stamps are in ${XDG_CACHE_HOME:-~/.cache}/geocell-lint, without the checkout's
path, so that a fresh clone on the same machine finds them. For includes the #include lines are followed, those in an
#if that is false too: a header too many costs a check, a header too few would hide a finding. Headers outside of the
checkout do not count.
"""

from __future__ import annotations

import argparse
import fnmatch
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]', re.MULTILINE)
STAMPS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "geocell-lint"
STAMP_DAYS = 60
TIDY = "clang-tidy"


class Failure(Exception):
    pass


def run(command: list, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace", **options)


def said(done: subprocess.CompletedProcess) -> str:
    return (done.stdout + done.stderr).strip()


def listed(root: Path, *patterns: str) -> list[str]:
    done = run(["git", "ls-files", "-coz", "--exclude-standard", *patterns], cwd=root)
    if done.returncode:
        raise Failure(f"git ls-files: {said(done)}")
    return sorted({name for name in done.stdout.split("\0") if name and (root / name).is_file()})


def check_format(root: Path, files: list[str]) -> bool:
    done = run(["clang-format", "--style=file", "--fallback-style=none", "--dry-run", "-Werror", *files], cwd=root)
    if done.returncode or said(done):
        print(said(done))
        print("format: FAILED (clang-format -i FILE mends a file)")
        return False
    print(f"format: {len(files)} files are clean")
    return True


def check_configuration(config: Path) -> bytes:
    """What clang-tidy's answers depend on beside the source. Older ones pass over a .clang-tidy that they cannot read,
    and over the name of a check that they do not have; this does not."""
    option = f"--config-file={config}"
    dump = run([TIDY, option, "--dump-config"])
    if dump.returncode or "error:" in dump.stderr:
        raise Failure(f"clang-tidy cannot read {config}:\n{said(dump)}")
    if not re.search(r"^WarningsAsErrors: +['\"]?[^'\"\s]", dump.stdout, re.MULTILINE):
        raise Failure(f"{config}: no WarningsAsErrors, so nothing could fail")
    if "--verify-config" in run([TIDY, "--help"]).stdout:
        verified = run([TIDY, option, "--verify-config"])
        if verified.returncode:
            raise Failure(said(verified))
    known = run([TIDY, "--checks=*", "--list-checks"]).stdout.split()
    checks = re.search(r"^Checks: *>?[ \t]*\n((?:[ \t]+.*\n)+)", config.read_text(), re.MULTILINE)
    patterns = [word for word in re.split(r"[,\s]+", checks[1]) if word] if checks else []
    if not patterns:
        raise Failure(f"{config}: no Checks")
    for pattern in patterns:
        if not fnmatch.filter(known, pattern.lstrip("-")):
            raise Failure(f"{config}: {pattern} is no check of this clang-tidy")
    return run([TIDY, "--version"]).stdout.encode() + dump.stdout.encode()


class Sources:
    """How each source is compiled, and what it includes."""

    def __init__(self, root: Path, build: Path):
        self.root = root
        self.build = build
        self.commands: dict[str, list[dict]] = {}
        self.files: dict[Path, tuple[bytes, list[str]] | None] = {}
        database = build / "compile_commands.json"
        if not database.is_file():
            raise Failure(f"{database} is missing: build first (make build)")
        for entry in json.loads(database.read_text()):
            path = Path(entry["directory"], entry["file"]).resolve()
            if path.is_relative_to(root):
                entry = {"directory": entry["directory"], "file": str(path),
                         "arguments": entry.get("arguments") or shlex.split(entry["command"])}
                self.commands.setdefault(str(path.relative_to(root)), []).append(entry)
        self.compiled = sorted(self.commands)

    def borrow(self, source: str) -> str | None:
        """Gives a source that is not compiled here the command of the one that is nearest by folder; its name."""
        def nearness(other: str) -> int:
            return len(Path(os.path.commonpath([Path(source).parent, Path(other).parent])).parts)
        neighbour = max(self.compiled, key=nearness, default=None)
        if neighbour is None or nearness(neighbour) == 0:
            return None
        theirs = self.commands[neighbour][0]
        mine = str(self.root / source)
        self.commands[source] = [{**theirs, "file": mine, "arguments": [
            mine if Path(theirs["directory"], part) == Path(theirs["file"]) else part for part in theirs["arguments"]]}]
        return neighbour

    def read(self, path: Path) -> tuple[bytes, list[str]] | None:
        """A file's hash and what its #include lines name; nothing when there is no such file in the checkout."""
        if path not in self.files:
            self.files[path] = None
            if (path.is_relative_to(self.root) or path.is_relative_to(self.build)) and path.is_file():
                text = path.read_bytes()
                self.files[path] = (hashlib.sha256(text).digest(), [name.decode() for name in INCLUDE.findall(text)])
        return self.files[path]

    def included(self, source: str) -> list[Path]:
        folders = []
        for command in self.commands[source]:
            takes_next = False
            for part in command["arguments"]:
                match = re.fullmatch(r"(-I|-iquote|-isystem|-include)(.*)", part)
                folder = part if takes_next else match[2] if match else ""
                takes_next = bool(match) and not match[2]
                if folder:
                    folders.append(Path(command["directory"], folder))
        found = []
        waiting = [self.root / source]
        seen = set()
        while waiting:
            path = waiting.pop()
            if path in seen or not self.read(path):
                continue
            seen.add(path)
            found.append(path)
            waiting += [Path(os.path.normpath(folder / name)) for name in self.read(path)[1] for folder in [path.parent, *folders]]
        return sorted(found)

    def stamp(self, source: str, configuration: bytes, quick: bool) -> Path:
        def anywhere(text: str) -> bytes:
            return text.replace(str(self.build), "BUILD").replace(str(self.root), "ROOT").encode() + b"\0"
        total = hashlib.sha256(configuration + " ".join(checks_of(source, quick)).encode())
        for command in self.commands[source]:
            for part in command["arguments"]:
                total.update(anywhere(part))
        for path in self.included(source):
            total.update(anywhere(str(path)) + self.read(path)[0])
        return STAMPS / total.hexdigest()[:40]


def checks_of(source: str, quick: bool) -> list[str]:
    """What a source is spared: the path-sensitive analyzer costs more than all other checks together, and follows GoogleTest's
    macros for nothing. Tests and benchmarks run under the sanitizers instead. A quick run spares all sources."""
    return ["--checks=-clang-analyzer-*"] if quick or source.startswith(("tests/", "bench/")) else []


class Progress:
    def __init__(self, total: int):
        self.total = total
        self.done = 0
        self.terminal = sys.stdout.isatty()

    def clear(self):
        if self.terminal:
            print("\r\033[K", end="")

    def next(self, name: str):
        self.done += 1
        if self.terminal:
            print(f"\r\033[K{self.done}/{self.total} {name}", end="", flush=True)


def check_sources(root: Path, build: Path, sources: list[str], quick: bool) -> bool:
    began = time.monotonic()
    config = root / ".clang-tidy"
    configuration = check_configuration(config)
    table = Sources(root, build)
    borrowed = {source: table.borrow(source) for source in sources if source not in table.commands}
    failed = [source for source, neighbour in borrowed.items() if neighbour is None]
    for source in failed:
        print(f"{source}: {build} does not compile it, nor anything near it whose flags would do")
    if len(borrowed) > len(failed):
        print("tidy: not compiled in this build, so with the flags of a neighbour: " +
              ", ".join(f"{source} ({Path(neighbour).name})" for source, neighbour in borrowed.items() if neighbour))

    STAMPS.mkdir(parents=True, exist_ok=True)
    for stamp in STAMPS.iterdir():
        if stamp.stat().st_mtime < time.time() - STAMP_DAYS * 86400:
            stamp.unlink(missing_ok=True)
    stamps = {source: table.stamp(source, configuration, quick) for source in sources if source in table.commands}
    fresh = []
    for source, stamp in stamps.items():
        if stamp.exists():
            stamp.touch()
        else:
            fresh.append(source)
    # The large ones first, so that none of them is left running alone at the end.
    fresh.sort(key=lambda source: sum(path.stat().st_size for path in table.included(source)), reverse=True)

    jobs = len(os.sched_getaffinity(0))
    progress = Progress(len(fresh))
    if fresh and not progress.terminal:
        print(f"tidy: {len(fresh)} of {len(sources)} files to look at, {jobs} at a time", flush=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        Path(folder, "compile_commands.json").write_text(json.dumps(sum((table.commands[source] for source in fresh), [])))
        # GCC's warning options are in the commands; clang does not know all of them.
        command = [TIDY, f"--config-file={config}", "-p", folder, "--quiet", "--extra-arg=-Wno-unknown-warning-option"]
        running = {pool.submit(run, [*command, *checks_of(source, quick), root / source], cwd=root): source for source in fresh}
        try:
            for future in as_completed(running):
                source = running[future]
                done = future.result()
                if done.returncode or "error:" in done.stderr:
                    failed.append(source)
                    progress.clear()
                    print(f"{source}: FAILED\n{said(done)}", flush=True)
                else:
                    stamps[source].touch()
                progress.next(source)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    progress.clear()
    took = f"{len(fresh)} looked at in {time.monotonic() - began:.0f} s, {len(sources) - len(fresh)} clean since an earlier run"
    if failed:
        print(f"tidy: FAILED, {len(failed)} of {len(sources)} files: {' '.join(sorted(failed))} ({took})")
        return False
    print(f"tidy: {len(sources)} files are clean ({took})")
    return True


def pending(root: Path) -> set[str]:
    """The sources that clang-tidy has not been through since its configuration was mended, a name a line; "#" begins a comment.
    A run without FILE... passes over them, and says so; one that names them does not."""
    path = root / "scripts" / "lint_pending.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


def main() -> int:
    parser = argparse.ArgumentParser(description="clang-format and clang-tidy over the C++ files that git lists.")
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent, help="the checkout (default: this one)")
    parser.add_argument("--build", type=Path, help="the build folder whose compile commands count (default: build/release)")
    parser.add_argument("--quick", action="store_true", help="without the path-sensitive analyzer, which takes half of the time")
    parser.add_argument("files", nargs="*", metavar="FILE", help="only these, as git names them")
    options = parser.parse_args()
    root = options.root.resolve()
    build = (options.build or root / "build" / "release").resolve()
    try:
        files = listed(root, "*.cpp", "*.hpp")
        unknown = set(options.files) - set(files)
        if unknown or not files:
            raise Failure(f"git does not list {' '.join(sorted(unknown)) or 'any C++ file'} in {root}")
        waiting = set() if options.files else pending(root)
        gone = waiting - set(files)
        if gone:
            raise Failure(f"scripts/lint_pending.txt names {' '.join(sorted(gone))}, which git does not list")
        files = options.files or files
        clean = check_format(root, files)
        if waiting:
            print(f"tidy: {len(waiting)} sources of scripts/lint_pending.txt are not looked at")
        return 0 if check_sources(root, build, [name for name in files if name.endswith(".cpp") and name not in waiting], options.quick) and clean else 1
    except Failure as failure:
        print(f"lint: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
