"""What goes wrong on the way: each ends in a clear message, exit 1, and a state that the next deploy repairs."""

import pytest

FEW = ("--functions", "quadbin_fromlonglat,quadbin_bbox")
WRITES = ["iam.CreateRole", "iam.PutRolePolicy", "redshift.ModifyClusterIamRoles", "logs.CreateLogGroup",
          "logs.PutRetentionPolicy", "lambda.CreateFunction", "lambda.AddPermission"]
READS = ["sts.GetCallerIdentity", "iam.GetRole", "lambda.GetFunction", "logs.DescribeLogGroups", "redshift.DescribeClusters"]


def deploy(geocell, settings, *more, status=0, **others):
    return geocell("deploy", "--yes", *FEW, *more, env=settings, status=status, **others)


def assert_repaired(geocell, settings):
    assert "fromlonglat(-3.7038, 40.4168, 4) = 5207251884775047167" in deploy(geocell, settings).out
    assert "no changes" in deploy(geocell, settings).out


def test_the_writes_are_all_of_them(geocell, cloud, redshift, settings):
    deploy(geocell, settings)
    assert set(cloud.writes()) == set(WRITES)


@pytest.mark.parametrize("call", [name for name in WRITES if name != "redshift.ModifyClusterIamRoles"])
def test_network_cut_at_a_write(geocell, cloud, redshift, settings, call):
    cloud.fail({"call": call, "cut": True})
    result = deploy(geocell, settings, status=1)
    assert "AWS cannot be reached" in result.err
    assert "Done before it" in result.err
    assert_repaired(geocell, settings)


@pytest.mark.parametrize("call", READS)
def test_cannot_tell_is_an_error(geocell, cloud, redshift, settings, call):
    cloud.fail({"call": call, "cut": True})
    result = geocell("plan", *FEW, env=settings, status=1)
    assert "AWS cannot be reached" in result.err
    assert "no changes" not in result.text
    assert cloud.writes() == []


def test_denied_is_not_missing(geocell, cloud, redshift, settings):
    cloud.fail({"call": "lambda.GetFunction", "status": 403, "code": "AccessDeniedException", "message": "not authorized"})
    result = geocell("plan", *FEW, env=settings, status=1)
    assert "AccessDeniedException: not authorized" in result.err
    assert "lack this permission" in result.err


# E29: throttles and conflicts pass.
@pytest.mark.parametrize("status, code, message", [
    (429, "TooManyRequestsException", "Rate exceeded"),
    (409, "ResourceConflictException", "The operation cannot be performed at this time. An update is in progress"),
    (400, "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."),
    (500, "ServiceException", "internal"),
])
def test_transient_failures_are_tried_again(geocell, cloud, redshift, settings, status, code, message):
    cloud.fail({"call": "lambda.CreateFunction", "status": status, "code": code, "message": message, "times": 2})
    result = deploy(geocell, settings)
    assert result.err.count(f"{code}; trying again") == 2
    assert cloud.log().count("lambda.CreateFunction") == 3


def test_delays_grow(geocell, cloud, redshift, settings):
    cloud.fail({"call": "lambda.CreateFunction", "status": 429, "code": "TooManyRequestsException", "times": 3})
    result = deploy(geocell, settings | {"GEOCELL_RETRY_DELAY_MS": "20"})
    assert [f"again in {n} ms" in result.err for n in (20, 40, 60)] == [True] * 3


def test_a_throttle_that_stays_ends_in_an_error(geocell, cloud, redshift, settings):
    cloud.fail({"call": "lambda.CreateFunction", "status": 429, "code": "TooManyRequestsException", "times": 100})
    result = deploy(geocell, settings, status=1)
    assert cloud.log().count("lambda.CreateFunction") == 11
    assert "✗ create Lambda carto-at-geocell: aws lambda create-function: TooManyRequestsException" in result.err


def test_expired_credential(geocell, cloud, redshift, settings):
    deploy(geocell, settings)
    cloud.fail({"call": "sts.GetCallerIdentity", "status": 403, "code": "ExpiredToken", "message": "The token has expired"})
    result = deploy(geocell, settings, status=1)
    assert "sign in again" in result.err


def test_attaching_the_role_may_fail(geocell, cloud, redshift, settings):
    """E32: said with the steps in the console; the run goes on."""
    cloud.fail({"call": "redshift.ModifyClusterIamRoles", "status": 403, "code": "AccessDenied", "message": "no"})
    result = deploy(geocell, settings)
    assert "Manage IAM roles, Associate arn:aws:iam::123456789012:role/CartoATRedshiftInvokeRole" in result.err
    assert cloud.state()["clusters"]["analytics"] == []
    assert "attach" in geocell("plan", *FEW, env=settings).out


@pytest.fixture
def refusing(redshift):
    """Refuses, or cuts, the n-th CREATE FUNCTION from now."""
    def begin(n: int, what: str):
        redshift.in_postgres(f"""
          CREATE SEQUENCE public.refusals;
          CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF nextval('public.refusals') = {n} THEN {what}; END IF;
          END $$;
          CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE FUNCTION') EXECUTE FUNCTION public.refuse()""")

    yield begin
    redshift.in_postgres("DROP EVENT TRIGGER IF EXISTS refuse; DROP FUNCTION IF EXISTS public.refuse(); "
                         "DROP SEQUENCE IF EXISTS public.refusals")


REFUSE = "RAISE EXCEPTION 'permission denied for schema carto'"
CUT = "PERFORM pg_terminate_backend(pg_backend_pid())"


@pytest.mark.parametrize("n, what", [(1, REFUSE), (2, CUT), (3, REFUSE)])
def test_redshift_refuses_or_leaves(geocell, cloud, redshift, settings, refusing, n, what):
    refusing(n, what)
    result = deploy(geocell, settings, status=1)
    assert "✗ create function carto." in result.err
    if what == REFUSE:
        assert "permission denied for schema carto" in result.err
    redshift.in_postgres("DROP EVENT TRIGGER refuse")
    assert_repaired(geocell, settings)


def test_undo_takes_back_what_this_run_made(geocell, cloud, redshift, settings, refusing):
    refusing(3, REFUSE)
    result = deploy(geocell, settings, "--on-failure", "undo", status=1)
    assert "undone: create Lambda carto-at-geocell" in result.err
    assert redshift.sql("SELECT COUNT(*) FROM pg_namespace WHERE nspname = 'carto'") == ["0"]
    assert cloud.client("lambda").list_functions()["Functions"] == []
    assert cloud.client("iam").list_roles()["Roles"] == []
    assert cloud.state()["clusters"]["analytics"] == []


def test_undo_brings_back_the_former_function(geocell, cloud, redshift, settings, refusing):
    deploy(geocell, settings | {"GEOCELL_RETRY_TIMEOUT_MS": "1000"})
    refusing(2, REFUSE)
    deploy(geocell, settings | {"GEOCELL_RETRY_TIMEOUT_MS": "2000"}, "--on-failure", "undo", status=1)
    redshift.in_postgres("DROP EVENT TRIGGER refuse")
    # The second function was dropped when making it failed; the first is as before.
    plan = geocell("plan", *FEW, env=settings | {"GEOCELL_RETRY_TIMEOUT_MS": "1000"}).out
    assert "to change 0" in plan or "no changes" in plan
    assert_repaired(geocell, settings)


def test_redshift_is_not_there(geocell, cloud, settings):
    result = deploy(geocell, settings | {"RS_PORT": "1", "GEOCELL_CONNECT_TIMEOUT": "2"}, status=1)
    assert "Redshift at 127.0.0.1:1 cannot be reached" in result.err
    assert cloud.writes() == []


def test_no_aws_cli(geocell, cloud, settings):
    result = deploy(geocell, settings | {"GEOCELL_AWS_CLI": "/nowhere/aws"}, status=1)
    assert "the AWS CLI cannot be started" in result.err


def test_failed_lambda_is_said(geocell, cloud, redshift, settings):
    result = geocell("deploy", "--yes", *FEW, "--package", "/nowhere.zip", env=settings, status=1)
    assert "/nowhere.zip is not there; `make build cloud=redshift arch=x86_64` makes" in result.err
    assert cloud.writes() == []


# What others made is neither replaced nor removed.
def test_foreign_objects_are_left_alone(geocell, cloud, redshift, settings):
    redshift.sql("CREATE SCHEMA carto")
    redshift.sql("CREATE FUNCTION carto.quadbin_bbox(BIGINT) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql")
    result = deploy(geocell, settings, status=1)
    assert "function carto.quadbin_bbox(bigint) exists and geocell did not make it" in result.err
    assert cloud.writes() == []
    assert "~ function carto.quadbin_bbox(bigint): taken over" in deploy(geocell, settings, "--adopt").out
    assert "no changes" in deploy(geocell, settings).out


def test_foreign_lambda_and_role_are_left_alone(geocell, cloud, redshift, settings):
    iam = cloud.client("iam")
    iam.create_role(RoleName="CartoATLambdaExecutionRole", AssumeRolePolicyDocument="{}")
    cloud.clear_log()
    result = deploy(geocell, settings, status=1)
    assert "role CartoATLambdaExecutionRole exists and geocell did not make it" in result.err
    assert cloud.writes() == []
    removed = geocell("remove", "--yes", "--production", env=settings)
    assert "role CartoATLambdaExecutionRole stays: geocell did not make it" in removed.out
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["CartoATLambdaExecutionRole"]
