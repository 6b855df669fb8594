"""The real AWS CLI, already started: a process that has loaded it and forks for every call, so that the tests' hundreds
of calls do not each pay half a second of imports. `serve SOCKET` is the process; `shim` is what the tests run as `aws`.
"""

from __future__ import annotations

import array
import contextlib
import gc
import os
import socket
import sys
import threading
import traceback

SHIM = """#!{python} -SEsI
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect({socket!r})
fields = [os.getcwd(), *sys.argv[1:]]
message = "\\0".join(fields).encode() + b"\\0\\0" + b"\\0".join(k.encode() + b"=" + v.encode() for k, v in os.environ.items())
s.sendmsg([len(message).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
s.sendall(message)
answer = s.recv(1)
os._exit(answer[0] if answer else 255)
"""


def write_shim(path: str, socket_path: str) -> None:
    with open(path, "w") as file:
        file.write(SHIM.format(python=os.path.realpath(sys.executable), socket=socket_path))
    os.chmod(path, 0o755)


def serve(path: str) -> None:
    import awscli.clidriver
    import botocore.loaders
    import botocore.session

    # Models read once, here; every call finds them.
    data_path = os.environ["AWS_DATA_PATH"]  # set by the import
    loader = botocore.loaders.create_loader(data_path)
    for service in ("iam", "lambda", "logs", "sts", "redshift", "redshift-data", "redshift-serverless", "ec2"):
        loader.load_service_model(service, "service-2")
        try:
            loader.load_service_model(service, "paginators-1")
            loader.load_service_model(service, "endpoint-rule-set-1")
        except botocore.exceptions.DataNotFoundError:
            pass
    loader.list_available_services("service-2")
    loader.load_data("endpoints")
    loader.load_data("partitions")
    loader.load_data("cli")
    botocore.session.create_loader = lambda *_: loader
    botocore.loaders.create_loader = lambda *_: loader
    # A call of each service to where nobody listens, so that what is imported and built late is there, too.
    quiet = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1",
             "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED": "true"}
    os.environ.update(quiet)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        for words in (["sts", "get-caller-identity"], ["iam", "list-roles"], ["lambda", "list-functions"], ["logs", "describe-log-groups"]):
            awscli.clidriver.create_clidriver().main(words)
    for name in quiet:
        del os.environ[name]
    gc.collect()
    gc.freeze()

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        header, ancillary, _, _ = connection.recvmsg(4, socket.CMSG_SPACE(12))
        files = array.array("i")
        for _, _, data in ancillary:
            files.frombytes(data)
        length = int.from_bytes(header, "big")
        message = b""
        while len(message) < length:
            message += connection.recv(length - len(message))
        words, _, variables = message.partition(b"\0\0")
        child = os.fork()
        if child == 0:
            listener.close()
            for number, file in enumerate(files):
                os.dup2(file, number)
            folder, *arguments = words.decode().split("\0")
            os.chdir(folder)
            os.environ.clear()
            os.environ["AWS_DATA_PATH"] = data_path
            os.environ.update(v.split("=", 1) for v in variables.decode().split("\0"))
            sys.argv = ["aws", *arguments]
            status = 255
            try:
                status = awscli.clidriver.main() or 0
                sys.stdout.flush()
                sys.stderr.flush()
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
            except BaseException:  # noqa: BLE001: the child ends here whatever happens
                traceback.print_exc()
            finally:
                os._exit(status)
        for file in files:
            os.close(file)
        threading.Thread(target=finish, args=(connection, child), daemon=True).start()


def finish(connection: socket.socket, child: int) -> None:
    _, status = os.waitpid(child, 0)
    try:
        connection.sendall(bytes([os.waitstatus_to_exitcode(status) & 255]))
    except OSError:
        pass
    connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
