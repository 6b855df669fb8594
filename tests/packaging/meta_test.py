#!/usr/bin/env python3
"""META.json against PGXN's Meta Spec 1.0.0 (pgxn.org/spec) and against what the repository says elsewhere."""
import json
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
META = json.loads((ROOT / "META.json").read_text())
SEMVER = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")
TERM = re.compile(r"^[^/\\\s\x00-\x1f]{2,}$")
# The spec's strings for open source licences.
LICENSES = {"agpl_3", "apache_1_1", "apache_2_0", "artistic_1", "artistic_2", "bsd", "freebsd", "gfdl_1_2", "gfdl_1_3", "gpl_1", "gpl_2",
            "gpl_3", "lgpl_2_1", "lgpl_3_0", "mit", "mozilla_1_0", "mozilla_1_1", "openssl", "perl_5", "postgresql", "qpl_1_0", "ssleay",
            "sun", "zlib", "open_source", "restricted", "unrestricted", "unknown"}


class Meta(unittest.TestCase):
    def test_required_fields(self):
        for key in ("name", "version", "abstract", "maintainer", "license", "provides", "meta-spec"):
            self.assertIn(key, META)
        self.assertRegex(META["name"], TERM)
        self.assertRegex(META["version"], SEMVER)
        self.assertTrue(META["abstract"].strip())
        maintainers = [META["maintainer"]] if isinstance(META["maintainer"], str) else META["maintainer"]
        self.assertTrue(maintainers and all(isinstance(one, str) and one.strip() for one in maintainers))
        self.assertIn(META["license"], LICENSES)
        self.assertEqual(META["meta-spec"]["version"], "1.0.0")

    def test_provides(self):
        for name, provided in META["provides"].items():
            self.assertRegex(name, TERM)
            self.assertRegex(provided["version"], SEMVER)
            for key in ("file", "docfile"):
                self.assertTrue((ROOT / provided[key]).is_file(), f"{name}: {provided[key]} is not a file")

    def test_optional_fields(self):
        known = {"name", "version", "abstract", "maintainer", "license", "provides", "meta-spec", "description", "generated_by", "no_index",
                 "prereqs", "release_status", "resources", "tags"}
        unknown = {key for key in META if key not in known and not key.lower().startswith("x_")}
        self.assertEqual(unknown, set())
        self.assertIn(META["release_status"], {"stable", "testing", "unstable"})
        for tag in META["tags"]:
            self.assertTrue(0 < len(tag) < 256 and not re.search(r"[/\\\x00-\x1f]", tag), tag)
        for phase, relations in META["prereqs"].items():
            self.assertIn(phase, {"configure", "build", "test", "runtime", "develop"})
            for relation, packages in relations.items():
                self.assertIn(relation, {"requires", "recommends", "suggests", "conflicts"})
                for version in packages.values():
                    self.assertRegex(version, SEMVER)

    def test_extensions_are_those_of_control(self):
        controls = {path.name.removesuffix(".control.in") for path in (ROOT / "control").glob("*.control.in")}
        self.assertEqual(set(META["provides"]), controls)

    def test_version_is_the_project_s(self):
        version = re.search(r"^project\(geocell VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M).group(1)
        self.assertEqual({META["version"], *(one["version"] for one in META["provides"].values())}, {version})


if __name__ == "__main__":
    unittest.main()
