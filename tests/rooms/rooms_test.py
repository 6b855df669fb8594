"""Every #include of the repository is allowed by cmake/rooms.txt; and each rule of the check finds what breaks it."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import rooms  # noqa: E402
from rooms import TABLE  # noqa: E402

TREE = rooms.read_tree(Path(__file__).resolve().parents[2])
FOUND = rooms.problems(TREE)
ROOMS = rooms.read_table(TREE[TABLE])


def first_source(room: rooms.Room) -> str:
    """A source of the room that no third party is allowed in by its name."""
    named = {entry.partition("@")[2] for entry in room.third_parties}
    return next(path for path in TREE if ROOMS.room_of(path) is room and Path(path).name not in named)


def first_header(room: rooms.Room, tree: dict[str, str] = TREE) -> str | None:
    return next((path for path in tree if ROOMS.room_of(path) is room and path.endswith(".hpp")), None)


class Repository(unittest.TestCase):
    def test_every_include_is_allowed(self):
        if FOUND:
            self.fail("\n" + "\n".join(FOUND))

    def test_it_is_read(self):
        self.assertGreater(len(TREE), 250)
        self.assertGreater(sum(len(rooms.includes(text)) for text in TREE.values()), 1000)


class Planted(unittest.TestCase):
    """Each test plants one thing into the tree in memory. What the tree has wrong itself is not counted."""

    def assert_finds(self, overlay: dict[str, str], *wanted: str):
        new = [problem for problem in rooms.problems({**TREE, **overlay}) if problem not in FOUND]
        self.assertEqual(len(new), len(wanted), "\n".join(new))
        for problem, want in zip(new, wanted):
            self.assertIn(want, problem)

    def assert_include_found(self, path: str, include: str, *wanted: str):
        text = TREE[path].rstrip("\n") + f"\n#include {include}\n"
        self.assert_finds({path: text}, f"{path}:{text.count(chr(10))}: {include}: {' '.join(wanted)}")

    def test_a_room_that_it_may_not_include_in_each_room(self):
        for room in ROOMS.rooms.values():
            reached = ROOMS.reaches(room)
            others = (other for other in ROOMS.rooms.values() if other is not room and other.name not in reached)
            header = next((header for header in map(first_header, others) if header), None)
            with self.subTest(room=room.name):
                if room.name == "bench/*":  # above all
                    self.assertIsNone(header)
                else:
                    written = header.removeprefix(rooms.PUBLIC)
                    self.assert_include_found(first_source(room), f'"{written}"', "")

    def test_a_private_header_of_core_in_each_room_outside(self):
        polyfill = ROOMS.rooms["core/src/polyfill"]
        private = first_header(polyfill, {path: "" for path in TREE if not path.startswith(rooms.PUBLIC)})
        for room in ROOMS.rooms.values():
            if not room.name.startswith("core/") and "*" not in room.may_include:
                with self.subTest(room=room.name):
                    self.assert_include_found(first_source(room), f'"{private}"', f"a private header of {polyfill.name};")

    def test_a_third_party_in_each_room(self):
        for room in ROOMS.rooms.values():
            for header, name in (("gmpxx.h", "gmp"), ("nlohmann/json.hpp", "nlohmann")):
                if name not in room.third_parties and "*" not in room.third_parties:
                    with self.subTest(room=room.name, name=name):
                        wanted = f"of the third party {name}; {room.name} may include"
                        self.assert_include_found(first_source(room), f"<{header}>", wanted)

    def test_a_relative_include_in_each_room(self):
        for room in ROOMS.rooms.values():
            source = first_source(room)
            with self.subTest(room=room.name):
                self.assert_include_found(source, f'"{Path(source).name}"', "not there; includes are written from")
                self.assert_include_found(source, f'"./{source}"', "not there; includes are written from")

    def test_the_system_and_effects_in_each_room_of_core(self):
        barred = {"unistd.h": "system", "sys/stat.h": "system", "fstream": "effects", "thread": "effects"}
        for room in ROOMS.rooms.values():
            if room.name.startswith("core/"):
                for header, name in barred.items():
                    with self.subTest(room=room.name, header=header):
                        self.assert_include_found(first_source(room), f"<{header}>", f"{name}, barred in core/")

    def test_how_an_include_is_written(self):
        source = first_source(ROOMS.rooms["extension"])
        for include, wanted in (
            ('"core/include/geocell/s2.hpp"', 'a public header; write "geocell/s2.hpp"'),
            ("<geocell/s2.hpp>", 'ours; write "geocell/s2.hpp"'),
            ('"geocell/none.hpp"', "not there"),
            ("<boost/json.hpp>", "neither of the C++ library"),
            ("<math.h>", "neither of the C++ library"),
            ("GEOCELL_HEADER", "an include by a macro"),
        ):
            with self.subTest(include=include):
                self.assert_include_found(source, include, wanted)

    def test_a_source_that_does_not_include_its_own_header_first(self):
        header = first_header(ROOMS.rooms["data"])
        source = header.replace(".hpp", ".cpp")
        self.assert_finds({source: "#include <string>\n" + TREE[source]}, f'{source}: should include "{header}" first')

    def test_the_template_of_a_source(self):
        template = "extension/new.cpp.in"
        self.assert_finds({template: '#include "extension/@NAME@.hpp"\n'})
        self.assert_finds({template: '#include "core/src/polyfill/@NAME@.hpp"\n'}, f"{template}:1: ")
        self.assert_finds({template: '#include "extension/@NAME@.def"\n'}, "not there")

    def test_two_files_of_one_name(self):
        header = first_header(ROOMS.rooms["extension"])
        test = next(path for path in TREE if path.endswith("_test.cpp"))
        for path in (header, test):
            with self.subTest(path=path):
                second = f"data/{rooms.file_name(path)}"
                self.assert_finds({second: ""}, f"{second}: has the name of {path}")

    def test_a_folder_without_a_row(self):
        self.assert_finds({"core/src/new/new.cpp": ""}, "core/src/new/new.cpp: in no room")
        self.assert_finds({"gateway/verbs/more/new.cpp": ""}, "gateway/verbs/more/new.cpp: in no room")
        self.assert_finds({"new.cpp": ""}, "new.cpp: in no room")

    def test_a_public_header_of_no_room(self):
        self.assert_finds({"core/include/geocell/new.hpp": ""}, "geocell/new.hpp is of 0 rooms")

    def test_a_cycle(self):
        tree = {TABLE: "a | | b c |\nb | | a |\nc | | |", "a/a.cpp": "", "b/b.cpp": "", "c/c.cpp": ""}
        self.assertEqual(rooms.problems(tree), [f"{TABLE}: a cycle of rooms: a -> b -> a"])

    def test_a_header_made_by_the_build(self):
        tree = {"a/a.cpp": '#include "geocell/made.def"\n', "b/b.cpp": '#include "geocell/made.def"\n'}
        self.assertEqual(rooms.problems({TABLE: "a | made.def | |\nb | | a |", **tree}), [])
        self.assertEqual(len(rooms.problems({TABLE: "a | made.def | |\nb | | |", **tree})), 1)

    def test_rows_that_are_wrong(self):
        def found(*rows: str) -> list[str]:
            return rooms.problems({TABLE: "\n".join(("header gmp gmpxx.h", *rows)), "a/a.cpp": ""})

        self.assertEqual(found("a | made.def | | gmp gmp@a.cpp"), [])
        self.assertEqual(found("a | | |", "b | | |"), [f"{TABLE}:3: b: no source is in this room"])
        self.assertEqual(found("a | s2 | |"), [f"{TABLE}:2: a: no header geocell/s2.hpp"])
        self.assertEqual(found("a | | b |"), [f"{TABLE}:2: a: no room b"])
        self.assertEqual(found("a | | | boost"), [f"{TABLE}:2: a: boost: no line `header` for it, or no such file"])
        elsewhere = f"{TABLE}:2: a: gmp@b.cpp: no line `header` for it, or no such file"
        self.assertEqual(found("a | | | gmp@b.cpp"), [elsewhere])
        self.assertEqual(found("a | | |", "a | |"), [f"{TABLE}:3: not a row of four columns"])
        self.assertEqual(found("a | | |", "a | | |"), [f"{TABLE}:3: a second row for a"])


if __name__ == "__main__":
    unittest.main()
