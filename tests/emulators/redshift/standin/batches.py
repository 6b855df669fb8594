"""Calls of external functions as Redshift makes them: rows in batches, slices at once, answers checked."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

from .external_function import ExternalFunction

# AWS's documentation shows both places: the Lambda said no, and Lambda itself could not be called.
CODE_FUNCTION, LOCATION_FUNCTION = 32004, "exfunc_data.cpp:276"
CODE_CLIENT, LOCATION_CLIENT = 32103, "exfunc_client.cpp:102"
RETRIED = ("TooManyRequestsException", "EC2ThrottledException", "ServiceException")
FIRST_PAUSE_S = 0.1
VARCHAR_BYTES = 65_535
LARGE_VARCHAR_BYTES = 16_000_000
INTEGER_RANGES = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


class ExternalFunctionError(Exception):
    """`detail` has the shape that Redshift shows."""

    def __init__(self, message: str, query_id: int, code: int = CODE_FUNCTION, location: str = LOCATION_FUNCTION):
        super().__init__(message)
        line = "-----------------------------------------------"
        self.message = message
        self.row: str | None = None  # the row that failed, where it is known
        self.detail = (
            f"\n  {line}\n  error:  {message}\n  code:      {code}\n  context:   \n  query:     {query_id}\n"
            f"  location:  {location}\n  process:   query0_1_{query_id} [pid=0]\n  {line}\n"
        )


@dataclass
class Caller:
    """Who calls: what a request says beside its rows."""

    user: str
    database: str
    query_id: int
    cancelled: threading.Event = field(default_factory=threading.Event)


class Cancelled(Exception):
    pass


def split_endpoint(endpoint: str) -> tuple[tuple[str, int], str]:
    """Host and port, and the path before Lambda's own. Raises ValueError."""
    parts = urlsplit(endpoint)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f'Invalid Lambda endpoint "{endpoint}"; should be like http://127.0.0.1:9000')
    return (parts.hostname, parts.port or 80), parts.path.rstrip("/")


class Invoker:
    """Sends batches to `endpoint`; several sessions share one. Each batch is a line of `log`."""

    def __init__(self, endpoint: str, slices: int, large_strings: bool, log: Path):
        self._address, self._base = split_endpoint(endpoint)
        self._slices = slices
        self._varchar_bytes = LARGE_VARCHAR_BYTES if large_strings else VARCHAR_BYTES
        self._log, self._log_lock = log, threading.Lock()
        log.touch()
        self._pool = ThreadPoolExecutor(max_workers=32)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def answer(self, function: ExternalFunction, rows: list[str], caller: Caller) -> list:
        """The rows' values, in order. Raises ExternalFunctionError, Cancelled.

        Each slice has its share of the rows and sends one batch after the other.
        """
        share = -(-len(rows) // self._slices)
        slices = [rows[i : i + share] for i in range(0, len(rows), share)]
        futures = [self._pool.submit(self._answer_slice, function, part, caller) for part in slices]
        results = [future.exception() or future.result() for future in futures]
        for result in results:
            if isinstance(result, Exception):
                raise result
        return [value for part in results for value in part]

    def _answer_slice(self, function: ExternalFunction, rows: list[str], caller: Caller) -> list:
        values: list = []
        connection = HTTPConnection(*self._address, timeout=None)
        try:
            for batch in split_batches(rows, function.max_batch_rows, function.max_batch_bytes):
                values += self._answer_batch(connection, function, batch, caller)
        finally:
            connection.close()
        return values

    def _answer_batch(self, connection, function: ExternalFunction, batch: list[str], caller: Caller) -> list:
        self._check_arguments(batch, caller)
        request = build_request(function, batch, caller)
        start = time.monotonic()
        payload = self._invoke(connection, function, request, caller)
        entry = {
            "function": function.name, "lambda": function.lambda_name, "query": caller.query_id, "rows": len(batch),
            "request_bytes": len(request), "response_bytes": len(payload),
            "ms": round((time.monotonic() - start) * 1000, 3),
        }  # fmt: skip
        with self._log_lock, self._log.open("a") as log:
            log.write(json.dumps(entry) + "\n")
        try:
            return read_response(payload, function, len(batch), self._varchar_bytes, caller.query_id)
        except ExternalFunctionError as error:
            named = re.match(r"Error processing row (\d+):", error.message)
            if named and int(named[1]) < len(batch):
                error.row = batch[int(named[1])]
            raise

    def _check_arguments(self, batch: list[str], caller: Caller) -> None:
        for row in batch:
            if len(row) <= self._varchar_bytes // 6:  # not even if every character is an escape or four bytes
                continue
            for value in json.loads(row):
                if isinstance(value, str) and len(value.encode()) > self._varchar_bytes:
                    raise ExternalFunctionError(
                        f"Value too long for character type: an argument of {len(value.encode())} bytes, the limit is "
                        f"{self._varchar_bytes}", caller.query_id, 8001, "funcs_string.hpp:395",
                    )  # fmt: skip

    def _invoke(self, connection, function: ExternalFunction, request: bytes, caller: Caller) -> bytes:
        path = f"{self._base}/2015-03-31/functions/{quote(function.lambda_name, safe='')}/invocations"
        waited, pause = 0.0, FIRST_PAUSE_S
        while True:
            if caller.cancelled.is_set():
                raise Cancelled
            try:
                connection.request("POST", path, request, {"Content-Type": "application/json"})
                response = connection.getresponse()
                body = response.read()
            except (OSError, HTTPException) as error:
                raise ExternalFunctionError(
                    f"Lambda cannot be reached: {error}", caller.query_id, CODE_CLIENT, LOCATION_CLIENT
                ) from None
            if response.status < 300:
                if response.getheader("X-Amz-Function-Error"):
                    raise ExternalFunctionError(function_error_text(body), caller.query_id)
                return body
            kind = (response.getheader("x-amzn-ErrorType") or "ServiceException").split(":")[0]
            retried = kind in RETRIED
            if not retried or waited + pause > function.retry_timeout_ms / 1000:
                try:
                    document = json.loads(body)
                    text = document.get("Message") or document.get("message") or ""
                except (ValueError, AttributeError):
                    text = f"HTTP status {response.status}"
                raise ExternalFunctionError(
                    f"{text}; Exception: {kind}; ShouldRetry: {int(retried)}",
                    caller.query_id,
                    CODE_CLIENT,
                    LOCATION_CLIENT,
                )
            if caller.cancelled.wait(pause):
                raise Cancelled
            waited, pause = waited + pause, pause * 2


def function_error_text(body: bytes) -> str:
    try:
        document = json.loads(body)
        return f"{document['errorType']}: {document['errorMessage']}"
    except (ValueError, KeyError, TypeError):
        return "the Lambda function failed: " + body[:500].decode(errors="replace")


def split_batches(rows: list[str], max_rows: int, max_bytes: int):
    """`rows` in runs of at most `max_rows` rows and `max_bytes` bytes; a row that is too large goes alone."""
    batch: list[str] = []
    size = 0
    for row in rows:
        length = len(row.encode()) + 1
        if batch and (len(batch) == max_rows or size + length > max_bytes):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        yield batch


def build_request(function: ExternalFunction, batch: list[str], caller: Caller) -> bytes:
    head = {
        "request_id": str(uuid.uuid4()),
        "cluster": "arn:aws:redshift:us-east-1:000000000000:cluster:redshift-local",
        "user": caller.user,
        "database": caller.database,
        "external_function": function.name,
        "query_id": caller.query_id,
        "num_records": len(batch),
    }
    # Of a function without arguments there are no rows to send, only their number.
    arguments = "null" if batch[0] == "[]" else "[" + ",".join(batch) + "]"
    return (json.dumps(head, ensure_ascii=False)[:-1] + ', "arguments": ' + arguments + "}").encode()


def read_response(payload: bytes, function: ExternalFunction, count: int, varchar_bytes: int, query_id: int) -> list:
    """The values in a Lambda's response: a JSON string that holds the document (an object is an error in Redshift)."""

    def invalid(what: str) -> ExternalFunctionError:
        return ExternalFunctionError(f"Invalid External Function Response. {what}", query_id)

    try:
        text = json.loads(payload)
        if not isinstance(text, str):
            raise invalid("Empty format: the payload should be a JSON string that holds the document")
        document = json.loads(text, parse_float=Decimal)
        if not isinstance(document, dict):
            raise invalid("the document should be a JSON object")
    except ValueError as error:
        raise invalid(f"it is no JSON: {error}") from None
    if document.get("success") in (False, "false"):
        raise ExternalFunctionError(str(document.get("error_msg", "")), query_id)
    results = document.get("results")
    if not isinstance(results, list) or len(results) != count:
        given = len(results) if isinstance(results, list) else "no"
        raise invalid(f"it has {given} results for {count} rows")
    if document.get("num_records", count) != count:
        raise invalid(f"num_records is {document['num_records']}, the request had {count} rows")
    return [_read_value(value, function.returns, varchar_bytes, invalid) for value in results]


def _read_value(value, returns: str, varchar_bytes: int, invalid):
    """What PL/Python turns into a value of the type: text of all but booleans."""
    if value is None:
        return None
    if returns == "boolean":
        if value in ("true", "false"):
            value = value == "true"
        if not isinstance(value, bool):
            raise invalid(f"{value!r} is no boolean")
        return value
    if isinstance(value, bool) or isinstance(value, (list, dict)):
        raise invalid(f"{json.dumps(value)[:100]} is no {returns}")
    if returns in INTEGER_RANGES:
        if not isinstance(value, int) and not (isinstance(value, str) and re.fullmatch(r"-?\d+", value)):
            raise invalid(f'"{value}" is no {returns}')
        bound = INTEGER_RANGES[returns]
        if not -bound <= int(value) < bound:
            raise invalid(f"{value} is out of the range of {returns}")
        return str(value)
    if returns in ("numeric", "real", "double precision"):
        try:
            Decimal(value)
        except InvalidOperation:
            raise invalid(f'"{value}" is no {returns}') from None
        return str(value)
    text = value if isinstance(value, str) else str(value)
    if returns == "varchar" and len(text.encode()) > varchar_bytes:
        raise invalid(f"a value has {len(text.encode())} bytes, the limit of VARCHAR is {varchar_bytes}")
    return text
