"""Holds the sources of a tree to its cmake/rooms.txt, which says what the columns mean.

    problems(tree)      what is wrong, a line each: "file:line: the include: its room, and what that may include"

A tree is a dict of path -> text; read_tree() reads a repository's. Only direct includes count: what a header includes
in turn is checked where that header lies.
"""

from __future__ import annotations

import fnmatch
import functools
import graphlib
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

TABLE = "cmake/rooms.txt"
PUBLIC = "core/include/"  # its headers are included without this
SOURCES = (".cpp", ".hpp", ".h", ".c", ".cc", ".def", ".inc", ".cpp.in", ".hpp.in")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|include_next|import)\b[ \t]*(<([^>\n]*)>|"([^"\n]*)"|.*)', re.M)
HEADERS = (".hpp", ".h", ".def", ".inc")
Tree = dict[str, str]  # path -> text
NO_LIBRARY = ("compiler", "system", "effects")  # allowed in every room that is not barred from them


def file_name(path: str) -> str:
    return path.rpartition("/")[2]


@dataclass(eq=False)
class Room:
    name: str
    line: int
    contracts: list[str]
    may_include: list[str]
    third_parties: list[str]


@dataclass(eq=False)
class Table:
    rooms: dict[str, Room] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)  # name -> patterns
    barred: list[tuple[str, list[str]]] = field(default_factory=list)  # folder, names of headers
    problems: list[str] = field(default_factory=list)

    @functools.cached_property
    def made_by_the_build(self) -> set[str]:
        return {name for room in self.rooms.values() for name in room.contracts if "." in name}

    @functools.cache
    def name_of(self, header: str) -> str | None:
        """The third party, or a name of NO_LIBRARY."""
        for name, patterns in self.headers.items():
            if any(fnmatch.fnmatchcase(header, pattern) for pattern in patterns):
                return name
        return None

    @functools.cache
    def room_of(self, path: str) -> Room | None:
        if path.startswith(PUBLIC):
            stem = file_name(path).removesuffix(".hpp")
            return next((room for room in self.rooms.values() if stem in room.contracts), None)
        folder = path.rpartition("/")[0]
        if folder in self.rooms:
            return self.rooms[folder]
        while folder:
            if folder + "/*" in self.rooms:
                return self.rooms[folder + "/*"]
            folder = folder.rpartition("/")[0]
        return None

    @functools.cache
    def reaches(self, room: Room) -> list[str]:
        """The rooms that it may include, by name, with "core" and "*" replaced by what they stand for."""
        found = []
        for name in room.may_include:
            if name == "core":
                found += [other for other in self.rooms if other.startswith("core/")]
            elif name == "*":
                found += [other.name for other in self.rooms.values() if "*" not in other.may_include]
            else:
                found.append(name)
        return [name for name in found if name != room.name]


@functools.cache
def read_table(text: str) -> Table:
    table = Table()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "header":
            table.headers.setdefault(words[1], []).extend(words[2:])
        elif words[0] == "barred":
            table.barred.append((words[1], words[2:]))
        else:
            cells = [cell.split() for cell in line.split("|")]
            if len(cells) != 4 or len(cells[0]) != 1:
                table.problems.append(f"{TABLE}:{number}: not a row of four columns")
            elif cells[0][0] in table.rooms:
                table.problems.append(f"{TABLE}:{number}: a second row for {cells[0][0]}")
            else:
                table.rooms[cells[0][0]] = Room(cells[0][0], number, *cells[1:])
    return table


def read_tree(root: Path) -> Tree:
    """What git knows or would take, where there is a git; every file otherwise."""
    try:
        command = ["git", "-C", root, "ls-files", "-co", "--exclude-standard"]
        paths = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        folders = [entry for entry in root.iterdir() if not re.match(r"\.|build$|dist$", entry.name)]
        paths = [str(path.relative_to(root)) for folder in folders for path in folder.rglob("*")]
    wanted = [path for path in paths if path.endswith(SOURCES) or path == TABLE]
    return {path: (root / path).read_text() for path in sorted(wanted) if (root / path).is_file()}


@functools.cache
def includes(text: str) -> list[tuple[int, str, str]]:
    """Line, the include as it is written, the path in it; the path is empty where a macro names it."""
    found = []
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        found.append((line, match[1], match[2] or match[3] or ""))
    return found


def problems(tree: Tree) -> list[str]:
    table = read_table(tree[TABLE])
    found = table.problems + table_problems(table, tree) + name_problems(tree)
    for path in tree:
        if path == TABLE:
            continue
        room = table.room_of(path)
        if room is None:
            if not path.startswith(PUBLIC):  # those are reported with the table
                found.append(f"{path}: in no room; {TABLE} has no row for this folder")
            continue
        own = path.removesuffix(".cpp") + ".hpp"
        if path.endswith(".cpp") and own in tree and [header for _, _, header in includes(tree[path])][:1] != [own]:
            found.append(f'{path}: should include "{own}" first, which shows that it compiles alone')
        for line, written, header in includes(tree[path]):
            wrong = include_problem(table, tree, path, room, written, header)
            if wrong:
                found.append(f"{path}:{line}: {written}: {wrong}")
    return found


def include_problem(table: Table, tree: Tree, path: str, room: Room, written: str, header: str) -> str | None:
    if not header:
        return "an include by a macro cannot be checked; write the path"
    target = target_of(table, tree, header)
    if target is None:
        return foreign_problem(table, path, room, written, header)
    public = target == PUBLIC + header
    if written.startswith("<"):
        return f'ours; write "{header}"'
    if target.startswith(PUBLIC) and not public:
        return f'a public header; write "{header.removeprefix(PUBLIC)}"'
    owner = table.room_of(target)
    if owner is None or owner is room:  # a header in no room is reported where it lies
        return None
    named = table.reaches(room) if "*" in room.may_include else room.may_include
    if owner.name in named or public and "core" in room.may_include:
        return None
    kind = "a private header of" if owner.name.startswith("core/") and not public else "of the room"
    return f"{kind} {owner.name}; {room.name} may include {' '.join(room.may_include) or 'no other room'}"


def target_of(table: Table, tree: Tree, header: str) -> str | None:
    """The file of ours that is meant, if it is one."""
    if PUBLIC + header in tree or header.startswith("geocell/") and file_name(header) in table.made_by_the_build:
        return PUBLIC + header
    if "@" in header:  # a template's: one of the files that it is made for
        pattern = re.sub("@[A-Z_]+@", "*", header)
        return next((path for path in tree if fnmatch.fnmatchcase(path, pattern)), None)
    return header if header in tree else None


def foreign_problem(table: Table, path: str, room: Room, written: str, header: str) -> str | None:
    name = table.name_of(header)
    if name is None and written.startswith('"'):
        return "not there; includes are written from the repository's root, public headers of core as geocell/x.hpp"
    if name is None and re.fullmatch("[a-z_]+", header):
        return None
    if name is None:
        return f"neither of the C++ library (where C's <math.h> is <cmath>) nor by a line `header` of {TABLE}"
    for folder, names in table.barred:
        if path.startswith(folder) and name in names:
            return f"{name}, barred in {folder}"
    if name in NO_LIBRARY or {name, f"{name}@{file_name(path)}", "*"} & set(room.third_parties):
        return None
    return f"of the third party {name}; {room.name} may include {' '.join(room.third_parties) or 'no third party'}"


def table_problems(table: Table, tree: Tree) -> list[str]:
    """Names in the table that stand for nothing, contracts without an owner, and cycles."""
    found = []
    public = {file_name(path).removesuffix(".hpp") for path in tree if path.startswith(PUBLIC)}
    owners = Counter(name for room in table.rooms.values() for name in room.contracts)
    for name in sorted(public):
        if owners[name] != 1:
            found.append(f"{TABLE}: geocell/{name}.hpp is of {owners[name]} rooms; it should be of one")
    files: dict[str, set[str]] = {name: set() for name in table.rooms}
    for path in tree:
        if room := table.room_of(path):
            files[room.name].add(file_name(path))
    for room in table.rooms.values():
        at = f"{TABLE}:{room.line}: {room.name}: "
        inside = files[room.name]
        if not inside:
            found.append(at + "no source is in this room")
        found += [at + f"no header geocell/{name}.hpp" for name in room.contracts if name not in public and "." not in name]
        found += [at + f"no room {name}" for name in room.may_include if name not in ("*", "core", *table.rooms)]
        for entry in room.third_parties:
            name, _, file = entry.partition("@")
            if name != "*" and (name not in table.headers or file and file not in inside):
                found.append(at + f"{entry}: no line `header` for it, or no such file")
    try:
        graphlib.TopologicalSorter({name: table.reaches(room) for name, room in table.rooms.items()}).prepare()
    except graphlib.CycleError as cycle:
        found.append(f"{TABLE}: a cycle of rooms: {' -> '.join(reversed(cycle.args[1]))}")
    return found


def name_problems(tree: Tree) -> list[str]:
    """Headers, and tests, that have the name of another."""
    named: dict[str, list[str]] = {}
    for path in tree:
        name = file_name(path)
        if name.endswith(HEADERS) or name.endswith(("_test.cpp", "_fuzz.cpp", "_bench.cpp")):
            named.setdefault(name, []).append(path)
    return [f"{paths[1]}: has the name of {paths[0]}" for paths in named.values() if len(paths) > 1]
