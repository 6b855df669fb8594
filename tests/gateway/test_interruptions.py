"""A run that is killed, and two runs at once: the registry never says what is not so, and the next run repairs."""

import os
import re
import signal
import time

import pexpect
import pytest

from conftest import GEOCELL, PACKAGE, SECRETS

FEW = ("--functions", "quadbin_fromlonglat,quadbin_bbox")
WRITES = ["iam.CreateRole", "iam.PutRolePolicy", "redshift.ModifyClusterIamRoles", "logs.CreateLogGroup",
          "logs.PutRetentionPolicy", "lambda.CreateFunction", "lambda.AddPermission"]
KNOWN = "fromlonglat(-3.7038, 40.4168, 4) = 5207251884775047167"


def retry(settings, milliseconds):
    """A deployment that differs from others in every external function."""
    return settings | {"GEOCELL_RETRY_TIMEOUT_MS": str(milliseconds)}


def retries(redshift):
    """What the external functions really are."""
    return {int(re.search(r'"retry_timeout_ms": (\d+)', source)[1]) for source in redshift.in_postgres(
        "SELECT prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang "
        "WHERE nspname = 'carto' AND lanname = 'exfunc'")}


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def assert_repaired(geocell, redshift, settings):
    out = geocell("deploy", "--yes", *FEW, env=settings).out
    assert KNOWN in out or "no changes" in out
    assert redshift.sql("SELECT carto.quadbin_fromlonglat(-3.7038, 40.4168, 4)") == ["5207251884775047167"]
    assert "no changes" in geocell("plan", *FEW, env=settings).out
    wanted = int(settings.get("GEOCELL_RETRY_TIMEOUT_MS", 20000))
    assert retries(redshift) == {wanted}


class Hold:
    """Holds the n-th statement of a kind back in Redshift until let_go()."""

    def __init__(self, redshift):
        self.redshift = redshift

    def begin(self, n: int, event: str = "CREATE FUNCTION", when: str = "ddl_command_start", table: str | None = None):
        wait = f"""
          BEGIN
            IF nextval('public.holds') = {n} THEN
              WHILE EXISTS (SELECT 1 FROM public.hold) LOOP PERFORM pg_sleep(0.02); END LOOP;
            END IF;
            {"RETURN NULL;" if table else ""}
          END"""
        self.redshift.in_postgres(
            "CREATE TABLE public.hold AS SELECT 1 AS one; CREATE SEQUENCE public.holds; "
            f"CREATE FUNCTION public.hold() RETURNS {'trigger' if table else 'event_trigger'} LANGUAGE plpgsql AS $${wait}$$; "
            + (f"CREATE TRIGGER hold BEFORE {event} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION public.hold()" if table else
               f"CREATE EVENT TRIGGER hold ON {when} WHEN TAG IN ('{event}') EXECUTE FUNCTION public.hold()"))

    def sleepers(self) -> bool:
        return self.redshift.in_postgres("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != ["0"]

    def wait_until_held(self):
        deadline = time.monotonic() + 60
        while not self.sleepers():
            assert time.monotonic() < deadline, "no statement was held back"
            time.sleep(0.02)

    def let_go(self):
        """The statement goes on, and ends before this returns."""
        self.redshift.in_postgres("DELETE FROM public.hold")
        while self.sleepers():
            time.sleep(0.02)
        # What it waited for is done when its transaction is.
        while self.redshift.in_postgres("SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() "
                                        "AND backend_type = 'client backend'") != ["0"]:
            time.sleep(0.02)

    def end(self):
        self.redshift.in_postgres("DROP EVENT TRIGGER IF EXISTS hold; DROP FUNCTION IF EXISTS public.hold() CASCADE; "
                                  "DROP TABLE IF EXISTS public.hold; DROP SEQUENCE IF EXISTS public.holds")


@pytest.fixture
def hold(redshift):
    holder = Hold(redshift)
    yield holder
    redshift.in_postgres("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
    holder.end()


# ---- kill -9

@pytest.mark.parametrize("call", WRITES)
def test_killed_after_a_write_to_aws(geocell, cloud, redshift, settings, call):
    """AWS has done it; the one who asked is no more."""
    cloud.fail({"call": call, "hold": True})
    process = geocell.start("deploy", "--yes", *FEW, env=settings)
    cloud.wait_until_held()
    kill(process)
    cloud.let_go()
    assert_repaired(geocell, redshift, settings)


@pytest.mark.parametrize("event, n", [("CREATE SCHEMA", 1), ("CREATE TABLE", 1), ("CREATE FUNCTION", 1), ("CREATE FUNCTION", 3)])
def test_killed_while_making(geocell, cloud, redshift, settings, hold, event, n):
    """The statement that is on its way is carried out nevertheless."""
    hold.begin(n, event)
    process = geocell.start("deploy", "--yes", *FEW, env=settings)
    hold.wait_until_held()
    kill(process)
    hold.let_go()
    hold.end()
    assert_repaired(geocell, redshift, settings)


@pytest.mark.parametrize("event, n", [("DROP FUNCTION", 1), ("CREATE FUNCTION", 1), ("CREATE FUNCTION", 2)])
@pytest.mark.parametrize("then", ["again", "the former"])
def test_killed_while_changing(geocell, cloud, redshift, settings, hold, event, n, then):
    """Whether the next deploy is for the same settings or for the former ones: what is there becomes what is asked for."""
    geocell("deploy", "--yes", *FEW, env=retry(settings, 1000))
    hold.begin(n, event)
    process = geocell.start("deploy", "--yes", *FEW, env=retry(settings, 2000))
    hold.wait_until_held()
    kill(process)
    hold.let_go()
    hold.end()
    plan = geocell("plan", *FEW, env=retry(settings, 1000)).out
    assert "no changes" not in plan and "is at work or was interrupted" in plan
    assert_repaired(geocell, redshift, retry(settings, 2000 if then == "again" else 1000))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_killed_while_writing_down(geocell, cloud, redshift, settings, hold, n):
    """The updates of the registry: the run's beginning, the functions it is about, what has become of them."""
    geocell("deploy", "--yes", *FEW, env=retry(settings, 1000))
    hold.begin(n, "UPDATE", table="carto.geocell_registry")
    process = geocell.start("deploy", "--yes", *FEW, env=retry(settings, 2000))
    hold.wait_until_held()
    kill(process)
    hold.let_go()
    hold.end()
    assert_repaired(geocell, redshift, retry(settings, 1000))


@pytest.mark.parametrize("event", ["DROP FUNCTION", "DROP TABLE"])
def test_killed_while_removing_sql(geocell, cloud, redshift, settings, hold, event):
    geocell("deploy", "--yes", *FEW, env=settings)
    hold.begin(1, event)
    process = geocell.start("remove", "--yes", "--production", "--drop-schema", env=settings)
    hold.wait_until_held()
    kill(process)
    hold.let_go()
    hold.end()
    geocell("remove", "--yes", "--production", "--drop-schema", env=settings)
    assert_nothing_left(cloud, redshift)


@pytest.mark.parametrize("call", ["logs.DeleteLogGroup", "lambda.DeleteFunction", "iam.DeleteRolePolicy", "iam.DeleteRole"])
def test_killed_while_removing_from_aws(geocell, cloud, redshift, settings, call):
    geocell("deploy", "--yes", *FEW, env=settings)
    cloud.fail({"call": call, "hold": True})
    process = geocell.start("remove", "--yes", "--production", "--drop-schema", env=settings)
    cloud.wait_until_held()
    kill(process)
    cloud.let_go()
    geocell("remove", "--yes", "--production", "--drop-schema", env=settings)
    assert_nothing_left(cloud, redshift)


def assert_nothing_left(cloud, redshift):
    assert redshift.sql("SELECT COUNT(*) FROM pg_namespace WHERE nspname = 'carto'") == ["0"]
    assert cloud.client("lambda").list_functions()["Functions"] == []
    assert cloud.client("iam").list_roles()["Roles"] == []
    assert cloud.client("logs").describe_log_groups()["logGroups"] == []
    assert cloud.state()["clusters"]["analytics"] == []


# ---- two at once

# What a run may say that loses against another.
REASONS = ("Another run", "Somebody has made it since", "EntityAlreadyExists", "ResourceConflictException", "already exists",
           "does not exist", "concurrently updated", "duplicate key")


def test_two_begin_together(geocell, cloud, redshift, settings):
    """From nothing. Each ends well or says why not; then everything is there, once."""
    both = [geocell.start("deploy", "--yes", *FEW, env=settings) for _ in range(2)]
    for process in both:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0 or any(reason in out for reason in REASONS), out
        assert not any(secret in out for secret in SECRETS.values())
    assert_repaired(geocell, redshift, settings)


def test_two_change_together(geocell, cloud, redshift, settings):
    """Each to something else: at most one wins, and what the registry says is what is there."""
    geocell("deploy", "--yes", *FEW, env=retry(settings, 1000))
    both = {n: geocell.start("deploy", "--yes", *FEW, env=retry(settings, n)) for n in (2000, 3000)}
    winners = []
    for n, process in both.items():
        out, _ = process.communicate(timeout=120)
        winners += [n] if process.returncode == 0 else []
        assert process.returncode == 0 or any(reason in out for reason in REASONS), out
    for n in (2000, 3000):
        unchanged = "no changes" in geocell("plan", *FEW, env=retry(settings, n)).out
        assert unchanged == (retries(redshift) == {n})
    assert len(winners) > 0
    assert_repaired(geocell, redshift, retry(settings, 3000))


def test_second_is_told_of_the_first(geocell, cloud, redshift, settings, tmp_path):
    """The first is slow, and alive: the second stops and names it; the first ends well."""
    redshift.in_postgres("CREATE FUNCTION public.slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.7); END $$; "
                         "CREATE EVENT TRIGGER slow ON ddl_command_start WHEN TAG IN ('CREATE FUNCTION') EXECUTE FUNCTION public.slow()")
    env = settings | {"GEOCELL_RUN_SILENCE": "3"}
    try:
        first = geocell.start("deploy", "--yes", *FEW, env=env)
        while "carto" not in redshift.sql("SELECT nspname FROM pg_namespace") or redshift.functions() == []:
            assert first.poll() is None
        second = geocell("deploy", "--yes", *FEW, env=env, status=1)
        assert "has not ended; looking for a sign of life" in second.err
        assert f"Another run is at work in this schema" in second.err and f"process {first.pid}, since 20" in second.err
        out, _ = first.communicate(timeout=60)
        assert first.returncode == 0 and KNOWN in out
    finally:
        redshift.in_postgres("DROP EVENT TRIGGER slow; DROP FUNCTION public.slow()")
    assert "no changes" in geocell("plan", *FEW, env=env).out


def test_one_that_was_taken_over_stops(geocell, cloud, redshift, settings, hold):
    """The first gives no sign of life, is taken over, and then wakes up: it touches nothing more."""
    geocell("deploy", "--yes", *FEW, env=retry(settings, 1000))
    hold.begin(1, "CREATE FUNCTION")
    first = geocell.start("deploy", "--yes", *FEW, "--on-failure", "undo", env=retry(settings, 2000))
    hold.wait_until_held()
    second = geocell("deploy", "--yes", *FEW, env=retry(settings, 3000))
    assert "It was interrupted: this run takes over." in second.err and KNOWN in second.out
    hold.let_go()
    out, _ = first.communicate(timeout=60)
    assert first.returncode == 1
    assert "already exists" in out or "Another run has taken over" in out, out
    assert "undone" not in out.replace("not undone", "")
    hold.end()
    assert "no changes" in geocell("plan", *FEW, env=retry(settings, 3000)).out
    assert retries(redshift) == {3000}


def test_a_plan_that_is_out_of_date_is_not_carried_out(geocell, cloud, redshift, settings, tmp_path):
    """While one waits for its "y", another deploys."""
    geocell("deploy", "--yes", *FEW, env=retry(settings, 1000))
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "AWS_ENDPOINT_URL": cloud.url,
                   "GEOCELL_AWS_CLI": cloud.aws, "AWS_ACCESS_KEY_ID": "AKIDTEST", **SECRETS, "GEOCELL_RUN_SILENCE": "1", **retry(settings, 2000)}
    child = pexpect.spawn(str(GEOCELL), ["deploy", *FEW, "--package", str(PACKAGE)], env=environment, cwd=str(tmp_path), timeout=60,
                          encoding="utf-8")
    child.expect("Deploy\\?")
    geocell("deploy", "--yes", *FEW, env=retry(settings, 3000))
    child.sendline("y")
    child.expect("Another run has begun in this schema since this one made its plan")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert "no changes" in geocell("plan", *FEW, env=retry(settings, 3000)).out
    assert retries(redshift) == {3000}


def test_sign_of_life_over_the_data_api(geocell, cloud, redshift, settings):
    """The same without a session: a run that was interrupted is taken over there, too."""
    cloud.script(data_api_database={**os.environ, **redshift.variables}, data_api_polls=0)
    env = {"RS_CLUSTER_ID": "analytics", "RS_DATABASE": "dev", "RS_USER": "awsuser", "GEOCELL_VIA": "data-api", "GEOCELL_RUN_SILENCE": "1"}
    geocell("deploy", "--yes", *FEW, env=settings)
    redshift.sql("UPDATE carto.geocell_registry SET version = 'at work' WHERE object = 'run'")
    redshift.sql("UPDATE carto.geocell_registry SET digest = '' WHERE object LIKE 'quadbin_bbox%'")
    result = geocell("deploy", "--yes", *FEW, env=env)
    assert "It was interrupted: this run takes over." in result.err
    assert "~ function carto.quadbin_bbox(bigint): was not finished" in result.out
    assert "no changes" in geocell("plan", *FEW, env=settings).out
