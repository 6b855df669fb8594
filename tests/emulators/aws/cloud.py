"""AWS on this machine, for the gateway's tests: moto, and around it what moto lacks.

- every request is logged by name (lambda.CreateFunction), so that a test can say what was sent, or that nothing was;
- faults by name: an AWS error, a cut connection, an answer held back until the test lets go, as often as the test says;
- Lambda's Invoke runs the zip that was deployed (moto would not);
- ECR's upload of layers (ecr_uploads.py);
- Redshift: clusters with roles, serverless workgroups, and the Data API with its states, in front of a real database.

Control: POST /__test__/reset, /__test__/script (JSON), /__test__/held (waits until an answer is held back), /__test__/let_go,
GET /__test__/log.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

sys.dont_write_bytecode = True

import moto.awslambda.models  # noqa: E402
from moto.awslambda_simple.models import lambda_simple_backends  # noqa: E402
from moto.core.config import default_user_config  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.test import Client  # noqa: E402

from ..redshift.standin.lambda_service import FunctionSettings, _Function, unpack_package  # noqa: E402
from .ecr_uploads import EcrFault, EcrUploads  # noqa: E402

moto.awslambda.models.lambda_backends = lambda_simple_backends  # layers are looked for in the other, else
default_user_config["lambda"]["use_docker"] = False
ACCOUNT = "123456789012"

LAMBDA_CALLS = [
    ("POST", r"/2015-03-31/functions/?$", "CreateFunction"),
    ("GET", r"/2015-03-31/functions/?$", "ListFunctions"),
    ("PUT", r"/2015-03-31/functions/[^/]+/code$", "UpdateFunctionCode"),
    ("PUT", r"/2015-03-31/functions/[^/]+/configuration$", "UpdateFunctionConfiguration"),
    ("GET", r"/2015-03-31/functions/[^/]+/configuration$", "GetFunctionConfiguration"),
    ("POST", r"/2015-03-31/functions/[^/]+/policy$", "AddPermission"),
    ("GET", r"/2015-03-31/functions/[^/]+/policy$", "GetPolicy"),
    ("DELETE", r"/2015-03-31/functions/[^/]+/policy/", "RemovePermission"),
    ("POST", r"/2015-03-31/functions/[^/]+/invocations$", "Invoke"),
    ("GET", r"/2015-03-31/functions/[^/]+$", "GetFunction"),
    ("DELETE", r"/2015-03-31/functions/[^/]+$", "DeleteFunction"),
    ("POST", r"/2018-10-31/layers/[^/]+/versions$", "PublishLayerVersion"),
    ("GET", r"/2018-10-31/layers/[^/]+/versions$", "ListLayerVersions"),
    ("DELETE", r"/2018-10-31/layers/[^/]+/versions/", "DeleteLayerVersion"),
    ("GET", r"/2017-03-31/tags/", "ListTags"),
    ("POST", r"/2017-03-31/tags/", "TagResource"),
]
TARGETS = {"Logs_20140328": "logs", "RedshiftData": "redshift-data", "RedshiftServerless": "redshift-serverless",
           "AmazonEC2ContainerRegistry_V20150921": "ecr"}


def name_of(method: str, path: str, headers, body: bytes) -> str:
    target = headers.get("X-Amz-Target")
    if target:
        service, operation = target.split(".", 1)
        return f"{TARGETS.get(service, service)}.{operation}"
    for wanted, pattern, operation in LAMBDA_CALLS:
        if method == wanted and re.match(pattern, path):
            return f"lambda.{operation}"
    scope = re.search(r"Credential=[^/]*/[^/]*/[^/]*/([^/]*)/", headers.get("Authorization", ""))
    if scope and scope[1] == "s3":
        return f"s3.{method.capitalize()}{'Object' if path.count('/') > 1 else 'Bucket'}"
    form = parse_qs(body[:10000].decode("latin-1"))
    if "Action" in form:
        return f"{scope[1] if scope else 'unknown'}.{form['Action'][0]}"
    return f"{method} {path}"


class Cloud:
    """What a test scripts, and what has happened."""

    def __init__(self, data_api_database: dict | None):
        self.lock = threading.Lock()
        self.data_api_database = data_api_database
        self.moto = Client(DomainDispatcherApplication(create_backend_app))
        self.functions: dict = {}
        self.bootstraps: dict[tuple, Path] = {}
        self.ecr = EcrUploads()
        self.reset()

    def reset(self) -> None:
        self.log: list[str] = []
        self.bodies: list[str] = []
        self.faults: list[dict] = []
        self.clusters = {"analytics": []}
        self.workgroups = {"spatial": {"namespace": "names", "roles": []}}
        self.statements: dict = {}
        self.ecr = EcrUploads()

        self.data_api_polls = 1
        self.pending_polls: dict[str, int] = {}
        self.let_go()
        self.held, self.released = threading.Event(), threading.Event()
        for function in self.functions.values():
            function["runner"].close()
        self.functions.clear()
        self.moto.open("/moto-api/reset", method="POST")

    def let_go(self) -> None:
        if hasattr(self, "released"):
            self.released.set()

    def script(self, order: dict) -> None:
        for key, value in order.items():
            setattr(self, key, value)

    def fault(self, name: str) -> dict | None:
        with self.lock:
            self.log.append(name)
            for fault in self.faults:
                if not re.fullmatch(fault["call"], name):
                    continue
                if fault.get("skip", 0) > 0:
                    fault["skip"] -= 1
                    continue
                if fault.get("times", 1) == 0:
                    continue
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return None

    # Lambda's Invoke: the code is what moto holds.
    def invoke(self, name: str, payload: bytes):
        backend = lambda_simple_backends[ACCOUNT]["us-east-1"]
        function = backend.get_function(name)
        with self.lock:
            entry = self.functions.get(name)
            if entry is None or entry["code"] != self.code_of(function):
                folder = Path(tempfile.mkdtemp(prefix="geocell-lambda-"))
                settings = FunctionSettings(name, self.unpacked(function), dict(function.environment_vars or {}),
                                            timeout_s=float(function.timeout))
                entry = self.functions[name] = {"code": self.code_of(function),
                                                "runner": _Function(settings, folder / "log", None)}
        return entry["runner"].invoke(payload)

    def unpacked(self, function) -> Path:
        """The function's bootstrap, in a folder that all functions with the same code share."""
        code = self.code_of(function)
        if code not in self.bootstraps:
            folder = Path(tempfile.mkdtemp(prefix="geocell-code-"))
            if function.code.get("ImageUri"):
                self.bootstraps[code] = self.ecr.unpack(function.code["ImageUri"], folder)
            else:
                # Without a bootstrap of its own, the one that a layer has brought to /opt.
                layers = [lambda_simple_backends[ACCOUNT]["us-east-1"].layers_versions_by_arn(layer["Arn"]).code_bytes
                          for layer in function.layers]
                with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
                    own = "bootstrap" in archive.namelist()
                (folder / "code.zip").write_bytes(function.code_bytes if own else layers[0])
                self.bootstraps[code] = unpack_package(folder / "code.zip", folder / ("task" if own else "opt"))
        return self.bootstraps[code]

    @staticmethod
    def code_of(function) -> tuple:
        return (function.code_sha_256, function.code.get("ImageUri"), *(layer["Arn"] for layer in function.layers))

    def update_architectures(self, path: str, body: bytes) -> None:
        """UpdateFunctionCode's Architectures, as AWS documents it: moto takes it from CreateFunction only."""
        wanted = json.loads(body).get("Architectures", ["x86_64"])
        with contextlib.suppress(Exception):  # no such function: moto will say so
            lambda_simple_backends[ACCOUNT]["us-east-1"].get_function(path.split("/")[3]).architectures = wanted

    # Redshift
    def describe_clusters(self, form) -> str:
        name = form["ClusterIdentifier"][0]
        if name not in self.clusters:
            raise KeyError("ClusterNotFound", f"Cluster {name} not found.")
        roles = "".join(f"<ClusterIamRole><IamRoleArn>{arn}</IamRoleArn><ApplyStatus>in-sync</ApplyStatus></ClusterIamRole>"
                        for arn in self.clusters[name])
        return (f"<Clusters><Cluster><ClusterIdentifier>{name}</ClusterIdentifier><ClusterStatus>available</ClusterStatus>"
                f"<IamRoles>{roles}</IamRoles></Cluster></Clusters>")

    def modify_cluster_iam_roles(self, form) -> str:
        roles = self.clusters[form["ClusterIdentifier"][0]]
        for key, values in form.items():
            if key.startswith("AddIamRoles"):
                roles.extend(values)
            if key.startswith("RemoveIamRoles"):
                roles[:] = [arn for arn in roles if arn not in values]
        return "<Cluster><ClusterIdentifier>analytics</ClusterIdentifier></Cluster>"

    def serverless(self, operation: str, body: dict) -> dict:
        if operation == "GetWorkgroup":
            group = self.workgroups[body["workgroupName"]]
            return {"workgroup": {"workgroupName": body["workgroupName"], "namespaceName": group["namespace"], "status": "AVAILABLE"}}
        group = next(g for g in self.workgroups.values() if g["namespace"] == body["namespaceName"])
        if operation == "UpdateNamespace":
            group["roles"] = list(body["iamRoles"])
        return {"namespace": {"namespaceName": group["namespace"],
                              "iamRoles": [f"IamRole(applyStatus=in-sync, iamRoleArn={arn})" for arn in group["roles"]]}}

    def data_api(self, operation: str, body: dict) -> dict:
        if operation == "ExecuteStatement":
            name = str(uuid.uuid4())
            self.statements[name] = self.run_sql(body["Sql"])
            self.pending_polls[name] = self.data_api_polls
            return {"Id": name, "CreatedAt": time.time()}
        statement = self.statements[body["Id"]]
        if operation == "DescribeStatement":
            self.pending_polls[body["Id"]] -= 1
            if self.pending_polls[body["Id"]] >= 0:
                return {"Id": body["Id"], "Status": "STARTED"}
            return {"Id": body["Id"], "HasResultSet": bool(statement.get("columns")),
                    **({"Status": "FAILED", "Error": statement["error"]} if "error" in statement else {"Status": "FINISHED"})}
        return {"Records": statement["rows"], "ColumnMetadata": [], "TotalNumRows": len(statement["rows"])}

    def run_sql(self, sql: str) -> dict:
        """Through psql: one statement, rows as JSON fields."""
        import subprocess

        result = subprocess.run(
            [f"{self.data_api_database['GEOCELL_PG_BINDIR']}/psql", "-X", "-A", "-q", "-v", "ON_ERROR_STOP=1",
             "-F", "\x1f", "-R", "\x1e", "-P", "null=\x1d"],
            input=sql + ";\n", env=self.data_api_database, capture_output=True, text=True)
        if result.returncode:
            return {"error": result.stderr.strip()}
        # -q leaves nothing for a command without rows; else a header, rows and "(n rows)".
        parts = result.stdout.rstrip("\n").split("\x1e")
        if len(parts) < 2:
            return {"columns": 0, "rows": []}
        rows = [[{"isNull": True} if value == "\x1d" else {"stringValue": value} for value in row.split("\x1f")]
                for row in parts[1:-1]]
        return {"columns": 1, "rows": rows}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    hold = False

    def log_message(self, *_args):
        pass

    def handle_request(self):
        cloud: Cloud = self.server.cloud
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(length)
        path = unquote(urlsplit(self.path).path)
        self.hold = False
        if path.startswith("/__test__/"):
            return self.control(path.rsplit("/", 1)[1], body)
        name = name_of(self.command, path, self.headers, body)
        with cloud.lock:
            cloud.bodies.append(body[:200000].decode("latin-1"))
        fault = cloud.fault(name)
        self.hold = fault is not None and "hold" in fault
        if self.hold:
            fault = None
        if fault is not None:
            if fault.get("cut"):
                self.close_connection = True
                self.connection.close()
                return None
            return self.fail(name, fault.get("status", 400), fault["code"], fault.get("message", "scripted"))
        service, _, operation = name.partition(".")
        try:
            if name == "lambda.Invoke":
                return self.invoke(path, body)
            if name in ("redshift.DescribeClusters", "redshift.ModifyClusterIamRoles"):
                form = parse_qs(body.decode())
                act = cloud.describe_clusters if operation == "DescribeClusters" else cloud.modify_cluster_iam_roles
                text = f"<{operation}Response><{operation}Result>{act(form)}</{operation}Result></{operation}Response>"
                return self.reply(200, text.encode(), "text/xml")
            if service == "redshift-data":
                return self.reply(200, json.dumps(cloud.data_api(operation, json.loads(body))).encode())
            if service == "ecr" and (answer := cloud.ecr.call(operation, json.loads(body))) is not None:
                return self.reply(200, json.dumps(answer).encode())
            if service == "redshift-serverless":
                return self.reply(200, json.dumps(cloud.serverless(operation, json.loads(body))).encode())
        except EcrFault as error:
            return self.fail(name, 400, error.code, str(error))
        except KeyError as error:
            code, message = (error.args + ("",))[:2]
            return self.fail(name, 404, str(code), message)
        if name == "lambda.UpdateFunctionCode":
            cloud.update_architectures(path, body)
        answer = cloud.moto.open(self.path, method=self.command, data=body, headers=list(self.headers.items()),
                                 base_url=f"http://127.0.0.1:{self.server.server_address[1]}")
        data = answer.get_data()
        self.hold_back()
        self.send_response_only(answer.status_code)
        for key, value in answer.headers.items():
            if key.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_request

    def control(self, verb: str, body: bytes) -> None:
        cloud: Cloud = self.server.cloud
        answer: object = {}
        if verb == "reset":
            cloud.reset()
        elif verb == "held":
            answer = {"held": cloud.held.wait(60)}
        elif verb == "let_go":
            cloud.let_go()
        elif verb == "script":
            cloud.script(json.loads(body))
        else:
            answer = {"log": cloud.log, "bodies": cloud.bodies, "clusters": cloud.clusters, "workgroups": cloud.workgroups}
        self.reply(200, json.dumps(answer).encode())

    def invoke(self, path: str, body: bytes) -> None:
        name = path.split("/")[3]
        name = name.split(":")[6] if name.startswith("arn:") else name
        try:
            outcome = self.server.cloud.invoke(name, body)
        except Exception as error:  # noqa: BLE001: moto raises its own kinds
            return self.fail("lambda.Invoke", 404, "ResourceNotFoundException", str(error))
        headers = {"X-Amz-Executed-Version": "$LATEST", "X-Amz-Log-Result": ""}
        if outcome.function_error:
            headers["X-Amz-Function-Error"] = "Unhandled"
        return self.reply(200, outcome.payload, headers=headers)

    def fail(self, name: str, status: int, code: str, message: str) -> None:
        if name.partition(".")[0] in ("iam", "sts", "redshift", "ec2"):
            text = (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
                    "<RequestId>0</RequestId></ErrorResponse>")
            return self.reply(status, text.encode(), "text/xml")
        body = json.dumps({"__type": code, "Type": "User", "message": message, "Message": message}).encode()
        return self.reply(status, body, headers={"x-amzn-ErrorType": code})

    def hold_back(self) -> None:
        """It is done, and nobody hears of it until the test lets go."""
        if self.hold:
            cloud: Cloud = self.server.cloud
            cloud.held.set()
            cloud.released.wait()

    def reply(self, status: int, body: bytes, kind: str = "application/json", headers: dict | None = None) -> None:
        self.hold_back()
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    database = json.loads(sys.argv[1]) if len(sys.argv) > 1 else None
    server = Server(("127.0.0.1", 0), Handler)
    server.cloud = Cloud(database)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
