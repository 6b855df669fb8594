#!/usr/bin/env python3
"""A Lambda for tests: does what its payload says."""

import json
import os
import sys
import time
from http.client import HTTPConnection

connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def call(method: str, path: str, body: bytes | None = None):
    connection.request(method, "/2018-06-01/runtime/" + path, body)
    response = connection.getresponse()
    return response, response.read()


if os.environ.get("FAIL_INIT"):
    call("POST", "init/error", b'{"errorType":"Init.Failed","errorMessage":"no luck"}')
    sys.exit(1)
while True:
    response, payload = call("GET", "invocation/next")
    if response.status != 200:
        sys.exit(0)
    request_id = response.headers["Lambda-Runtime-Aws-Request-Id"]
    wish = json.loads(payload)
    kind = "response"
    answer = payload
    if str(wish.get("external_function")).endswith(".slow"):
        time.sleep(60)
    if "sleep" in wish:
        time.sleep(wish["sleep"])
    if "exit" in wish:
        sys.exit(wish["exit"])
    if "bytes" in wish:
        answer = b'"' + b"x" * (wish["bytes"] - 2) + b'"'
    if "error" in wish:
        kind, answer = "error", json.dumps({"errorType": "Echo.Error", "errorMessage": wish["error"]}).encode()
    if "about" in wish:
        about = {
            "pid": os.getpid(), "name": os.environ["AWS_LAMBDA_FUNCTION_NAME"], "setting": os.environ.get("SETTING"),
            "deadline_ms": int(response.headers["Lambda-Runtime-Deadline-Ms"]),
            "arn": response.headers["Lambda-Runtime-Invoked-Function-Arn"],
        }  # fmt: skip
        answer = json.dumps(about).encode()
    response, _ = call("POST", f"invocation/{request_id}/{kind}", answer)
    if "twice" in wish:
        response, _ = call("POST", f"invocation/{request_id}/{kind}", answer)
        print(json.dumps({"second answer": response.status}), flush=True)
