#!/usr/bin/env python3
"""What is documented of AWS's Runtime Interface Emulator, to test the code that drives the real one: its flags, the one
path, one invocation at a time, HTTP 200 for a function's error and no headers that say so, plain text after a timeout.
"""

import argparse
import os
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from emulators.redshift.standin import lambda_service
from emulators.redshift.standin.lambda_service import FunctionSettings

parser = argparse.ArgumentParser()
parser.add_argument("--log-level")
parser.add_argument("--runtime-api-address", required=True)
parser.add_argument("--runtime-interface-emulator-address", required=True)
parser.add_argument("bootstrap")
parser.add_argument("handler")
args = parser.parse_args()

timeout_s = float(os.environ.get("AWS_LAMBDA_FUNCTION_TIMEOUT", "300"))
environment = {name: value for name, value in os.environ.items() if name != "AWS_LAMBDA_RUNTIME_API"}
settings = FunctionSettings(environment["AWS_LAMBDA_FUNCTION_NAME"], Path(args.bootstrap), environment, timeout_s)
lock = threading.Lock()
environments = []


class Handler(lambda_service._Handler):
    def do_POST(self):
        payload = self.body()
        if self.path != "/2015-03-31/functions/function/invocations":
            return self.reply(404)
        if not lock.acquire(blocking=False):
            return self.reply(400)
        try:
            if not environments or not environments[0].alive():
                environments[:] = [lambda_service._Environment(settings, Path("/dev/stdout"))]
            outcome = environments[0].invoke(payload)
        finally:
            lock.release()
        if b"Sandbox.Timedout" in outcome.payload:
            return self.reply(200, f"Task timed out after {timeout_s:.2f} seconds".encode())
        self.reply(502 if b"Runtime.ExitError" in outcome.payload else 200, outcome.payload)


host, port = args.runtime_interface_emulator_address.split(":")
ThreadingHTTPServer.daemon_threads = True
try:
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
