"""The program: what it prints, its exit codes, and that it leaves nothing behind."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "redshift_local.py"
BOOTSTRAP = HERE.parent / "runtime_api" / "echo_bootstrap.py"


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name) / "standin"
        self.addCleanup(self.run_program, "stop", "--dir", self.dir)

    def run_program(self, *arguments, **more) -> subprocess.CompletedProcess:
        environment = {**os.environ, "AWS_LAMBDA_RIE": ""}
        return subprocess.run(
            [PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=240, **more
        )

    def processes(self) -> list[str]:
        """Command lines that name our folder."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode() if entry.name.isdigit() else ""
            except OSError:
                continue
            if str(self.dir) in command and int(entry.name) != os.getpid():
                found.append(command)
        return found

    def test_a_life(self):
        self.assertEqual(self.run_program("status", "--dir", self.dir).returncode, 1)
        refused = self.run_program("env", "--dir", self.dir)
        self.assertEqual(
            (refused.returncode, refused.stderr),
            (1, f"redshift_local: no stand-in runs in {self.dir}; start it first\n"),
        )
        started = self.run_program("start", "--dir", self.dir, "--bootstrap", BOOTSTRAP)
        self.assertEqual(started.returncode, 0, started.stderr)
        self.assertRegex(
            started.stdout, r"^Redshift's stand-in runs on 127\.0\.0\.1:\d+ \(user awsuser, database dev\)\n$"
        )
        self.assertEqual(self.run_program("status", "--dir", self.dir).returncode, 0)
        self.assertIn("export PGUSER=awsuser", self.run_program("env", "--dir", self.dir).stdout)
        answer = self.run_program(
            "psql",
            "--dir",
            self.dir,
            "--",
            "-XAt",
            input="SELECT version() LIKE '%Redshift%';\nSELECT JSON_PARSE('[1]');\n",
        )
        self.assertEqual((answer.returncode, answer.stdout), (0, "t\n[1]\n"))
        again = self.run_program(
            "session", "--dir", self.dir, "--bootstrap", BOOTSTRAP, "--", "-XAt", input="SELECT 2;\n"
        )
        self.assertEqual((again.returncode, again.stdout), (0, "2\n"))
        self.assertEqual(self.run_program("status", "--dir", self.dir).returncode, 0)
        self.assertEqual(self.run_program("stop", "--dir", self.dir).returncode, 0)
        self.assertEqual((self.processes(), self.dir.exists()), ([], False))

    def test_run_gives_the_commands_exit_code_and_leaves_nothing(self):
        load = self.dir.parent / "load.sql"
        load.write_text("CREATE TABLE loaded (v VARCHAR(MAX)) DISTSTYLE ALL; INSERT INTO loaded VALUES ('x')")
        ran = self.run_program(
            "run", "--dir", self.dir, "--bootstrap", BOOTSTRAP, "--load", load, "--",
            "sh", "-c", 'psql -XAtc "SELECT v FROM loaded"; test -n "$REDSHIFT_LOCAL_LAMBDA_ENDPOINT" && exit 7',
        )  # fmt: skip
        self.assertEqual((ran.returncode, ran.stdout), (7, "x\n"), ran.stderr)
        self.assertEqual((self.processes(), self.dir.exists()), ([], False))

    def test_what_cannot_start(self):
        for option, value, part in (
            ("--package", BOOTSTRAP, "is not a zip file"),
            ("--lambda-endpoint", "ftp://x", 'Invalid Lambda endpoint "ftp://x"'),
            ("--bootstrap", "/nonexistent/bootstrap", "/nonexistent/bootstrap is no program"),
        ):
            with self.subTest(option):
                refused = self.run_program("run", "--dir", self.dir, option, value, "--", "true")
                self.assertEqual(refused.returncode, 1)
                self.assertIn(part, refused.stderr)
                self.assertEqual((self.processes(), self.dir.exists()), ([], False))


if __name__ == "__main__":
    unittest.main()
