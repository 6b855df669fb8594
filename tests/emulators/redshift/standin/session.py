"""One client's connection: takes Redshift's SQL, runs PostgreSQL's, and answers calls of external functions.

A statement runs in a savepoint. Calls whose answers are not known are recorded (catalog.sql); then the savepoint is
rolled back, the Lambda is asked in batches, and the statement runs again, until nothing is unknown. Only the last run's
messages reach the client.
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
import re
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from . import protocol
from .batches import Caller, Cancelled, ExternalFunctionError, Invoker
from .external_function import ExternalFunction, SqlError, quote_identifier, quote_literal
from .lexer import split_statements, tokenize
from .protocol import Message
from .translate import CALL, DECLARE, PLAIN, TRANSACTION_KEYWORDS, Translation, translate

MAX_ROUNDS = 50  # of one statement: each knows at least one answer more than the one before
SAVEPOINT = "redshift_local"
RECORDED, FAILED_CALL = "RL000", "RL001"  # SQLSTATEs of catalog.sql
INVALID_TRANSACTION_TERMINATION = "2D000"
UNNAMED = "redshift_local_unnamed"  # the client's unnamed statement and portal, which simple queries would end
# What AWS's drivers say at startup and PostgreSQL does not know.
DRIVER_PARAMETERS = re.compile("client_protocol_version|driver_.*|os_version|plugin_name")
FLUSH, SYNC = Message("H"), Message("S")


@dataclass
class Portal:
    bind: bytes  # the Bind message's body, with names of the backend
    translation: Translation
    started: bool = False  # and suspended: goes on where it was


class Failure(Exception):
    """An ErrorResponse of the backend to one of our own commands."""

    def __init__(self, message: Message):
        super().__init__(protocol.response_fields(message).get("M", ""))
        self.message = message


@dataclass(frozen=True)
class Settings:
    socket: str  # of the PostgreSQL underneath
    large_strings: bool
    password: str | None  # asked of every client when it is set


class Session:
    _query_ids = itertools.count(1)
    _by_key: dict[bytes, "Session"] = {}

    def __init__(self, reader, writer, settings: Settings, invoker: Invoker):
        self.client, self.out = reader, writer
        self.settings, self.invoker = settings, invoker
        self.server = self.to_server = None
        self.status = "I"  # of the transaction: I, T or E
        self.own_block = False  # the transaction block is ours, for an implicit transaction
        self.recorded = False  # the backend has recorded calls since the last look
        self.statements: dict[str, Translation] = {}
        self.portals: dict[str, Portal] = {}
        self.caller = Caller("", "", 0)
        self.key = b""
        self.cancel_requested = asyncio.Event()
        self.keep_answers = False  # a cursor or a portal of this transaction may still ask for them

    # --- the life of a connection

    async def run(self) -> None:
        try:
            if await self._start():
                while await self._serve(await protocol.read_message(self.client)):
                    await self.out.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            self._by_key.pop(self.key, None)
            self.caller.cancelled.set()
            for writer in (self.out, self.to_server):
                if writer is not None:
                    writer.close()

    async def _start(self) -> bool:
        while True:
            code, body = await protocol.read_startup(self.client)
            if code not in (protocol.SSL_REQUEST, protocol.GSS_REQUEST):
                break
            self.out.write(b"N")
        if code == protocol.CANCEL_REQUEST:
            await self._cancel(body)
            return False
        if code != protocol.PROTOCOL_3:
            self._send(
                protocol.error_response(
                    f"unsupported frontend protocol {code >> 16}.{code & 65535}", "0A000", severity="FATAL"
                )
            )
            return False
        parameters = protocol.startup_parameters(body)
        user = parameters.get("user", "")
        if self.settings.password is not None and not await self._ask_password(user):
            return False
        self.server, self.to_server = await asyncio.open_unix_connection(self.settings.socket, limit=1 << 20)
        self.caller = Caller(user, parameters.get("database") or user, 0)
        known = {name: value for name, value in parameters.items() if not DRIVER_PARAMETERS.fullmatch(name)}
        self.to_server.write(protocol.startup_message(known))
        held = await self._until("Z", "E")
        if held[-1].type == "E":
            self._send(*held)
            return False
        self.key = next(message.body for message in held if message.type == "K")
        self._by_key[self.key] = self
        large = "on" if self.settings.large_strings else "off"
        try:
            await self._command(
                f"SELECT redshift_local.open_session(), set_config('redshift.large_strings', '{large}', false)"
            )
        except Failure as failure:
            self._send(failure.message)
            return False
        if len(known) < len(parameters):
            # AWS's drivers want Redshift's version; everyone else, psql above all, is served best by PostgreSQL's.
            held = [_with_version(message, "8.0.2") for message in held]
        self._send(*held)
        return True

    async def _ask_password(self, user: str) -> bool:
        self._send(Message("R", struct.pack("!I", 3)))
        message = await protocol.read_message(self.client)
        given = message.body.rstrip(b"\0")
        if message.type == "p" and hmac.compare_digest(given, self.settings.password.encode()):
            return True
        self._send(
            protocol.error_response(f'password authentication failed for user "{user}"', "28P01", severity="FATAL")
        )
        return False

    async def _cancel(self, body: bytes) -> None:
        session = self._by_key.get(body)
        if session is None:
            return
        session.caller.cancelled.set()
        session.cancel_requested.set()
        _, writer = await asyncio.open_unix_connection(self.settings.socket)
        writer.write(struct.pack("!II", 16, protocol.CANCEL_REQUEST) + body)
        await writer.drain()
        writer.close()

    # --- messages

    def _send(self, *messages: Message) -> None:
        self.out.writelines(message.encode() for message in messages)

    def _ready(self) -> None:
        self._send(Message("Z", self.status.encode()))

    async def _receive(self) -> Message:
        """The next message of the backend that is for the client."""
        while True:
            message = await protocol.read_message(self.server)
            if message.type == "N" and protocol.response_fields(message).get("C") == RECORDED:
                self.recorded = True
                continue
            if message.type == "Z":
                self.status = message.body.decode()
                self.keep_answers = self.keep_answers and self.status != "I"
            return message

    async def _until(self, *types: str) -> list[Message]:
        """Messages up to and with the first of one of `types`."""
        messages = []
        while not messages or messages[-1].type not in types:
            messages.append(await self._receive())
        return messages

    async def _query(self, sql: str) -> list[Message]:
        """A simple query's messages, without ReadyForQuery."""
        self.to_server.write(protocol.query(sql).encode())
        return (await self._until("Z"))[:-1]

    async def _command(self, sql: str) -> str | None:
        """A query of ours; gives its first value. Raises Failure."""
        value = None
        for message in await self._query(sql):
            if message.type == "E":
                raise Failure(message)
            if message.type == "D":
                value = protocol.first_value(message)
        return value

    async def _extended(self, message: Message, *ends: str) -> list[Message]:
        """Sends a message of the extended protocol; gives the answer, up to one of `ends` or an error."""
        self.to_server.write(message.encode() + FLUSH.encode())
        messages = await self._until("E", *ends)
        if messages[-1].type == "E":
            self.to_server.write(SYNC.encode())
            messages += (await self._until("Z"))[:-1]
        return messages

    # --- running a statement

    async def _rerun(self, attempt: Callable[[], Awaitable[list[Message]]]) -> list[Message]:
        """Runs `attempt` until it makes no call whose answer is unknown; gives the messages of the last run.

        `attempt` gives the messages of one run. REQUIRES: the transaction is not aborted.
        """
        self.caller.query_id = next(self._query_ids)
        self.caller.cancelled.clear()
        self.cancel_requested.clear()
        self.recorded = False
        implicit = self.status == "I"
        try:
            return await self._runs(attempt, implicit)
        except Failure as failure:  # of a command of ours: a timeout or a cancellation that met it
            if implicit and self.status != "I":
                await self._query("ROLLBACK")
            return [failure.message]

    async def _runs(self, attempt: Callable[[], Awaitable[list[Message]]], implicit: bool) -> list[Message]:
        await self._command(
            f"{'BEGIN; ' if implicit else ''}SAVEPOINT {SAVEPOINT}; "
            f"SELECT redshift_local.begin_statement({not self.keep_answers})"
        )
        for round_number in range(MAX_ROUNDS):
            messages = await attempt()
            if not self.recorded:
                break
            self.recorded = False
            await self._command(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
            try:
                await self._answer_recorded(last=round_number == MAX_ROUNDS - 1)
            except (ExternalFunctionError, Cancelled) as error:
                await self._query("SELECT redshift_local.fail()")  # so that the transaction is as after any error
                messages = [_error_message(error)]
                break
        else:
            await self._query("SELECT redshift_local.fail()")
            text = (
                f"external functions get new arguments in each of {MAX_ROUNDS} runs of the statement; "
                "in this stand-in their arguments must not be volatile"
            )
            messages = [protocol.error_response(text, "0A000")]
        failed = any(message.type == "E" for message in messages)
        if failed:
            messages = [_unwrapped(message) for message in messages]
            if implicit:
                await self._command("ROLLBACK")
            return messages
        end = await self._query(f"RELEASE SAVEPOINT {SAVEPOINT}{'; COMMIT' if implicit else ''}")
        return [*messages[:-1], end[-1]] if end[-1].type == "E" else messages

    async def _answer_recorded(self, last: bool) -> None:
        recorded = json.loads(await self._command("SELECT redshift_local.take_recorded()"))
        told = []
        for text, rows in recorded:
            function = ExternalFunction.from_json(text)
            try:
                values = await self._ask_lambda(function, rows)
            except ExternalFunctionError as error:
                # With several functions recorded, this call may have got NULL for an answer of another one that is
                # not known yet. It fails the statement when it is made again with everything known.
                if last or len(recorded) == 1:
                    raise
                told.append([text, [[error.row or rows[0], "error", json.dumps([error.message, error.detail])]]])
                continue
            told.append([text, [[row, "value", value] for row, value in zip(rows, values)]])
        await self._command(f"SELECT redshift_local.tell({quote_literal(json.dumps(told))})")

    async def _ask_lambda(self, function: ExternalFunction, rows: list[str]) -> list:
        """The client can cancel while a Lambda takes its time."""
        asking = asyncio.ensure_future(asyncio.to_thread(self.invoker.answer, function, rows, self.caller))
        cancelling = asyncio.ensure_future(self.cancel_requested.wait())
        await asyncio.wait({asking, cancelling}, return_when=asyncio.FIRST_COMPLETED)
        cancelling.cancel()
        if asking.done():
            return asking.result()
        asking.add_done_callback(lambda task: task.exception())
        raise Cancelled

    async def _run_translated(
        self, translation: Translation, attempt: Callable[[], Awaitable[list[Message]]]
    ) -> list[Message]:
        if translation.kind == DECLARE:
            # A cursor's query is run once ahead; FETCH finds the answers.
            ahead = await self._rerun(lambda: self._query(translation.cursor_query))
            if any(message.type == "E" for message in ahead):
                return ahead
            self.keep_answers = True
            return await attempt()
        messages = await self._rerun(attempt)
        if translation.kind == CALL and (self.status == "I" or self.own_block) and _ends_transactions(messages):
            if self.own_block:
                self.own_block = False
                await self._command("ROLLBACK")
            reason = "external functions cannot be called in a procedure that ends transactions"
            await self._command(f"SELECT redshift_local.refuse_calls({quote_literal(reason)})")
            return await attempt()
        return messages

    async def _translated(self, sql: str) -> Translation:
        translation = translate(sql)
        if translation.external is None:
            return translation
        schema = await self._command("SELECT current_schema()")
        if schema is None and translation.external.schema is None:
            raise SqlError("no schema has been selected to create in", "3F000")
        created = translation.external
        if created.or_replace:
            signature = f"{quote_identifier(created.schema or schema)}.{quote_identifier(created.function_name)}"
            signature += f"({', '.join(created.arguments)})"
            refused = (
                f"current_setting('is_superuser') = 'off' AND to_regprocedure({quote_literal(signature)}) IS NOT NULL"
            )
            if await self._command(f"SELECT {refused}") == "t":
                raise SqlError(f"must be superuser to replace external function {signature}", "42501")
        return Translation(created.postgres_sql(schema or ""), translation.kind, translation.keyword)

    # --- the simple protocol

    async def _simple(self, text: str) -> None:
        statements = split_statements(text)
        if not statements:
            self._send(Message("I"))
        block = (
            len(statements) > 1
            and self.status == "I"
            and not any(tokenize(statement)[0].upper in TRANSACTION_KEYWORDS for statement in statements)
        )
        if block:
            await self._command("BEGIN")
            self.own_block = True
        failed = False
        for statement in statements:
            messages = await self._simple_statement(statement)
            self._send(*messages)
            failed = any(message.type == "E" for message in messages)
            if failed:
                break
        if self.own_block:
            self.own_block = False
            for message in await self._query("ROLLBACK" if failed else "COMMIT"):
                if message.type == "E":
                    self._send(message)
        self._ready()

    async def _simple_statement(self, sql: str) -> list[Message]:
        try:
            translation = await self._translated(sql) if self.status != "E" else translate(sql)
        except Failure as failure:
            return [failure.message]
        except SqlError as error:
            if self.status == "T":
                await self._query("SELECT redshift_local.fail()")
            return [protocol.error_response(error.message, error.sqlstate, error.detail)]
        if translation.kind == PLAIN or self.status == "E":
            return await self._plain(translation.sql or sql)
        return await self._run_translated(translation, lambda: self._query(translation.sql))

    async def _plain(self, sql: str) -> list[Message]:
        """As it is, COPY FROM STDIN included."""
        self.to_server.write(protocol.query(sql).encode())
        messages = []
        while True:
            message = await self._receive()
            if message.type == "Z":
                return messages
            messages.append(message)
            if message.type == "G":
                self._send(*messages)
                messages = []
                await self.out.drain()
                while True:
                    data = await protocol.read_message(self.client)
                    self.to_server.write(data.encode())
                    await self.to_server.drain()
                    if data.type in "cf":
                        break

    # --- the extended protocol

    async def _serve(self, message: Message) -> bool:
        """Answers one message of the client; false at the end."""
        if message.type == "X":
            return False
        if message.type == "Q":
            self.statements.pop("", None)
            await self._simple(message.body.rstrip(b"\0").decode(errors="surrogateescape"))
            return True
        handler = {"P": self._parse, "B": self._bind, "D": self._describe, "E": self._execute, "C": self._close}.get(
            message.type
        )
        if handler is not None:
            try:
                messages = await handler(message.body)
            except Failure as failure:
                messages = [failure.message]
            except SqlError as error:
                if self.status == "T" or self.own_block:
                    await self._query("SELECT redshift_local.fail()")
                messages = [protocol.error_response(error.message, error.sqlstate, error.detail)]
            self._send(*messages)
            if any(m.type == "E" for m in messages):
                await self.out.drain()
                while (await self._skipped()).type != "S":
                    pass
                await self._sync(failed=True)
        elif message.type == "S":
            await self._sync(failed=False)
        elif message.type not in "Hdcf":
            self._send(
                protocol.error_response(f'message of type "{message.type}" is not known', "08P01", severity="FATAL")
            )
            return False
        return True

    async def _skipped(self) -> Message:
        return await protocol.read_message(self.client)

    async def _sync(self, failed: bool) -> None:
        if self.own_block:
            self.own_block = False
            self.portals.clear()
            for message in await self._query("ROLLBACK" if failed else "COMMIT"):
                if message.type == "E":
                    self._send(message)
        else:
            self.to_server.write(SYNC.encode())
            await self._until("Z")
        if self.status == "I":
            self.portals.clear()
        self._ready()

    async def _parse(self, body: bytes) -> list[Message]:
        name, rest = protocol.split_cstring(body)
        sql, types = protocol.split_cstring(rest)
        statements = split_statements(sql)
        if len(statements) > 1:
            raise SqlError("cannot insert multiple commands into a prepared statement")
        if statements:
            self.statements[name] = (
                await self._translated(statements[0]) if self.status != "E" else translate(statements[0])
            )
        else:
            self.statements[name] = Translation("", PLAIN, "")
        if not name:
            await self._extended(Message("C", b"S" + protocol.cstring(UNNAMED)), "3")
        translated = self.statements[name].sql.encode(errors="surrogateescape") + b"\0"
        return await self._extended(Message("P", protocol.cstring(name or UNNAMED) + translated + types), "1")

    async def _bind(self, body: bytes) -> list[Message]:
        portal, rest = protocol.split_cstring(body)
        statement, values = protocol.split_cstring(rest)
        translation = self.statements.get(statement)
        if translation is None:
            raise SqlError(f'prepared statement "{statement}" does not exist', "26000")
        if translation.kind == PLAIN and self.own_block:
            await self._command("COMMIT")
            self.own_block = False
        elif translation.kind != PLAIN and self.status == "I":
            await self._command("BEGIN")
            self.own_block = True
        bind = protocol.cstring(portal or UNNAMED) + protocol.cstring(statement or UNNAMED) + values
        self.portals[portal] = Portal(bind, translation)
        if not portal:
            await self._extended(Message("C", b"P" + protocol.cstring(UNNAMED)), "3")
        return await self._extended(Message("B", bind), "2")

    async def _describe(self, body: bytes) -> list[Message]:
        name, _ = protocol.split_cstring(body[1:])
        return await self._extended(Message("D", body[:1] + protocol.cstring(name or UNNAMED)), "T", "n")

    async def _close(self, body: bytes) -> list[Message]:
        name, _ = protocol.split_cstring(body[1:])
        (self.statements if body[:1] == b"S" else self.portals).pop(name, None)
        return await self._extended(Message("C", body[:1] + protocol.cstring(name or UNNAMED)), "3")

    async def _execute(self, body: bytes) -> list[Message]:
        name, rest = protocol.split_cstring(body)
        portal = self.portals.get(name)
        if portal is None:
            raise SqlError(f'portal "{name}" does not exist', "34000")
        ends = ("C", "I", "s")
        execute = Message("E", protocol.cstring(name or UNNAMED) + rest)
        if portal.translation.kind == PLAIN or portal.started or self.status == "E":
            messages = await self._extended(execute, *ends)
            if portal.translation.kind == PLAIN and messages[-1].type != "E":
                # BEGIN and its like change the transaction's status, which only ReadyForQuery tells.
                self.to_server.write(SYNC.encode())
                messages += (await self._until("Z"))[:-1]
            return messages

        async def attempt(everything: bool) -> list[Message]:
            await self._extended(Message("C", b"P" + protocol.cstring(name or UNNAMED)), "3")
            bound = await self._extended(Message("B", portal.bind), "2")
            if bound[-1].type == "E" or any(message.type == "E" for message in bound):
                return bound
            all_rows = Message("E", protocol.cstring(name or UNNAMED) + struct.pack("!I", 0))
            return await self._extended(all_rows if everything else execute, *ends)

        if struct.unpack("!I", rest[:4])[0] == 0:
            return await self._run_translated(portal.translation, lambda: attempt(True))
        # Rows come in portions: all are computed ahead, so that each portion finds its answers.
        ahead = await self._rerun(lambda: attempt(True))
        if any(message.type == "E" for message in ahead):
            return ahead
        portal.started = self.keep_answers = True
        return await attempt(False)


def _error_message(error: ExternalFunctionError | Cancelled) -> Message:
    if isinstance(error, Cancelled):
        return protocol.error_response("canceling statement due to user request", "57014")
    return protocol.error_response(error.message, "XX000", error.detail)


def _with_version(message: Message, version: str) -> Message:
    is_version = message.type == "S" and message.body.startswith(b"server_version\0")
    return Message("S", protocol.cstring("server_version") + protocol.cstring(version)) if is_version else message


def _unwrapped(message: Message) -> Message:
    """An error that the backend raised for a call's known failure, as Redshift shows it."""
    fields = protocol.response_fields(message) if message.type == "E" else {}
    if fields.get("C") != FAILED_CALL:
        return message
    text, detail = json.loads(fields["M"].removeprefix("plpy.Error: "))
    return protocol.error_response(text, "XX000", detail)


def _ends_transactions(messages: list[Message]) -> bool:
    errors = (protocol.response_fields(message) for message in messages if message.type == "E")
    return any(fields.get("C") == INVALID_TRANSACTION_TERMINATION for fields in errors)
