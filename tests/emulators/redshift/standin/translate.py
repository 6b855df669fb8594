"""From a statement of Redshift to one of PostgreSQL.

Most of Redshift's SQL means the same in PostgreSQL, and most of what does not is there as an object in pg_catalog
(catalog.sql): types SUPER and VARBYTE, language EXFUNC, functions like JSON_PARSE, views like PG_PROC_INFO. What is
left is changed here, token by token; everything else stays byte for byte as it came. What Redshift refuses and
PostgreSQL would take is refused here as far as our own statements could have it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .external_function import CreateExternalFunction, SqlError, parse_create_external_function, quote_literal
from .lexer import Token, tokenize

# How the session has to run a statement.
RERUNNABLE = "rerunnable"  # in a savepoint, and again when external functions were called
PLAIN = "plain"  # as it is: transaction control and what cannot be in a transaction block
CALL = "call"  # RERUNNABLE unless the procedure ends transactions
DECLARE = "declare"  # a cursor: its query is run ahead, so that FETCH finds the answers

_PLAIN_KEYWORDS = {
    "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE", "DEALLOCATE",
    "VACUUM", "SET", "RESET", "SHOW", "DISCARD", "LISTEN", "UNLISTEN", "NOTIFY", "CHECKPOINT", "CLUSTER", "LOAD",
    "FETCH", "MOVE", "CLOSE", "LOCK", "ANALYZE", "GRANT", "REVOKE", "COMMENT", "REINDEX",
}  # fmt: skip
TRANSACTION_KEYWORDS = {
    "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE", "VACUUM",
}  # fmt: skip

TEMPLATE_DATABASE = "redshift_template"  # has catalog.sql's objects
# Parameters of Redshift that PostgreSQL does not have: kept under a prefix, so that SET and SHOW work.
_REDSHIFT_PARAMETERS = {
    "query_group", "wlm_query_slot_count", "enable_result_cache_for_session", "enable_case_sensitive_identifier",
    "enable_case_sensitive_super_attribute", "describe_field_name_in_uppercase", "downcase_delimited_identifier",
    "json_parse_truncate_strings", "json_parse_dedup_attributes", "cast_super_null_on_error", "analyze_threshold_percent",
}  # fmt: skip
_CHARACTER_TYPES = {"VARCHAR": "varchar", "NVARCHAR": "varchar", "VARYING": "varying"}
_BYTE_TYPES = {"VARBYTE", "VARBINARY"}
_NOT_IN_REDSHIFT = {
    "STRICT": "Redshift's functions have no NULL rule",
    "PARALLEL": "Redshift's functions have no PARALLEL",
    "LEAKPROOF": "Redshift's functions have no LEAKPROOF",
    "COST": "Redshift's functions have no COST",
    "ROWS": "Redshift's functions return one value",
    "SETOF": "Redshift's functions return one value",
    "SUPPORT": "Redshift's functions have no SUPPORT",
    "CALLED": "Redshift's functions have no NULL rule",
}


@dataclass(frozen=True)
class Translation:
    sql: str
    kind: str
    keyword: str  # the first word of the statement, in upper case
    external: CreateExternalFunction | None = None  # then `sql` is made of it
    cursor_query: str = ""  # of DECLARE


class _Edits:
    """Replacements in a text, by token."""

    def __init__(self, sql: str, tokens: list[Token]):
        self.sql, self.tokens, self.edits = sql, tokens, {}

    def replace(self, first: int, last: int, text: str) -> None:
        self.edits[first] = (last, text)

    def result(self) -> str:
        out, at, index = [], 0, 0
        while index < len(self.tokens):
            if index in self.edits:
                last, text = self.edits[index]
                out += [self.sql[at : self.tokens[index].start], text]
                at, index = self.tokens[last].end, last
            index += 1
        return "".join(out) + self.sql[at:]


def _words(tokens: list[Token], at: int, *words: str) -> bool:
    return len(tokens) >= at + len(words) and all(tokens[at + i].upper == word for i, word in enumerate(words))


def _closing(tokens: list[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index].upper, 0)
        if depth == 0:
            return index
    raise SqlError("syntax error at end of input; a parenthesis is not closed")


def _edit_expressions(edits: _Edits) -> None:
    """What may be anywhere: type names and the few functions whose syntax differs."""
    tokens = edits.tokens
    for i, token in enumerate(tokens):
        word = token.upper
        if word in _CHARACTER_TYPES and _words(tokens, i + 1, "(", "MAX", ")"):
            edits.replace(i, i + 3, _CHARACTER_TYPES[word])
        elif word in _BYTE_TYPES and _words(tokens, i + 1, "("):
            edits.replace(i, _closing(tokens, i + 1), "varbyte")
        elif word == "VARBINARY":
            edits.replace(i, i, "varbyte")
        elif word == "SYSDATE":
            edits.replace(i, i, "localtimestamp")
        elif word == "VERSION" and _words(tokens, i + 1, "(", ")") and (i == 0 or tokens[i - 1].text != "."):
            edits.replace(i, i, "redshift_local.version")
        elif word == "ARRAY" and _words(tokens, i + 1, "(") and tokens[i + 2].upper not in ("SELECT", "WITH"):
            close = _closing(tokens, i + 1)
            edits.replace(i, i, "json_parse(json_build_array")
            edits.replace(close, close, ")::text)")
        elif word == "LISTAGG" and _words(tokens, i + 1, "("):
            _edit_listagg(edits, i)


def _edit_listagg(edits: _Edits, at: int) -> None:
    """LISTAGG(x [, separator]) WITHIN GROUP (ORDER BY y) to listagg(x, separator ORDER BY y)."""
    tokens = edits.tokens
    close = _closing(tokens, at + 1)
    inside = tokens[at + 2 : close]
    if not inside:
        raise SqlError('syntax error at or near "listagg"; should be LISTAGG(expression [, separator])')
    depth, comma = 0, None
    for token in inside:
        depth += {"(": 1, ")": -1}.get(token.upper, 0)
        if token.text == "," and depth == 0:
            comma = token
    sql = edits.sql
    distinct = "DISTINCT " if inside[0].upper == "DISTINCT" else ""
    begin = inside[1].start if distinct else inside[0].start
    value = sql[begin : comma.start if comma else inside[-1].end]
    separator = sql[comma.end : inside[-1].end] if comma else "''"
    order, last = "", close
    if _words(tokens, close + 1, "WITHIN", "GROUP", "("):
        last = _closing(tokens, close + 3)
        order = " " + sql[tokens[close + 3].end : tokens[last].start]
    edits.replace(at, last, f"listagg({distinct}({translate_text(value)})::text, {separator}{order})")


def translate_text(sql: str) -> str:
    """A piece of SQL that is no statement of its own: an expression or a function's body."""
    edits = _Edits(sql, tokenize(sql))
    _edit_expressions(edits)
    return edits.result()


def _edit_routine(edits: _Edits, is_procedure: bool) -> None:
    tokens = edits.tokens
    language = next((tokens[i + 1].name for i in range(len(tokens) - 1) if tokens[i].upper == "LANGUAGE"), "")
    if language not in ("sql", "plpgsql") or (language == "plpgsql") != is_procedure:
        raise SqlError(
            f'language "{language}" is not supported for this; Redshift has functions in sql and procedures in plpgsql '
            "(Python UDFs have ended)",
            "0A000",
        )
    body = next((i for i in range(len(tokens)) if tokens[i].upper == "AS" and _is_text(tokens, i + 1)), None)
    if body is None:
        raise SqlError("syntax error; the body of the routine is missing")
    text = tokens[body + 1]
    if text.kind == "dollar":
        delimiter = text.text[: text.text.index("$", 1) + 1]
        edits.replace(body + 1, body + 1, delimiter + translate_text(text.value) + delimiter)
    else:
        edits.replace(body + 1, body + 1, quote_literal(translate_text(text.value)))
    for i, token in enumerate(tokens):
        if token.upper == "NONATOMIC":
            edits.replace(i, i, "")
        elif not is_procedure and token.upper in _NOT_IN_REDSHIFT:
            raise SqlError(f'syntax error at or near "{token.text}"; {_NOT_IN_REDSHIFT[token.upper]}')
        elif token.text == "[" and i < body:
            raise SqlError('syntax error at or near "["; Redshift has no array types')
    if not is_procedure:
        _refuse_argument_names(tokens)


def _is_text(tokens: list[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].kind in ("string", "dollar")


_TWO_WORD_TYPES = {("DOUBLE", "PRECISION"), ("CHARACTER", "VARYING"), ("CHAR", "VARYING"), ("BINARY", "VARYING")}


def _refuse_argument_names(tokens: list[Token]) -> None:
    """An SQL function of Redshift names its arguments $1, $2, …; the list has types only."""
    opening = next(i for i, token in enumerate(tokens) if token.text == "(")
    i = opening + 1
    while i < _closing(tokens, opening):
        if tokens[i].upper == "(":
            i = _closing(tokens, i)
        elif tokens[i].kind in ("word", "quoted") and tokens[i + 1].kind in ("word", "quoted"):
            pair = (tokens[i].upper, tokens[i + 1].upper)
            if pair in _TWO_WORD_TYPES or pair[0] in ("WITHOUT", "WITH", "TIME", "TIMESTAMP"):
                i += 1
            else:
                raise SqlError(
                    f'syntax error at or near "{tokens[i + 1].text}"; the arguments of an SQL function are types only, '
                    "its body names them $1, $2, …"
                )
        i += 1


def _edit_create_table(edits: _Edits) -> None:
    """Leaves out how Redshift distributes, sorts and encodes."""
    tokens = edits.tokens
    for i, token in enumerate(tokens):
        word = token.upper
        if word in ("DISTSTYLE", "ENCODE", "BACKUP"):
            edits.replace(i, i + 1, "")
        elif word in ("DISTKEY", "SORTKEY"):
            first = i - 1 if tokens[i - 1].upper in ("COMPOUND", "INTERLEAVED") else i
            last = _closing(tokens, i + 1) if _words(tokens, i + 1, "(") else i
            if _words(tokens, i + 1, "AUTO"):
                last = i + 1
            edits.replace(first, last, "")
        elif word == "IDENTITY" and _words(tokens, i + 1, "("):
            edits.replace(i, _closing(tokens, i + 1), "GENERATED BY DEFAULT AS IDENTITY")


def _edit_grant(edits: _Edits) -> None:
    """GRANT CREATE [OR REPLACE] EXTERNAL FUNCTION TO …: here the right is that to use the language."""
    tokens = edits.tokens
    for i in range(len(tokens)):
        if _words(tokens, i, "EXTERNAL", "FUNCTION"):
            first = i
            while first > 1 and tokens[first - 1].upper in ("CREATE", "OR", "REPLACE"):
                first -= 1
            edits.replace(first, i + 1, "USAGE ON LANGUAGE exfunc")


def translate(sql: str) -> Translation:
    """REQUIRES: one statement (lexer.split_statements). Errors: SqlError."""
    tokens = tokenize(sql)
    keyword = tokens[0].upper
    if keyword == "CREATE":
        after = 3 if _words(tokens, 1, "OR", "REPLACE") else 1
        if _words(tokens, after, "EXTERNAL", "FUNCTION"):
            return Translation("", RERUNNABLE, keyword, parse_create_external_function(tokens))
    edits = _Edits(sql, tokens)
    _edit_expressions(edits)
    kind = PLAIN if keyword in _PLAIN_KEYWORDS else RERUNNABLE
    if keyword in ("CREATE", "ALTER", "DROP"):
        after = 3 if _words(tokens, 1, "OR", "REPLACE") else 1
        what = tokens[after].upper if after < len(tokens) else ""
        if keyword == "DROP" and what in ("FUNCTION", "PROCEDURE") and _words(tokens, after + 1, "IF", "EXISTS"):
            raise SqlError(f'syntax error at or near "{tokens[after + 1].text}"; Redshift has no DROP {what} IF EXISTS')
        if what in ("DATABASE", "TABLESPACE"):
            kind = PLAIN
            if keyword == "CREATE" and what == "DATABASE":
                edits.replace(len(tokens) - 1, len(tokens) - 1, tokens[-1].text + " TEMPLATE " + TEMPLATE_DATABASE)
        elif keyword == "CREATE" and what in ("FUNCTION", "PROCEDURE"):
            _edit_routine(edits, what == "PROCEDURE")
        elif keyword == "CREATE" and what in ("TABLE", "TEMP", "TEMPORARY"):
            _edit_create_table(edits)
        elif what == "USER":
            for i in range(len(tokens)):
                if _words(tokens, i, "PASSWORD", "DISABLE"):
                    edits.replace(i + 1, i + 1, "NULL")
    elif keyword in ("GRANT", "REVOKE"):
        _edit_grant(edits)
    elif keyword in ("SET", "SHOW", "RESET"):
        for i, token in enumerate(tokens[:3]):
            if token.name in _REDSHIFT_PARAMETERS:
                edits.replace(i, i, "redshift." + token.name)
    elif keyword == "COPY":
        if any(_words(tokens, i, "FROM", "STDIN") for i in range(len(tokens))):
            kind = PLAIN
    elif keyword in ("CALL", "DO"):
        kind = CALL
    elif keyword == "DECLARE":
        start = next((i for i, token in enumerate(tokens) if token.upper == "FOR"), None)
        if start is not None:
            query = translate_text(sql[tokens[start].end :])
            return Translation(edits.result(), DECLARE, keyword, cursor_query=query)
    return Translation(edits.result(), kind, keyword)
