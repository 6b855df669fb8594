"""Every statement that geocell-sql writes for Redshift, through two independent parsers of that dialect.

sqlfluff parses the statements as a whole, sqlglot and sqlfluff the SELECT inside each function. A part that sqlfluff
calls unparsable, a statement that it does not know, or a Command of sqlglot (its way to keep what it cannot parse)
fails the test.

parse_test.py GEOCELL_SQL FUNCTIONS
"""

import json
import re
import subprocess
import sys

import sqlglot
from sqlfluff.core import FluffConfig, Linter

ROLE = "arn:aws:iam::123456789012:role/geocell"
VARIANTS = [
    ["--create-schema", "--grant", "public"],
    ["--grant", "alice", "--grant", "group:analysts", "--grant", "role:reader", "--iam-role", ROLE, "--modules", "s2"],
    ["--polyfill-default", "intersects", "--invalid-input", "null", "--retry-timeout", "0"],
    ["--no-replace", "--lambda", "arn:aws:lambda:eu-west-1:123456789012:function:geocell", "--schema", "Select"],
    ["--drop"],
]

STATEMENTS = {
    "create_schema": ("create_schema_statement",),
    "create_external": ("create_external_function_statement",),
    "create_function": ("create_function_statement",),
    "create_procedure": ("create_procedure_statement",),
    "revoke": ("access_statement",),
    "grant": ("access_statement",),
    "drop": ("drop_function_statement", "drop_procedure_statement"),
}

# sqlfluff's grammar is older than these clauses; the unit test RedshiftSql.FollowsTheGrammar checks them.
NEWER_CLAUSES = re.compile(r"\nMAX_BATCH_(ROWS|SIZE) \d+( KB)?")

linter = Linter(config=FluffConfig(overrides={"dialect": "redshift", "large_file_skip_byte_limit": 0}))


def statement_types(text):
    """The types of the statements in the text; fails on what does not parse."""
    parsed = linter.parse_string(text + ";\n")
    assert not parsed.violations, parsed.violations
    tree = parsed.root_variant().tree
    unparsable = [part.raw for part in tree.recursive_crawl("unparsable")]
    assert not unparsable, f"unparsable: {unparsable}"
    return [part.get_type() for statement in tree.recursive_crawl("statement") for part in statement.segments]


def check_body(text):
    body = re.search(r"\$\$(.*)\$\$", text, re.DOTALL).group(1).strip()
    assert statement_types(body) == ["select_statement"]
    tree = sqlglot.parse(body, read="redshift", error_level=sqlglot.ErrorLevel.RAISE)
    assert len(tree) == 1 and isinstance(tree[0], sqlglot.exp.Select), tree
    assert not list(tree[0].find_all(sqlglot.exp.Command)), tree
    # A scalar SQL UDF holds none of these (AWS, "Scalar SQL UDFs").
    for clause in ("from_", "into", "where", "group", "order", "limit"):
        assert not tree[0].args.get(clause), clause


# What stands between the literals of a dynamic statement, and a value of it.
DYNAMIC = {
    "input_query": "SELECT name, geom FROM countries",
    "CHR(10)": "\n",
    "resolution": "14",
    "target_resolution": "8",
    "2 * target_resolution": "16",
    "quote_literal(mode)": "'center'",
    "target": '"public".cells',
    "columns": ", given.name",
}
# sqlglot keeps ALTER TABLE … RENAME TO as Alter; none of these is a Command.
DYNAMIC_STATEMENTS = (sqlglot.exp.Create, sqlglot.exp.Insert, sqlglot.exp.Select, sqlglot.exp.Drop, sqlglot.exp.Alter)


def dynamic_statements(body):
    """The statements that a procedure runs with EXECUTE, with values put in; fails on a part without one."""
    for execute in re.finditer(r"EXECUTE ((?:'(?:[^']|'')*'|[^';])*?)(?: INTO \w+)?(?:;|\n\s*LOOP\n)", body):
        parts = re.split(r"('(?:[^']|'')*')", execute.group(1))
        statement = ""
        for part in parts:
            if part.startswith("'"):
                statement += part[1:-1].replace("''", "'")
                continue
            for word in (word.strip() for word in part.split("||")):
                statement += DYNAMIC[word] if word else ""
        yield statement


def check_procedure(text):
    """The statements inside; the words around them are held to AWS's list of PL/pgSQL statements by eye."""
    body = re.search(r"\$\$(.*)\$\$", text, re.DOTALL).group(1)
    statements = list(dynamic_statements(body))
    assert len(statements) == body.count("EXECUTE") > 0, f"{len(statements)} of {body.count('EXECUTE')} EXECUTE"
    for statement in statements:
        assert len(statement_types(statement)) == 1
        tree = sqlglot.parse(statement, read="redshift", error_level=sqlglot.ErrorLevel.RAISE)
        assert len(tree) == 1 and isinstance(tree[0], DYNAMIC_STATEMENTS), statement
        assert not list(tree[0].find_all(sqlglot.exp.Command)), statement


def main(program, functions):
    failures = []
    counts = dict.fromkeys(STATEMENTS, 0)
    seen = set()
    for variant in VARIANTS:
        command = [program, "--functions", functions, "redshift", "--json", *variant]
        for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
            statement = json.loads(line)
            text = statement["text"]
            if text in seen:
                continue
            seen.add(text)
            counts[statement["kind"]] += 1
            try:
                types = statement_types(NEWER_CLAUSES.sub("", text))
                assert len(types) == 1 and types[0] in STATEMENTS[statement["kind"]], types
                if statement["kind"] == "create_procedure":
                    check_procedure(text)
                if statement["kind"] == "create_function":
                    check_body(text)
            except (AssertionError, sqlglot.ParseError) as error:
                failures.append(f"{error}\n{text}")
    print(f"parsed {sum(counts.values())} statements:", ", ".join(f"{n} {kind}" for kind, n in counts.items()))
    print("\n\n".join(failures))
    return 1 if failures or 0 in counts.values() else 0


sys.exit(main(*sys.argv[1:]))
