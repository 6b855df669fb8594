"""Splits SQL text into tokens and statements, as PostgreSQL's own scanner would."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*)
  | (?P<comment>/\*)
  | (?P<string>(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')
  | (?P<escape>[eE]'(?:[^'\\]|\\.|'')*')
  | (?P<dollar>\$(?P<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<param>\$\d+)
  | (?P<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<cast>::)
  | (?P<op>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    kind: str  # word, quoted, string, dollar, number, param, op
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The keyword that the token is; a quoted identifier or a string is none."""
        return self.text.upper() if self.kind in ("word", "op") else ""

    @property
    def name(self) -> str:
        """The identifier that the token is, as the catalogue has it."""
        if self.kind == "quoted":
            return self.text[1:-1].replace('""', '"')
        return self.text.lower()

    @property
    def value(self) -> str:
        """The text of a string literal."""
        if self.kind == "dollar":
            delimiter = self.text[: self.text.index("$", 1) + 1]
            return self.text[len(delimiter) : -len(delimiter)]
        return self.text[self.text.index("'") + 1 : -1].replace("''", "'")


def _comment_end(sql: str, start: int) -> int:
    """Block comments nest."""
    depth, at = 1, start + 2
    while depth and at < len(sql):
        if sql.startswith("/*", at):
            depth, at = depth + 1, at + 2
        elif sql.startswith("*/", at):
            depth, at = depth - 1, at + 2
        else:
            at += 1
    return at


def tokenize(sql: str) -> list[Token]:
    """The tokens that mean something; white space and comments are between them."""
    tokens = []
    at = 0
    while at < len(sql):
        match = _TOKEN.match(sql, at)
        kind, end = match.lastgroup, match.end()
        if match.group("tag") is not None:
            kind = "dollar"
        if kind == "comment":
            at = _comment_end(sql, at)
            continue
        if kind == "dollar":
            close = sql.find(match.group(), end)
            end = len(sql) if close < 0 else close + len(match.group())
        if kind == "escape":
            kind = "string"
        if kind != "space":
            tokens.append(Token("op" if kind == "cast" else kind, sql[at:end], at, end))
        at = end
    return tokens


def split_statements(sql: str) -> list[str]:
    """The statements of a script, without their semicolons; empty ones are left out."""
    statements = []
    begin, empty, depth = 0, True, 0
    for token in tokenize(sql):
        if token.text in ("(", ")") and token.kind == "op":
            depth += 1 if token.text == "(" else -1
        if token.text == ";" and token.kind == "op" and depth <= 0:
            if not empty:
                statements.append(sql[begin : token.start])
            begin, empty, depth = token.end, True, 0
        else:
            empty = False
    if not empty:
        statements.append(sql[begin:])
    return statements
