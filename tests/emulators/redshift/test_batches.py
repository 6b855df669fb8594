"""Batches to a Lambda whose every answer the test decides: requests, retries, and answers that are not as they should be."""

import json
import tempfile
import threading
import time
import unittest
from http.server import ThreadingHTTPServer
from pathlib import Path

from emulators.redshift.standin.batches import Cancelled, Caller, ExternalFunctionError, Invoker, split_batches
from emulators.redshift.standin.external_function import ExternalFunction
from emulators.redshift.standin.lambda_service import _Handler


def function(returns: str = "bigint", **changes) -> ExternalFunction:
    values = {
        "name": "s.f", "returns": returns, "volatility": "STABLE", "lambda_name": "f", "retry_timeout_ms": 20000,
        "max_batch_rows": 2**31 - 1, "max_batch_bytes": 5 * 1024 * 1024,
    }  # fmt: skip
    return ExternalFunction(**{**values, **changes})


def answered(*results, **fields) -> bytes:
    return json.dumps(json.dumps({"success": True, "num_records": len(results), "results": results, **fields})).encode()


class Answers(unittest.TestCase):
    def setUp(self):
        self.requests: list[dict] = []
        self.responses: list[tuple[int, bytes, dict]] = []  # the last one is given again and again
        test = self

        class Handler(_Handler):
            def do_POST(self):
                body = json.loads(self.body())
                with test.lock:
                    test.requests.append({"path": self.path, **body})
                    status, payload, headers = test.responses[0] if len(test.responses) == 1 else test.responses.pop(0)
                if callable(payload):
                    payload = payload(body)
                self.reply(status, payload, headers)

        self.lock = threading.Lock()
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"
        self.endpoint = f"http://127.0.0.1:{server.server_address[1]}/base"
        self.invoker = Invoker(self.endpoint, 2, False, self.log)
        self.addCleanup(self.invoker.close)

    def ask(self, payload, rows=("[1]",), of=None, status=200, headers=None):
        self.responses = [(status, payload, headers or {})]
        return self.invoker.answer(of or function(), list(rows), Caller("me", "dev", 7))

    def refused(self, payload, *args, **kwargs) -> ExternalFunctionError:
        with self.assertRaises(ExternalFunctionError) as raised:
            self.ask(payload, *args, **kwargs)
        return raised.exception

    def test_the_request(self):
        rows = ['[1,"é\\"",null,9223372036854775807]', "[2,null,true,-1]"]
        invoker = Invoker(self.endpoint, 1, False, self.log)
        self.responses = [(200, answered(1, 2), {})]
        invoker.answer(function(lambda_name="my-lambda"), rows, Caller("me", "dev", 7))
        request = self.requests[0]
        self.assertEqual(request["path"], "/base/2015-03-31/functions/my-lambda/invocations")
        self.assertEqual(request["arguments"], [[1, 'é"', None, 9223372036854775807], [2, None, True, -1]])
        self.assertEqual(
            {key: request[key] for key in ("user", "database", "external_function", "query_id", "num_records")},
            {"user": "me", "database": "dev", "external_function": "s.f", "query_id": 7, "num_records": 2},
        )
        self.assertRegex(request["cluster"], "^arn:aws:redshift:")

    def test_without_arguments_only_the_number_is_sent(self):
        invoker = Invoker(self.endpoint, 1, False, self.log)
        self.responses = [(200, answered(5, 5, 5), {})]
        self.assertEqual(invoker.answer(function(), ["[]"] * 3, Caller("me", "dev", 7)), ["5", "5", "5"])
        self.assertEqual((self.requests[0]["arguments"], self.requests[0]["num_records"]), (None, 3))

    def test_order_over_slices_and_batches(self):
        echo = lambda request: answered(*(row[0] for row in request["arguments"]))
        values = self.ask(echo, [f"[{n}]" for n in range(23)], function(max_batch_rows=5))
        self.assertEqual(values, [str(n) for n in range(23)])
        self.assertEqual(sorted(request["num_records"] for request in self.requests), [1, 2, 5, 5, 5, 5])
        self.assertEqual(len({request["request_id"] for request in self.requests}), 6)
        self.assertEqual(len(self.log.read_text().splitlines()), 6)

    def test_batches_by_bytes(self):
        rows = ["[1234]", "[1]", "[12]", "[1234567]"]
        self.assertEqual(list(split_batches(rows, 100, 12)), [["[1234]", "[1]"], ["[12]"], ["[1234567]"]])
        self.assertEqual(list(split_batches(rows, 100, 3)), [[row] for row in rows])
        self.assertEqual(list(split_batches(rows, 3, 1000)), [rows[:3], rows[3:]])

    def test_values(self):
        for returns, sent, got in (
            ("bigint", 9223372036854775807, "9223372036854775807"),
            ("bigint", "-9223372036854775808", "-9223372036854775808"),
            ("integer", None, None),
            ("boolean", True, True),
            ("boolean", "false", False),
            ("double precision", "0.1", "0.1"),
            ("double precision", 1.5, "1.5"),
            ("numeric", 12345678901234567890, "12345678901234567890"),
            ("varchar", "[1]", "[1]"),
            ("varchar", 12, "12"),
        ):
            self.assertEqual(self.ask(answered(sent), of=function(returns)), [got], (returns, sent))

    def test_values_that_are_none(self):
        for returns, sent, part in (
            ("bigint", 9223372036854775808, "9223372036854775808 is out of the range of bigint"),
            ("smallint", "40000", "40000 is out of the range of smallint"),
            ("bigint", 1.5, '"1.5" is no bigint'),
            ("bigint", True, "true is no bigint"),
            ("varchar", [1], "[1] is no varchar"),
            ("boolean", 1, "1 is no boolean"),
            ("double precision", "x", '"x" is no double precision'),
            ("varchar", "é" * 32768, "a value has 65536 bytes, the limit of VARCHAR is 65535"),
        ):
            self.assertIn(part, self.refused(answered(sent), of=function(returns)).message)
        large = Invoker(self.endpoint, 1, True, self.log)
        self.responses = [(200, answered("é" * 32768), {})]
        self.assertEqual(len(large.answer(function("varchar"), ["[1]"], Caller("me", "dev", 7))[0]), 32768)

    def test_documents_that_are_none(self):
        for payload, part in (
            (json.dumps({"results": [1]}).encode(), "Empty format"),
            (b"", "no JSON"),
            (json.dumps("{").encode(), "no JSON"),
            (json.dumps("[]").encode(), "should be a JSON object"),
            (answered(1, 2), "it has 2 results for 1 rows"),
            (json.dumps("{}").encode(), "it has no results for 1 rows"),
            (answered(1, num_records=4), "num_records is 4, the request had 1 rows"),
        ):
            error = self.refused(payload)
            self.assertIn(part, error.message)
            self.assertIn("Invalid External Function Response", error.detail)

    def test_results_alone_are_enough(self):
        self.assertEqual(self.ask(json.dumps('{"results": [4]}').encode()), ["4"])

    def test_the_error_of_a_row(self):
        failed = json.dumps(
            json.dumps({"success": False, "num_records": 2, "results": [], "error_msg": "Error processing row 1: ä"})
        )
        error = self.refused(failed.encode(), ["[1]", "[2]", "[3]", "[4]"])
        self.assertEqual(error.message, "Error processing row 1: ä")
        self.assertIn(error.row, ("[2]", "[4]"))
        self.assertIn("code:      32004", error.detail)
        self.assertIn("query:     7\n", error.detail)

    def test_the_error_of_a_function_is_not_tried_again(self):
        error = self.refused(b'{"errorType":"T","errorMessage":"m"}', headers={"X-Amz-Function-Error": "Unhandled"})
        self.assertEqual((error.message, len(self.requests)), ("T: m", 1))

    def test_throttles_are_tried_again(self):
        throttle = (429, b'{"message": "Rate Exceeded."}', {"x-amzn-ErrorType": "TooManyRequestsException"})
        self.responses = [throttle, throttle, (200, answered(3), {})]
        self.assertEqual(self.invoker.answer(function(), ["[1]"], Caller("me", "dev", 7)), ["3"])
        self.assertEqual(len(self.requests), 3)

    def test_throttles_until_the_timeout(self):
        throttle = {"status": 429, "headers": {"x-amzn-ErrorType": "TooManyRequestsException"}}
        text = "Rate Exceeded.; Exception: TooManyRequestsException; ShouldRetry: 1"
        payload = b'{"message": "Rate Exceeded."}'
        error = self.refused(payload, of=function(retry_timeout_ms=0), **throttle)
        self.assertEqual((error.message, len(self.requests)), (text, 1))
        self.assertIn("code:      32103", error.detail)
        # Pauses of 0.1 and 0.2 s fit into 0.5 s, a third one of 0.4 s does not.
        self.assertEqual(self.refused(payload, of=function(retry_timeout_ms=500), **throttle).message, text)
        self.assertEqual(len(self.requests), 1 + 3)

    def test_other_failures_are_not_tried_again(self):
        error = self.refused(b'{"Message": "no"}', status=403, headers={"x-amzn-ErrorType": "AccessDeniedException"})
        self.assertEqual(error.message, "no; Exception: AccessDeniedException; ShouldRetry: 0")
        self.assertEqual(len(self.requests), 1)

    def test_nobody_there(self):
        invoker = Invoker("http://127.0.0.1:9", 1, False, self.log)
        with self.assertRaisesRegex(ExternalFunctionError, "Lambda cannot be reached"):
            invoker.answer(function(), ["[1]"], Caller("me", "dev", 7))
        with self.assertRaisesRegex(ValueError, 'Invalid Lambda endpoint "ftp://x"'):
            Invoker("ftp://x", 1, False, self.log)

    def test_an_argument_that_is_too_long(self):
        self.responses = [(200, answered(1), {})]
        long = json.dumps(["x" * 65536])
        self.assertIn("an argument of 65536 bytes, the limit is 65535", self.refused(answered(1), [long]).message)
        self.assertEqual(self.requests, [])
        self.assertEqual(self.ask(answered(1), [json.dumps(["x" * 65535])]), ["1"])

    def test_cancelling_ends_the_pause_before_another_try(self):
        self.responses = [(429, b"{}", {"x-amzn-ErrorType": "TooManyRequestsException"})]
        caller = Caller("me", "dev", 7)
        threading.Timer(0.3, caller.cancelled.set).start()
        start = time.monotonic()
        with self.assertRaises(Cancelled):
            self.invoker.answer(function(), ["[1]"], caller)
        self.assertLess(time.monotonic() - start, 15)


if __name__ == "__main__":
    unittest.main()
