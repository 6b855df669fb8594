"""PostgreSQL's wire protocol, version 3: messages to and from bytes."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

PROTOCOL_3 = 196608
SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
MAX_MESSAGE_BYTES = 1 << 30


@dataclass(frozen=True)
class Message:
    type: str  # one letter
    body: bytes = b""

    def encode(self) -> bytes:
        return self.type.encode() + struct.pack("!I", len(self.body) + 4) + self.body


async def read_message(reader: asyncio.StreamReader) -> Message:
    """Raises asyncio.IncompleteReadError at the end of the stream."""
    head = await reader.readexactly(5)
    length = struct.unpack("!I", head[1:])[0]
    if not 4 <= length <= MAX_MESSAGE_BYTES:
        raise ValueError(f"message of {length} bytes")
    return Message(chr(head[0]), await reader.readexactly(length - 4))


async def read_startup(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The code (PROTOCOL_3 or one of the requests) and the rest of the first message."""
    length, code = struct.unpack("!II", await reader.readexactly(8))
    if not 8 <= length <= 10_000:
        raise ValueError(f"startup message of {length} bytes")
    return code, await reader.readexactly(length - 8)


def cstring(text: str) -> bytes:
    return text.encode() + b"\0"


def split_cstring(body: bytes) -> tuple[str, bytes]:
    text, _, rest = body.partition(b"\0")
    return text.decode(errors="surrogateescape"), rest


def startup_parameters(body: bytes) -> dict[str, str]:
    parts = [part.decode() for part in body.split(b"\0")]
    return {key: value for key, value in zip(parts[::2], parts[1::2]) if key}


def startup_message(parameters: dict[str, str]) -> bytes:
    body = b"".join(cstring(key) + cstring(value) for key, value in parameters.items()) + b"\0"
    return struct.pack("!II", len(body) + 8, PROTOCOL_3) + body


def query(sql: str) -> Message:
    return Message("Q", sql.encode(errors="surrogateescape") + b"\0")


def error_response(message: str, sqlstate: str = "XX000", detail: str = "", severity: str = "ERROR") -> Message:
    fields = {"S": severity, "V": severity, "C": sqlstate, "M": message}
    if detail:
        fields["D"] = detail
    return Message("E", b"".join(key.encode() + cstring(value) for key, value in fields.items()) + b"\0")


def response_fields(message: Message) -> dict[str, str]:
    """The fields of an ErrorResponse or NoticeResponse."""
    fields = {}
    for part in message.body.split(b"\0"):
        if part:
            fields[chr(part[0])] = part[1:].decode(errors="replace")
    return fields


def first_value(message: Message) -> str | None:
    """The first column of a DataRow in text format."""
    length = struct.unpack("!i", message.body[2:6])[0]
    return None if length < 0 else message.body[6 : 6 + length].decode()
