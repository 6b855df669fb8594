"""CREATE EXTERNAL FUNCTION: its grammar as AWS documents it, and what it says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .lexer import Token

# AWS, "Creating a scalar Lambda UDF": the types that may cross, and their PostgreSQL names.
SCALAR_TYPES = {
    "SMALLINT": "smallint", "INT2": "smallint",
    "INTEGER": "integer", "INT": "integer", "INT4": "integer",
    "BIGINT": "bigint", "INT8": "bigint",
    "DECIMAL": "numeric", "NUMERIC": "numeric",
    "REAL": "real", "FLOAT4": "real",
    "DOUBLE PRECISION": "double precision", "FLOAT8": "double precision", "FLOAT": "double precision",
    "CHAR": "varchar", "CHARACTER": "varchar", "NCHAR": "varchar", "BPCHAR": "varchar",
    "VARCHAR": "varchar", "CHARACTER VARYING": "varchar", "NVARCHAR": "varchar", "TEXT": "varchar",
    "BOOLEAN": "boolean", "BOOL": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp", "TIMESTAMP WITHOUT TIME ZONE": "timestamp",
}  # fmt: skip
INT_MAX = 2**31 - 1
KB = 1024
MAX_BATCH_BYTES = 5 * KB * KB  # greatest and default MAX_BATCH_SIZE
DEFAULT_RETRY_TIMEOUT_MS = 20_000


class SqlError(Exception):
    """An error to report to the client, in PostgreSQL's fields."""

    def __init__(self, message: str, sqlstate: str = "42601", detail: str = ""):
        super().__init__(message)
        self.message, self.sqlstate, self.detail = message, sqlstate, detail


@dataclass(frozen=True)
class ExternalFunction:
    """What a call has to know; travels as JSON in the body of the function that stands for it."""

    name: str  # schema.name
    returns: str
    volatility: str
    lambda_name: str
    retry_timeout_ms: int
    max_batch_rows: int
    max_batch_bytes: int

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> ExternalFunction:
        return ExternalFunction(**json.loads(text))


def quote_identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class CreateExternalFunction:
    schema: str | None
    function_name: str
    arguments: tuple[str, ...]
    or_replace: bool
    function: ExternalFunction

    def postgres_sql(self, current_schema: str) -> str:
        """The function that records its calls (catalog.sql says how). REQUIRES: `schema` or the current one."""
        schema = self.schema or current_schema
        spec = ExternalFunction(**{**asdict(self.function), "name": f"{schema}.{self.function_name}"})
        body = f"return GD['external_call']({spec.to_json()!r}, args)"
        return (
            f"CREATE {'OR REPLACE ' if self.or_replace else ''}FUNCTION "
            f"{quote_identifier(schema)}.{quote_identifier(self.function_name)}({', '.join(self.arguments)}) "
            f"RETURNS {self.function.returns} {self.function.volatility} LANGUAGE exfunc AS {quote_literal(body)}"
        )


class _Reader:
    def __init__(self, tokens: list[Token]):
        self.tokens, self.at = tokens, 0

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].upper if self.at + ahead < len(self.tokens) else ""

    def take(self) -> Token:
        if self.at == len(self.tokens):
            raise SqlError("syntax error at end of input")
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, *words: str) -> bool:
        if all(self.peek(i) == word for i, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            self.fail("should be " + " ".join(words))

    def fail(self, hint: str) -> None:
        near = self.tokens[self.at].text if self.at < len(self.tokens) else "end of input"
        raise SqlError(f'syntax error at or near "{near}"; {hint}')

    def string(self) -> str:
        token = self.take()
        if token.kind != "string":
            self.at -= 1
            self.fail("should be a string")
        return token.value

    def integer(self, what: str, low: int, high: int) -> int:
        token = self.take()
        if token.kind != "number" or not token.text.isdigit() or not low <= int(token.text) <= high:
            raise SqlError(f'{what} "{token.text}" is out of range; should be between {low} and {high}', "22023")
        return int(token.text)


def read_type(reader: _Reader, position: str) -> str:
    for words in sorted(SCALAR_TYPES, key=lambda name: -len(name.split())):
        if reader.accept(*words.split()):
            if reader.accept("("):
                while not reader.accept(")"):
                    reader.take()
            if reader.peek() == "[":
                reader.fail("Redshift has no array types")
            return SCALAR_TYPES[words]
    token = reader.take()
    raise SqlError(
        f'type "{token.text}" is not supported for the {position} of an external function; should be one of '
        + ", ".join(sorted(set(SCALAR_TYPES.values()))),
        "0A000",
    )


def _read_arguments(reader: _Reader) -> tuple[str, ...]:
    reader.expect("(")
    arguments: list[str] = []
    while not reader.accept(")"):
        if arguments:
            reader.expect(",")
        # AWS's grammar has types only; CARTO's scripts have names before them and are accepted by Redshift.
        named = reader.peek(1) not in (",", ")", "(", "[", "PRECISION", "VARYING", "WITHOUT")
        if named:
            reader.take()
        arguments.append(read_type(reader, "argument"))
    return tuple(arguments)


def lambda_name(text: str) -> str:
    """The function's name, of a name or an ARN (arn:aws:lambda:region:account:function:name[:qualifier])."""
    parts = text.split(":")
    return parts[6] if text.startswith("arn:") and len(parts) > 6 else parts[0]


def parse_create_external_function(tokens: list[Token]) -> CreateExternalFunction:
    reader = _Reader(tokens)
    reader.expect("CREATE")
    or_replace = reader.accept("OR", "REPLACE")
    reader.expect("EXTERNAL", "FUNCTION")
    schema, name = None, reader.take().name
    if reader.accept("."):
        schema, name = name, reader.take().name
    arguments = _read_arguments(reader)
    reader.expect("RETURNS")
    returns = read_type(reader, "result")
    volatility = reader.peek()
    if volatility not in ("VOLATILE", "STABLE"):
        reader.fail("should be VOLATILE or STABLE")
    reader.take()
    reader.expect("LAMBDA")
    lambda_text = reader.string()
    reader.expect("IAM_ROLE")
    if not reader.accept("DEFAULT"):
        reader.string()
    retry_timeout_ms, max_batch_rows, max_batch_bytes = DEFAULT_RETRY_TIMEOUT_MS, INT_MAX, MAX_BATCH_BYTES
    if reader.accept("RETRY_TIMEOUT"):
        retry_timeout_ms = reader.integer("RETRY_TIMEOUT", 0, INT_MAX)
    if reader.accept("MAX_BATCH_ROWS"):
        max_batch_rows = reader.integer("MAX_BATCH_ROWS", 1, INT_MAX)
    if reader.accept("MAX_BATCH_SIZE"):
        count = reader.integer("MAX_BATCH_SIZE", 1, MAX_BATCH_BYTES // KB)
        unit = KB * KB if reader.accept("MB") else KB
        if unit == KB:
            reader.accept("KB")
        max_batch_bytes = count * unit
        if max_batch_bytes > MAX_BATCH_BYTES:
            raise SqlError(f'MAX_BATCH_SIZE "{count} MB" is out of range; should be between 1 KB and 5 MB', "22023")
    if reader.at < len(tokens):
        reader.fail("should be the end of CREATE EXTERNAL FUNCTION")
    function = ExternalFunction(
        name="",
        returns=returns,
        volatility=volatility,
        lambda_name=lambda_name(lambda_text),
        retry_timeout_ms=retry_timeout_ms,
        max_batch_rows=max_batch_rows,
        max_batch_bytes=max_batch_bytes,
    )
    return CreateExternalFunction(schema, name, arguments, or_replace, function)
