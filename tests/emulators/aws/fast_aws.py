"""The real AWS CLI, already started: a process that has loaded it and forks for every call, so that the tests' hundreds
of calls do not each pay half a second of imports. What the tests run as `aws` is aws_shim.cpp.
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
    driver = fresh_driver()
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
                status = driver.main(arguments) or 0
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


def fresh_driver():
    """The CLI as its main() makes it. Nothing of this process's environment or files is in it: they are read when asked for."""
    import awscli.clidriver

    driver = awscli.clidriver.create_clidriver()
    driver.session._config = None  # create_clidriver() looked for plugins in it
    driver.session._profile_map = None
    return driver


def finish(connection: socket.socket, child: int) -> None:
    _, status = os.waitpid(child, 0)
    try:
        connection.sendall(bytes([os.waitstatus_to_exitcode(status) & 255]))
    except OSError:
        pass
    connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
