"""The stand-in as a server, against the running one that the environment names (with_standin.sh): PostgreSQL's protocol,
statements that call external functions, batches."""

import json
import os
import struct
import threading
import time
import unittest

from emulators.redshift.standin import protocol
from emulators.redshift.standin.protocol import Message, cstring, response_fields
from emulators.redshift.wire_client import FLUSH, SYNC, WireClient, bind, data_rows, describe, execute, parse

TOKEN_ID = 1152921504606846977  # the leaf cell with the token 1000000000000001
SCHEMA = "protocol_test"
EXTERNAL = "STABLE LAMBDA 'geocell' IAM_ROLE default"


def setUpModule():
    with WireClient() as client:
        client.query(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        for sql in (
            f"CREATE SCHEMA {SCHEMA}",
            f"CREATE EXTERNAL FUNCTION {SCHEMA}.__s2_totoken(BIGINT) RETURNS VARCHAR(MAX) {EXTERNAL} MAX_BATCH_ROWS 100",
            f"CREATE EXTERNAL FUNCTION {SCHEMA}.s2_fromtoken(VARCHAR(MAX)) RETURNS BIGINT {EXTERNAL}",
            f"CREATE EXTERNAL FUNCTION {SCHEMA}.version_core() RETURNS VARCHAR(MAX) {EXTERNAL}",
            f"CREATE EXTERNAL FUNCTION {SCHEMA}.quadbin_fromlonglat(FLOAT8, FLOAT8, INT) RETURNS BIGINT {EXTERNAL}",
            f"CREATE EXTERNAL FUNCTION {SCHEMA}.__quadbin_fromlonglat(VARCHAR, VARCHAR, INT) RETURNS BIGINT {EXTERNAL}",
            f"CREATE FUNCTION {SCHEMA}.tok(BIGINT) RETURNS VARCHAR(MAX) STABLE AS $$ SELECT {SCHEMA}.__s2_totoken($1) $$ LANGUAGE sql",
            f"CREATE TABLE {SCHEMA}.ids (n INT, id BIGINT) DISTSTYLE EVEN",
            f"INSERT INTO {SCHEMA}.ids SELECT n, {TOKEN_ID} + 2 * n FROM generate_series(0, 999) AS n",
        ):
            data_rows(client.query(sql))


def token(n: int) -> str:
    return f"{TOKEN_ID + 2 * n:x}".rstrip("0")


def invocations() -> list[dict]:
    with open(os.environ["REDSHIFT_LOCAL_INVOCATIONS"]) as log:
        return [json.loads(line) for line in log]


class Startup(unittest.TestCase):
    def test_encryption_is_refused(self):
        for code in (protocol.SSL_REQUEST, protocol.GSS_REQUEST):
            with WireClient(connect=False) as client:
                client.socket.sendall(struct.pack("!II", 8, code))
                self.assertEqual(client.socket.recv(1), b"N")
                client.startup(os.environ["PGUSER"], os.environ["PGDATABASE"])
                self.assertEqual(client.status, "I")

    def test_what_the_server_says(self):
        with WireClient() as client:
            self.assertEqual(client.parameters["server_encoding"], "UTF8")
            self.assertEqual(len(client.key), 8)

    def test_drivers_of_aws_get_the_version_that_they_want(self):
        with WireClient(connect=False) as client:
            client.startup(
                os.environ["PGUSER"],
                os.environ["PGDATABASE"],
                client_protocol_version="2",
                driver_version="x",
                os_version="y",
            )
            self.assertEqual((client.status, client.parameters["server_version"]), ("I", "8.0.2"))
        with WireClient() as client:
            self.assertTrue(client.parameters["server_version"].startswith("15."))

    def test_unknown_user_and_protocol(self):
        with WireClient(connect=False) as client:
            error = client.startup("nobody_here", "dev")[-1]
            self.assertEqual(response_fields(error)["C"], "28000")
        with WireClient(connect=False) as client:
            client.socket.sendall(struct.pack("!II", 8, 2 << 16))
            self.assertEqual(response_fields(client.receive())["C"], "0A000")

    def test_it_says_redshift(self):
        with WireClient() as client:
            self.assertIn("Redshift 1.0", client.value("SELECT version()"))
            self.assertEqual(client.value("SELECT is_large_string_enabled()"), "f")


class Simple(unittest.TestCase):
    def setUp(self):
        self.client = WireClient()
        self.client.query(f"SET search_path TO {SCHEMA}")
        self.addCleanup(self.client.socket.close)

    def test_messages_of_a_select(self):
        messages = self.client.query(f"SELECT tok({TOKEN_ID})")
        self.assertEqual("".join(message.type for message in messages), "TDCZ")
        self.assertEqual(messages[2].body, b"SELECT 1\0")

    def test_nothing_and_several(self):
        self.assertEqual([m.type for m in self.client.query(" ; ")], ["I", "Z"])
        self.assertEqual(
            self.client.rows(f"SELECT 1; SELECT tok({TOKEN_ID}); SELECT 3"), [["1"], ["1000000000000001"], ["3"]]
        )

    def test_several_statements_are_one_transaction(self):
        self.client.query("CREATE TEMP TABLE several (a INT)")
        messages = self.client.query(f"INSERT INTO several VALUES (1); SELECT tok({TOKEN_ID}); SELECT 1/0; SELECT 2")
        self.assertEqual("".join(message.type for message in messages), "CTDCEZ")
        self.assertEqual(self.client.value("SELECT count(*) FROM several"), "0")

    def test_a_statement_with_effects_has_them_once(self):
        self.client.query("CREATE TEMP TABLE effects (t VARCHAR(MAX), n INT IDENTITY(1, 1))")
        self.client.query(f"INSERT INTO effects (t) SELECT tok(id) FROM ids WHERE n < 3 ORDER BY n")
        self.assertEqual(self.client.rows("SELECT t FROM effects ORDER BY n"), [[token(0)], [token(1)], [token(2)]])

    def test_errors_leave_the_transaction_as_postgresql_does(self):
        self.assertEqual(self.client.error("SELECT tok(0)")["M"][:41], "Error processing row 0: Invalid S2 cell i")
        self.assertEqual(self.client.status, "I")
        self.client.query("BEGIN")
        self.client.error("SELECT tok(0)")
        self.assertEqual(self.client.status, "E")
        self.assertEqual(self.client.error("SELECT 1")["C"], "25P02")
        self.client.query("ROLLBACK")
        self.assertEqual(self.client.status, "I")
        self.client.query("BEGIN")
        self.client.error("CREATE EXTERNAL FUNCTION f(SUPER) RETURNS INT STABLE LAMBDA 'l' IAM_ROLE default")
        self.assertEqual(self.client.status, "E")
        self.client.query("ROLLBACK")

    def test_the_shape_of_redshifts_error(self):
        error = self.client.error("SELECT tok(0)")
        self.assertEqual(error["C"], "XX000")
        lines = error["D"].splitlines()
        self.assertEqual(lines[2], "  error:  " + error["M"])
        self.assertEqual(
            [line.split(":")[0].strip() for line in lines[3:8]], ["code", "context", "query", "location", "process"]
        )
        self.assertEqual(lines[3].split()[1], "32004")

    def test_a_lambda_that_is_not_there(self):
        self.client.query("CREATE EXTERNAL FUNCTION nowhere(INT) RETURNS INT STABLE LAMBDA 'nobody' IAM_ROLE default")
        error = self.client.error("SELECT nowhere(1)")
        self.assertEqual(error["M"], "Function not found: nobody; Exception: ResourceNotFoundException; ShouldRetry: 0")
        self.assertIn("code:      32103", error["D"])

    def test_an_answer_that_is_no_string(self):
        self.client.query("CREATE EXTERNAL FUNCTION echo(INT) RETURNS INT STABLE LAMBDA 'echo' IAM_ROLE default")
        self.assertIn("Empty format", self.client.error("SELECT echo(1)")["M"])

    def test_calls_that_need_answers_of_calls(self):
        self.assertEqual(self.client.value(f"SELECT s2_fromtoken(tok({TOKEN_ID}))"), str(TOKEN_ID))
        self.assertEqual(self.client.value(f"SELECT tok(s2_fromtoken(tok(s2_fromtoken('{token(7)}'))))"), token(7))
        # The branch is not taken, though it would be while tok() is unknown.
        self.assertEqual(
            self.client.value(f"SELECT CASE WHEN tok({TOKEN_ID}) IS NULL THEN s2_fromtoken('zz') ELSE 5 END"), "5"
        )
        self.assertIn('Invalid S2 token "zz"', self.client.error(f"SELECT s2_fromtoken('zz'), tok({TOKEN_ID})")["M"])

    def test_volatile_arguments_do_not_come_to_rest(self):
        self.assertIn(
            "must not be volatile", self.client.error("SELECT tok(CAST(random() * 1e15 AS BIGINT) * 2 + 1)")["M"]
        )
        self.assertEqual(self.client.status, "I")

    def test_no_arguments_null_and_64_bits(self):
        self.assertRegex(self.client.value("SELECT version_core() || count(*) FROM ids"), r"^\d+\.\d+\.\d+1000$")
        self.assertIsNone(self.client.value("SELECT tok(NULL)"))
        self.assertEqual(self.client.value("SELECT s2_fromtoken('89c25a3')"), "-8520148382826627072")

    def test_doubles_lose_digits_as_redshifts_do(self):
        on_the_edge = self.client.value("SELECT quadbin_fromlonglat(33.75::FLOAT8, 0::FLOAT8, 26)")
        self.assertEqual(
            self.client.value("SELECT quadbin_fromlonglat(33.749999999999993::FLOAT8, 0::FLOAT8, 26)"), on_the_edge
        )
        text = "SELECT __quadbin_fromlonglat(CAST({}::FLOAT8 AS VARCHAR(MAX)), '0', 26)"
        self.assertEqual(self.client.value(text.format("33.75")), on_the_edge)
        self.assertNotEqual(self.client.value(text.format("33.749999999999993")), on_the_edge)

    def test_super_keeps_every_digit_and_the_order(self):
        text = '{"z":[9223372036854775807,-9223372036854775808,0.1234567890123456789],"a":" b  c"}'
        spaced = text.replace(",", " , ").replace(":[", " :\n [")
        self.assertEqual(self.client.value(f"SELECT JSON_PARSE('{spaced}')"), text)
        self.assertEqual(self.client.value(f"SELECT JSON_SERIALIZE(JSON_PARSE('{text}'))"), text)
        self.assertEqual(self.client.error("SELECT JSON_PARSE('[1')")["C"], "22P02")
        self.assertEqual(
            self.client.value("SELECT ARRAY(9223372036854775807, ARRAY(), 'a')"), '[9223372036854775807,[],"a"]'
        )
        self.assertEqual(self.client.value("SELECT ARRAY(1, 2) = JSON_PARSE('[1, 2]') AND ARRAY(1) <> ARRAY(2)"), "t")

    def test_hexadecimal_ewkb(self):
        hexadecimal = self.client.value("SELECT ST_AsHexEWKB(ST_GeomFromText('POINT(1 2)', 4326))")
        self.assertEqual(hexadecimal, "0101000020E6100000000000000000F03F0000000000000040")
        self.assertEqual(self.client.value(f"SELECT ST_GeomFromEWKB('{hexadecimal}')"), hexadecimal)

    def test_cursors(self):
        self.client.query("BEGIN")
        self.client.query("DECLARE c CURSOR FOR SELECT tok(id) FROM ids ORDER BY n")
        self.assertEqual(self.client.rows("FETCH 2 FROM c"), [[token(0)], [token(1)]])
        self.client.query(f"SELECT tok({TOKEN_ID + 5000})")
        self.assertEqual(self.client.rows("FETCH FORWARD 2 FROM c"), [[token(2)], [token(3)]])
        self.client.query("COMMIT")

    def test_procedures(self):
        self.client.query(
            "CREATE OR REPLACE PROCEDURE p(a IN BIGINT, t INOUT VARCHAR(MAX)) AS $$ BEGIN "
            "SELECT INTO t tok(a); RAISE NOTICE 'token %', t; END $$ LANGUAGE plpgsql"
        )
        messages = self.client.query(f"CALL p({TOKEN_ID}, '')")
        notices = [response_fields(message)["M"] for message in messages if message.type == "N"]
        self.assertEqual((notices, data_rows(messages)), (["token 1000000000000001"], [["1000000000000001"]]))

    def test_procedures_that_commit(self):
        self.client.query("CREATE TABLE committed (a INT)")
        self.client.query(
            "CREATE PROCEDURE commits() AS $$ BEGIN INSERT INTO committed VALUES (1); COMMIT; INSERT INTO committed VALUES (2); "
            "ROLLBACK; END $$ LANGUAGE plpgsql NONATOMIC"
        )
        self.assertEqual([m.type for m in self.client.query("CALL commits()")], ["C", "Z"])
        self.assertEqual(self.client.rows("SELECT a FROM committed"), [["1"]])

    def test_copy(self):
        self.client.query("CREATE TEMP TABLE copied (a INT, b VARCHAR(MAX))")
        self.client.send(Message("Q", cstring("COPY copied FROM STDIN")))
        self.assertEqual(self.client.receive().type, "G")
        self.client.send(Message("d", b"1\tone\n2\ttwo\n"), Message("c"))
        self.assertEqual([m.type for m in self.client.until("Z")], ["C", "Z"])
        messages = self.client.query("COPY (SELECT a, b, tok(a * 2 - 1) FROM copied) TO STDOUT")
        self.assertEqual(
            [m.body for m in messages if m.type == "d"], [b"1\tone\t0000000000000001\n", b"2\ttwo\t0000000000000003\n"]
        )

    def test_catalogue_views(self):
        rows = self.client.rows(
            "SELECT proname, pronargs, lanname FROM pg_proc_info JOIN pg_namespace n ON n.oid = pronamespace JOIN pg_language l "
            f"ON l.oid = prolang WHERE nspname = '{SCHEMA}' AND proname IN ('tok', 's2_fromtoken') ORDER BY 1"
        )
        self.assertEqual(rows, [["s2_fromtoken", "1", "exfunc"], ["tok", "1", "sql"]])
        kind = f"SELECT function_type FROM svv_redshift_functions WHERE schema_name = '{SCHEMA}' AND function_name = 'version_core'"
        self.assertEqual(self.client.value(kind), "EXTERNAL FUNCTION")

    def test_privileges_on_the_language(self):
        self.client.query("CREATE USER limited PASSWORD DISABLE")
        self.addCleanup(self.client.query, f"DROP OWNED BY limited; DROP USER limited")
        self.client.query(f"GRANT USAGE, CREATE ON SCHEMA {SCHEMA} TO limited")
        create = f"CREATE EXTERNAL FUNCTION {SCHEMA}.own(INT) RETURNS INT {EXTERNAL}"
        with WireClient(user="limited") as limited:
            self.assertEqual(limited.error(create)["C"], "42501")
            self.client.query("GRANT USAGE ON LANGUAGE EXFUNC TO limited")
            data_rows(limited.query(create))
            self.assertEqual(limited.error(create.replace("CREATE", "CREATE OR REPLACE"))["C"], "42501")
            data_rows(limited.query(create.replace("CREATE", "CREATE OR REPLACE").replace(".own", ".another")))
            self.client.query(f"REVOKE EXECUTE ON FUNCTION {SCHEMA}.tok(BIGINT) FROM PUBLIC")
            self.assertEqual(limited.error(f"SELECT {SCHEMA}.tok(1)")["C"], "42501")
            self.client.query(f"GRANT EXECUTE ON FUNCTION {SCHEMA}.tok(BIGINT) TO PUBLIC")


class Extended(unittest.TestCase):
    def setUp(self):
        self.client = WireClient()
        self.client.query(f"SET search_path TO {SCHEMA}")
        self.addCleanup(self.client.socket.close)

    def exchange(self, *messages: Message) -> list[Message]:
        self.client.send(*messages, SYNC)
        return self.client.until("Z")

    def test_everything_in_one_go(self):
        messages = self.exchange(
            parse("", "SELECT tok($1)"), bind("", "", str(TOKEN_ID)), describe("P", ""), execute("")
        )
        self.assertEqual("".join(m.type for m in messages), "12TDCZ")
        self.assertEqual(data_rows(messages), [["1000000000000001"]])

    def test_a_named_statement_again_and_again(self):
        self.assertEqual(
            [m.type for m in self.exchange(parse("st", "SELECT tok($1::BIGINT)"), describe("S", "st"))],
            ["1", "t", "T", "Z"],
        )
        for n in (0, 1, 0):
            messages = self.exchange(bind("p", "st", str(TOKEN_ID + 2 * n)), execute("p"))
            self.assertEqual(data_rows(messages), [[token(n)]])
        self.assertEqual([m.type for m in self.exchange(Message("C", b"Sst\0"))], ["3", "Z"])
        error = response_fields(self.exchange(bind("", "st"))[0])
        self.assertEqual(error["C"], "26000")

    def test_a_query_between(self):
        self.exchange(parse("", "SELECT tok($1::BIGINT)"))
        self.assertEqual(data_rows(self.exchange(bind("", "", str(TOKEN_ID)), execute(""))), [["1000000000000001"]])
        self.client.query("SELECT 1")
        self.assertEqual(response_fields(self.exchange(bind("", "", "1"))[0])["C"], "26000")

    def test_transactions(self):
        self.client.query("CREATE TEMP TABLE x (t VARCHAR(MAX))")
        insert = (parse("", "INSERT INTO x SELECT tok($1::BIGINT)"), bind("", "", str(TOKEN_ID)), execute(""))
        self.exchange(parse("", "BEGIN"), bind("", ""), execute(""), *insert)
        self.assertEqual(self.client.status, "T")
        self.exchange(*insert)
        self.exchange(parse("", "ROLLBACK"), bind("", ""), execute(""))
        self.assertEqual(self.client.status, "I")
        self.assertEqual(self.client.value("SELECT count(*) FROM x"), "0")
        self.exchange(*insert, *insert)
        self.assertEqual(self.client.value("SELECT count(*) FROM x"), "2")

    def test_after_an_error_everything_up_to_sync_is_skipped(self):
        good = (parse("", f"SELECT tok({TOKEN_ID})"), bind("", ""), execute(""))
        bad = (parse("", "SELECT tok(0)"), bind("", ""), execute(""))
        self.assertEqual("".join(m.type for m in self.exchange(*good, *bad, *good)), "12DC12EZ")
        self.assertEqual(self.client.status, "I")
        self.assertEqual("".join(m.type for m in self.exchange(*good)), "12DCZ")
        self.assertEqual("".join(m.type for m in self.exchange(parse("", "SELECT FROM FROM"), *good)), "EZ")

    def test_rows_in_portions(self):
        self.client.send(
            parse("", "SELECT tok(id) FROM ids ORDER BY n"),
            bind("", ""),
            execute("", 2),
            execute("", 2),
            execute("", 0),
            SYNC,
        )
        messages = self.client.until("Z")
        self.assertEqual([m.type for m in messages if m.type not in "D"], ["1", "2", "s", "s", "C", "Z"])
        self.assertEqual(data_rows(messages), [[token(n)] for n in range(1000)])

    def test_flush_and_an_empty_statement(self):
        self.client.send(parse("", ""), FLUSH)
        self.assertEqual(self.client.receive().type, "1")
        self.assertEqual([m.type for m in self.exchange(bind("", ""), execute(""))], ["2", "I", "Z"])

    def test_several_statements_in_one_are_an_error(self):
        self.assertEqual(response_fields(self.exchange(parse("", "SELECT 1; SELECT 2"))[0])["C"], "42601")


class Batches(unittest.TestCase):
    def test_rows_go_in_batches_by_slice(self):
        before = len(invocations())
        with WireClient() as client:
            rows = client.rows(f"SELECT {SCHEMA}.tok(id) FROM {SCHEMA}.ids ORDER BY n")
        self.assertEqual(rows, [[token(n)] for n in range(1000)])
        made = invocations()[before:]
        self.assertEqual(sorted(entry["rows"] for entry in made), [100] * 10)  # two slices of 500 rows
        self.assertEqual({entry["function"] for entry in made}, {f"{SCHEMA}.__s2_totoken"})

    def test_equal_rows_of_a_stable_function_go_once(self):
        before = len(invocations())
        with WireClient() as client:
            self.assertEqual(
                client.value(f"SELECT count({SCHEMA}.tok({TOKEN_ID} + n % 3 * 2)) FROM {SCHEMA}.ids"), "1000"
            )
        self.assertEqual(sum(entry["rows"] for entry in invocations()[before:]), 3)


class Cancelling(unittest.TestCase):
    def test_a_query_of_postgresql(self):
        with WireClient() as client:
            client.send(Message("Q", cstring("SELECT pg_sleep(60)")))
            time.sleep(0.2)
            start = time.monotonic()
            with WireClient(connect=False) as canceller:
                canceller.socket.sendall(struct.pack("!II", 16, protocol.CANCEL_REQUEST) + client.key)
            errors = [response_fields(m) for m in client.until("Z") if m.type == "E"]
            self.assertEqual([error["C"] for error in errors], ["57014"])
            self.assertLess(time.monotonic() - start, 15)
            self.assertEqual(client.value("SELECT 1"), "1")

    def test_a_lambda_that_takes_its_time(self):
        with WireClient() as client:
            client.query(
                f"CREATE EXTERNAL FUNCTION {SCHEMA}.slow(INT) RETURNS INT STABLE LAMBDA 'echo' IAM_ROLE default"
            )
            for before in ("SELECT 1", "BEGIN"):
                client.query(before)
                client.send(Message("Q", cstring(f"SELECT {SCHEMA}.slow(1)")))
                time.sleep(0.3)
                start = time.monotonic()
                with WireClient(connect=False) as canceller:
                    canceller.socket.sendall(struct.pack("!II", 16, protocol.CANCEL_REQUEST) + client.key)
                errors = [response_fields(m) for m in client.until("Z") if m.type == "E"]
                self.assertEqual([error["C"] for error in errors], ["57014"])
                self.assertLess(time.monotonic() - start, 15)
            self.assertEqual(client.status, "E")
            client.query("ROLLBACK")
            self.assertEqual(client.value("SELECT 1"), "1")

    def test_a_timeout_wherever_it_strikes(self):
        with WireClient() as client:
            outcomes = set()
            for timeout_ms in (1, 2, 3, 4, 6, 8, 12, 16, 1000):
                client.query(f"SET statement_timeout = {timeout_ms}")
                for statement in (
                    f"SELECT {SCHEMA}.tok({TOKEN_ID})",
                    f"SELECT count({SCHEMA}.tok(id)) FROM {SCHEMA}.ids",
                ):
                    errors = [response_fields(m)["C"] for m in client.query(statement) if m.type == "E"]
                    self.assertIn(errors, ([], ["57014"]))
                    self.assertEqual(client.status, "I")
                    outcomes.add(tuple(errors))
            self.assertEqual(outcomes, {(), ("57014",)})
            client.query("SET statement_timeout = 0")
            self.assertEqual(client.value(f"SELECT {SCHEMA}.tok({TOKEN_ID})"), "1000000000000001")


class ManyClients(unittest.TestCase):
    def test_sessions_do_not_mix(self):
        answers = {}

        def ask(number: int) -> None:
            with WireClient() as client:
                answers[number] = [
                    client.value(f"SELECT {SCHEMA}.tok({TOKEN_ID + 2 * n})") for n in range(number, number + 5)
                ]

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, {number: [token(n) for n in range(number, number + 5)] for number in range(8)})


if __name__ == "__main__":
    unittest.main()
