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
    "create_schema": "create_schema_statement",
    "create_external": "create_external_function_statement",
    "create_function": "create_function_statement",
    "revoke": "access_statement",
    "grant": "access_statement",
    "drop": "drop_function_statement",
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
                assert statement_types(NEWER_CLAUSES.sub("", text)) == [STATEMENTS[statement["kind"]]]
                if statement["kind"] == "create_function":
                    check_body(text)
            except (AssertionError, sqlglot.ParseError) as error:
                failures.append(f"{error}\n{text}")
    print(f"parsed {sum(counts.values())} statements:", ", ".join(f"{n} {kind}" for kind, n in counts.items()))
    print("\n\n".join(failures))
    return 1 if failures or 0 in counts.values() else 0


sys.exit(main(*sys.argv[1:]))
