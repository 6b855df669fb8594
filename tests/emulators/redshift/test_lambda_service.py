"""The Lambda service: the Invoke call, environments, limits; in both ways of running a bootstrap."""

import json
import subprocess
import tempfile
import threading
import time
import unittest
import zipfile
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from emulators.redshift.standin.lambda_service import PAYLOAD_LIMIT, FunctionSettings, LambdaService, unpack_package

TESTS = Path(__file__).resolve().parents[2]
RUNTIME_API = TESTS / "emulators" / "runtime_api"
ECHO = RUNTIME_API / "echo_bootstrap.py"


class Service(unittest.TestCase):
    EMULATOR = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        functions = [
            FunctionSettings("echo", ECHO, {"SETTING": "on"}, timeout_s=60, concurrency=3),
            FunctionSettings("other", ECHO, timeout_s=4),
            FunctionSettings("broken", ECHO, {"FAIL_INIT": "1"}),
        ]
        cls.service = LambdaService(cls.folder, functions, cls.EMULATOR)
        cls.addClassCleanup(cls.service.close)

    def invoke(self, name: str, wish, raw: bytes | None = None):
        connection = HTTPConnection(self.service.endpoint.removeprefix("http://"), timeout=60)
        body = json.dumps(wish).encode() if raw is None else raw
        connection.request("POST", f"/2015-03-31/functions/{quote(name, safe='')}/invocations", body)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, response.headers, answer

    def test_by_name_and_arn(self):
        for name in (
            "echo",
            "echo:$LATEST",
            "arn:aws:lambda:us-east-1:1:function:echo",
            "arn:aws:lambda:us-east-1:1:function:echo:7",
        ):
            status, headers, body = self.invoke(name, {"about": 1})
            self.assertEqual(
                (status, headers["X-Amz-Function-Error"], json.loads(body)["name"]), (200, None, "echo"), name
            )

    def test_what_the_function_is_told(self):
        told = json.loads(self.invoke("echo", {"about": 1})[2])
        self.assertEqual((told["name"], told["setting"]), ("echo", "on"))
        self.assertAlmostEqual(told["deadline_ms"] / 1000, time.time() + 60, delta=20)

    def test_an_unknown_function_and_a_bad_payload(self):
        status, headers, _ = self.invoke("nobody", {})
        self.assertEqual((status, headers["x-amzn-ErrorType"]), (404, "ResourceNotFoundException"))
        status, headers, _ = self.invoke("echo", None, b"{")
        self.assertEqual((status, headers["x-amzn-ErrorType"]), (400, "InvalidRequestContentException"))

    def test_the_error_of_a_function(self):
        status, headers, body = self.invoke("echo", {"error": "café"})
        self.assertEqual((status, headers["X-Amz-Function-Error"]), (200, "Unhandled"))
        self.assertEqual(json.loads(body), {"errorType": "Echo.Error", "errorMessage": "café"})

    def test_an_environment_is_used_again_but_not_after_it_ended(self):
        first = json.loads(self.invoke("other", {"about": 1})[2])["pid"]
        self.assertEqual(json.loads(self.invoke("other", {"about": 1})[2])["pid"], first)
        status, headers, body = self.invoke("other", {"exit": 3})
        self.assertEqual((status, headers["X-Amz-Function-Error"]), (200, "Unhandled"))
        self.assertIn("Runtime.ExitError", body.decode())
        self.assertNotEqual(json.loads(self.invoke("other", {"about": 1})[2])["pid"], first)

    def test_a_timeout(self):
        start = time.monotonic()
        _, headers, body = self.invoke("other", {"sleep": 60})
        self.assertEqual(headers["X-Amz-Function-Error"], "Unhandled")
        self.assertIn("Task timed out after 4.00 seconds", body.decode())
        self.assertLess(time.monotonic() - start, 30)
        self.assertEqual(self.invoke("other", {"x": 1})[2], b'{"x": 1}')

    def test_several_at_once_up_to_the_concurrency(self):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.invoke("echo", {"sleep": 2, "about": 1}), range(4)))
        self.assertEqual(sorted(status for status, _, _ in answers), [200, 200, 200, 429])
        refused = next(answer for answer in answers if answer[0] == 429)
        self.assertEqual(refused[1]["x-amzn-ErrorType"], "TooManyRequestsException")
        self.assertEqual(json.loads(refused[2])["message"], "Rate Exceeded.")
        self.assertEqual(len({json.loads(body)["pid"] for status, _, body in answers if status == 200}), 3)

    def test_large_payloads(self):
        text = json.dumps("y" * (5 * 1024 * 1024)).encode()
        wish = b'{"x": ' + text + b"}"
        self.assertEqual(self.invoke("echo", None, wish)[2], wish)
        status, _, body = self.invoke("echo", {"bytes": PAYLOAD_LIMIT})
        self.assertEqual((status, len(body)), (200, PAYLOAD_LIMIT))


class OwnRuntimeApi(Service):
    def test_limits_of_six_megabytes(self):
        status, headers, _ = self.invoke("echo", None, b'"' + b"x" * PAYLOAD_LIMIT + b'"')
        self.assertEqual((status, headers["x-amzn-ErrorType"]), (413, "RequestTooLargeException"))
        _, headers, body = self.invoke("echo", {"bytes": PAYLOAD_LIMIT + 1})
        self.assertEqual(headers["X-Amz-Function-Error"], "Unhandled")
        self.assertEqual(json.loads(body)["errorType"], "Function.ResponseSizeTooLarge")

    def test_a_bootstrap_that_cannot_start(self):
        _, headers, body = self.invoke("broken", {})
        self.assertEqual(headers["X-Amz-Function-Error"], "Unhandled")
        self.assertEqual(json.loads(body), {"errorType": "Init.Failed", "errorMessage": "no luck"})

    def test_a_second_answer_is_refused(self):
        self.assertEqual(self.invoke("echo", {"twice": 1})[0], 200)
        give_up = time.monotonic() + 30
        while '"second answer": 403' not in (self.folder / "echo.log").read_text():
            self.assertLess(time.monotonic(), give_up)
            time.sleep(0.02)

    def test_closing_ends_every_process(self):
        service = LambdaService(self.folder / "short", [FunctionSettings("echo", ECHO)])
        connection = HTTPConnection(service.endpoint.removeprefix("http://"))
        connection.request("POST", "/2015-03-31/functions/echo/invocations", b'{"about": 1}')
        pid = json.loads(connection.getresponse().read())["pid"]
        connection.request("POST", "/2015-03-31/functions/echo/invocations", b'{"sleep": 60}')
        start = time.monotonic()
        time.sleep(0.2)
        service.close()
        self.assertFalse(Path(f"/proc/{pid}").exists())
        self.assertIn(b"Runtime.ExitError", connection.getresponse().read())
        connection.close()
        self.assertLess(time.monotonic() - start, 30)


class Emulator(Service):
    """Through the code that drives AWS's emulator; here against one that does what is documented of it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.EMULATOR = Path(folder.name) / "emulator"
        cls.EMULATOR.write_text(f'#!/bin/sh\nPYTHONPATH={TESTS} exec {RUNTIME_API}/documented_emulator.py "$@"\n')
        cls.EMULATOR.chmod(0o755)
        super().setUpClass()


del Service  # only its subclasses are tests


class Package(unittest.TestCase):
    def test_modes_are_kept_and_a_bootstrap_is_needed(self):
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / "p.zip"
            with zipfile.ZipFile(package, "w") as archive:
                entry = zipfile.ZipInfo("lib/x")
                entry.external_attr = 0o100640 << 16
                archive.writestr(entry, "x")
            with self.assertRaisesRegex(ValueError, "no executable file"):
                unpack_package(package, Path(folder) / "none")
            with zipfile.ZipFile(package, "a") as archive:
                entry = zipfile.ZipInfo("bootstrap")
                entry.external_attr = 0o100755 << 16
                archive.writestr(entry, "#!/bin/sh\necho hello\n")
            bootstrap = unpack_package(package, Path(folder) / "one")
            self.assertEqual(subprocess.run([bootstrap], capture_output=True).stdout, b"hello\n")
            self.assertEqual((Path(folder) / "one/lib/x").stat().st_mode & 0o777, 0o640)


if __name__ == "__main__":
    unittest.main()
