"""Deploy, ask, deploy again, change, remove: the whole way against the emulators."""

import json
import shutil

from conftest import ROOT, SECRETS

POLYGON = ("ST_GeomFromText('POLYGON((-3.71219873428345 40.413365349070865,-3.7144088745117 40.40965661286395,"
           "-3.70659828186035 40.409525904775634,-3.71219873428345 40.413365349070865))', 4326)")
# PostGIS: the cells of resolution 17 whose centre intersects the polygon
CELLS = "[5265786693163941887,5265786693164466175,5265786693164728319]"


def test_whole_way(geocell, cloud, redshift, settings, tmp_path):
    redshift.sql("CREATE SCHEMA carto")
    redshift.sql("CREATE FUNCTION carto.mine(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql")
    first = geocell("deploy", "--yes", env=settings)
    assert "carto.quadbin_fromlonglat(-3.7038, 40.4168, 4) = 5207251884775047167" in first.out
    # A query that answers through the zip that was deployed.
    assert redshift.sql(f"SELECT JSON_SERIALIZE(carto.quadbin_polyfill({POLYGON}, 17))") == [CELLS]
    assert redshift.sql("SELECT carto.quadbin_toparent(5207251884775047167, 3)") == ["5202783469519765503"]
    assert cloud.state()["clusters"]["analytics"] == ["arn:aws:iam::123456789012:role/CartoATRedshiftInvokeRole"]

    cloud.clear_log()
    second = geocell("deploy", "--yes", env=settings)
    assert "no changes" in second.out
    assert cloud.writes() == []

    # One signature file edited: exactly its function is named.
    catalogue = tmp_path / "functions"
    shutil.copytree(ROOT / "sql" / "functions", catalogue)
    edited = catalogue / "quadbin" / "quadbin_kring.yaml"
    edited.write_text(edited.read_text().replace("max_batch_rows: ", "max_batch_rows: 1"))
    plan = json.loads(geocell("plan", "--json", "--functions-root", catalogue, env=settings).out)
    assert [change["object"] for change in plan["changes"]] == ["function carto.__quadbin_kring(bigint,integer)"]
    assert plan["changes"][0]["action"] == "change"

    removed = geocell("remove", "--yes", "--production", "--drop-schema", env=settings)
    assert "functions in carto that geocell did not make stay: mine(integer)" in removed.out
    assert redshift.functions() == ["mine"]
    assert cloud.client("lambda").list_functions()["Functions"] == []
    assert cloud.client("iam").list_roles()["Roles"] == []
    assert cloud.state()["clusters"]["analytics"] == []
    assert "no changes" in geocell("remove", "--yes", "--production", env=settings).out
    for secret in SECRETS.values():
        assert not any(secret in body for body in cloud.state()["bodies"])
