"""A client of PostgreSQL's protocol for tests: what it sends and gets is message by message."""

from __future__ import annotations

import os
import socket
import struct

from .standin.protocol import Message, cstring, response_fields, startup_message


class WireClient:
    def __init__(
        self, user: str | None = None, database: str | None = None, connect: bool = True, port: int | None = None
    ):
        self.socket = socket.create_connection((os.environ["PGHOST"], port or int(os.environ["PGPORT"])), timeout=120)
        self.key = b""
        self.parameters: dict[str, str] = {}
        self.status = ""
        if connect:
            self.startup(user or os.environ["PGUSER"], database or os.environ["PGDATABASE"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def startup(self, user: str, database: str, **more: str) -> list[Message]:
        self.send_startup(user, database, **more)
        return self.started()

    def send_startup(self, user: str, database: str, **more: str) -> None:
        self.socket.sendall(startup_message({"user": user, "database": database, **more}))

    def started(self) -> list[Message]:
        messages = self.until("Z", "E")
        for message in messages:
            if message.type == "K":
                self.key = message.body
            if message.type == "S":
                name, value = message.body.split(b"\0")[:2]
                self.parameters[name.decode()] = value.decode()
        return messages

    def receive(self) -> Message:
        head = self._exactly(5)
        message = Message(chr(head[0]), self._exactly(struct.unpack("!I", head[1:])[0] - 4))
        if message.type == "Z":
            self.status = message.body.decode()
        return message

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise ConnectionError("the server closed the connection")
            data += part
        return data

    def until(self, *types: str) -> list[Message]:
        messages = [self.receive()]
        while messages[-1].type not in types:
            messages.append(self.receive())
        return messages

    def send(self, *messages: Message) -> None:
        self.socket.sendall(b"".join(message.encode() for message in messages))

    def query(self, sql: str) -> list[Message]:
        self.send(Message("Q", cstring(sql)))
        return self.until("Z")

    def rows(self, sql: str) -> list[list[str | None]]:
        return data_rows(self.query(sql))

    def value(self, sql: str) -> str | None:
        rows = self.rows(sql)
        assert len(rows) == 1 and len(rows[0]) == 1, rows
        return rows[0][0]

    def error(self, sql: str) -> dict[str, str]:
        """The fields of the statement's error."""
        errors = [message for message in self.query(sql) if message.type == "E"]
        assert len(errors) == 1, f"{len(errors)} errors of {sql}"
        return response_fields(errors[0])


def data_rows(messages: list[Message]) -> list[list[str | None]]:
    """Raises where one of the messages is an error."""
    rows = []
    for message in messages:
        if message.type == "E":
            raise AssertionError(response_fields(message))
        if message.type == "D":
            at, row = 2, []
            for _ in range(struct.unpack("!H", message.body[:2])[0]):
                length = struct.unpack("!i", message.body[at : at + 4])[0]
                at += 4
                row.append(None if length < 0 else message.body[at : at + length].decode())
                at += max(length, 0)
            rows.append(row)
    return rows


def parse(name: str, sql: str) -> Message:
    return Message("P", cstring(name) + cstring(sql) + struct.pack("!H", 0))


def bind(portal: str, statement: str, *values: str | None) -> Message:
    body = cstring(portal) + cstring(statement) + struct.pack("!HH", 0, len(values))
    for value in values:
        body += struct.pack("!i", -1) if value is None else struct.pack("!i", len(value.encode())) + value.encode()
    return Message("B", body + struct.pack("!H", 0))


def execute(portal: str, rows: int = 0) -> Message:
    return Message("E", cstring(portal) + struct.pack("!I", rows))


def describe(kind: str, name: str) -> Message:
    return Message("D", kind.encode() + cstring(name))


SYNC, FLUSH = Message("S"), Message("H")
