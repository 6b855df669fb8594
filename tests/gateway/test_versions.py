"""deploy --version: a release is deployed by its own program; going back is deploying the earlier one."""

import hashlib
import shutil
import subprocess
import zipfile

import pytest

from conftest import GEOCELL, PACKAGE, ROOT

FEW = ("--functions", "quadbin_fromlonglat,quadbin_bbox")
EARLIER = "0.0.9"


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """An earlier release: another package, and another batch size of quadbin_bbox."""
    folder = tmp_path_factory.mktemp("releases")
    tree = folder / "functions"
    shutil.copytree(ROOT / "sql" / "functions", tree)
    path = tree / "quadbin" / "quadbin_bbox.yaml"
    text = path.read_text()
    assert "max_batch_rows: 10000" in text
    path.write_text(text.replace("max_batch_rows: 10000", "max_batch_rows: 777"))
    package = folder / "package.zip"
    shutil.copy(PACKAGE, package)
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("earlier.txt", "of another release")
    subprocess.run([GEOCELL, "create-package", folder / "out", "--package", package, "--functions-root", tree, "--version", EARLIER],
                   check=True, stdout=subprocess.DEVNULL)
    return folder


def code_of(cloud) -> str:
    return cloud.client("lambda").get_function(FunctionName="carto-at-geocell")["Configuration"]["CodeSha256"]


def batch_rows(redshift) -> list[str]:
    return redshift.in_postgres("SELECT substring(prosrc from 'max_batch_rows\": (\\d+)') FROM pg_proc WHERE proname = '__quadbin_bbox'")


def test_back_and_forth(geocell, cloud, redshift, settings, releases):
    geocell("deploy", "--yes", *FEW, env=settings)
    now = code_of(cloud)
    earlier = ("--version", EARLIER, "--releases", releases / "out")
    plan = geocell("plan", *FEW, *earlier, env=settings, package=None).out
    assert "~ Lambda carto-at-geocell: code " in plan and "~ function carto.__quadbin_bbox(bigint): definition" in plan
    assert "to change 2" in plan
    result = geocell("deploy", "--yes", *FEW, *earlier, env=settings, package=None)
    assert f"release {EARLIER}, from {releases}/out/geocell-redshift-{EARLIER}.zip" in result.err
    assert "fromlonglat(-3.7038, 40.4168, 4) = 5207251884775047167" in result.out
    assert code_of(cloud) != now and batch_rows(redshift) == ["777"]
    assert "no changes" in geocell("plan", *FEW, *earlier, env=settings, package=None).out
    geocell("deploy", "--yes", *FEW, env=settings)
    assert code_of(cloud) == now and batch_rows(redshift) == ["10000"]


def test_present_version_is_this_program(geocell, cloud, redshift, settings):
    version = geocell("--version", package=None).out.strip()
    assert "to create" in geocell("plan", *FEW, "--version", version, env=settings).out


def test_from_a_bucket(geocell, cloud, redshift, settings, releases):
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="team-releases")
    name = f"geocell-redshift-{EARLIER}.zip"
    for file in (name, f"{name}.sha256"):
        s3.put_object(Bucket="team-releases", Key=f"geocell/{file}", Body=(releases / "out" / file).read_bytes())
    where = settings | {"GEOCELL_RELEASES": "s3://team-releases/geocell"}
    assert "to create" in geocell("plan", *FEW, f"--version={EARLIER}", env=where, package=None).out
    s3.put_object(Bucket="team-releases", Key=f"geocell/{name}.sha256", Body=b"0" * 64)
    assert "is not what" in geocell("plan", *FEW, "--version", EARLIER, env=where, package=None, status=1).err
    assert ("There is no release 9.9.9: s3://team-releases/geocell does not hold geocell/geocell-redshift-9.9.9.zip"
            in geocell("plan", "--version", "9.9.9", env=where, package=None, status=1).err)


def test_a_distribution_finds_its_neighbours(cloud, redshift, settings, releases, geocell):
    """Unpacked beside the others' zips, as an administrator has them."""
    folder = releases / "out"
    subprocess.run(["cmake", "-E", "tar", "xf", folder / f"geocell-redshift-{EARLIER}.zip"], cwd=folder, check=True)
    program = folder / f"geocell-redshift-{EARLIER}" / "geocell"
    with zipfile.ZipFile(folder / "geocell-redshift-0.0.8.zip", "w") as archive:
        archive.writestr("geocell-redshift-0.0.8/README.md", "no program")
    result = subprocess.run([program, "plan", "--version", "0.0.8"], capture_output=True, text=True, cwd=releases)
    assert "geocell-redshift-0.0.8.zip is not a distribution: it has no geocell-redshift-0.0.8/geocell" in result.stderr
    assert result.returncode == 1


def test_refused(geocell, cloud, settings, tmp_path):
    assert "Invalid version '../x'" in geocell("deploy", "--version", "../x", env=settings, package=None, status=1).err
    missing = geocell("deploy", "--version", "1.2.3", env=settings, package=None, status=1).err
    assert "There is no release 1.2.3: geocell-redshift-1.2.3.zip is not in dist" in missing and "--releases FOLDER" in missing
    assert "leave out --package" in geocell("deploy", "--version", "1.2.3", env=settings, status=1).err
    (tmp_path / "dist").mkdir()
    with zipfile.ZipFile(tmp_path / "dist/geocell-redshift-1.2.3.zip", "w") as archive:
        archive.writestr("../outside", "x")
    assert "is not a distribution: it holds '../outside'" in geocell("deploy", "--version", "1.2.3", env=settings, package=None, status=1).err
    assert cloud.writes() == []


def test_checksum_beside_the_distribution(releases):
    name = f"geocell-redshift-{EARLIER}.zip"
    digest = hashlib.sha256((releases / "out" / name).read_bytes()).hexdigest()
    assert (releases / "out" / f"{name}.sha256").read_text() == f"{digest}  {name}\n"
