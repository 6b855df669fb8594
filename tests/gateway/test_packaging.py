"""The ways of the Lambda's code to AWS: over a bucket, in a layer, as a container image. Each ends in a call that answers."""

import hashlib
import json
import shutil
import zipfile

import pytest

from conftest import PACKAGE

FEW = ("--functions", "quadbin_fromlonglat,quadbin_bbox")
KNOWN = "fromlonglat(-3.7038, 40.4168, 4) = 5207251884775047167"
NAME = "carto-at-geocell"


def function_of(cloud):
    return cloud.client("lambda").get_function(FunctionName=NAME)


def layers_of(cloud) -> list[str]:
    return [layer["Arn"] for layer in function_of(cloud)["Configuration"].get("Layers", [])]


@pytest.fixture
def bucket(cloud):
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="code")
    cloud.clear_log()
    return s3


@pytest.fixture
def other(tmp_path):
    """The same program in a package that differs."""
    path = tmp_path / "other.zip"
    shutil.copy(PACKAGE, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.txt", "x")
    return path


def deploy(geocell, env, **more):
    return geocell("deploy", "--yes", *FEW, env=env, **more)


def objects(s3) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket="code").get("Contents", [])]


# ---- over a bucket

def test_over_a_bucket(geocell, cloud, redshift, settings, bucket, other):
    env = settings | {"GEOCELL_BUCKET": "code"}
    assert KNOWN in deploy(geocell, env).out
    assert cloud.log().count("s3.PutObject") == cloud.log().count("s3.DeleteObject") == 1
    assert objects(bucket) == []  # Lambda has its own copy
    assert "no changes" in deploy(geocell, env).out
    assert "no changes" in deploy(geocell, settings).out  # the way does not matter, the code does
    assert KNOWN in deploy(geocell, env, package=other).out
    assert objects(bucket) == []


def test_cut_between_bucket_and_lambda(geocell, cloud, redshift, settings, bucket):
    env = settings | {"GEOCELL_BUCKET": "code"}
    cloud.fail({"call": "lambda.CreateFunction", "cut": True})
    assert "AWS cannot be reached" in geocell("deploy", "--yes", *FEW, env=env, status=1).err
    key = f"carto-at-geocell/{hashlib.sha256(PACKAGE.read_bytes()).hexdigest()}.zip"
    assert objects(bucket) == [key]
    assert KNOWN in deploy(geocell, env).out
    assert objects(bucket) == []


def test_bucket_that_is_not_there(geocell, cloud, redshift, settings):
    result = geocell("deploy", "--yes", *FEW, env=settings | {"GEOCELL_BUCKET": "nowhere"}, status=1)
    assert "NoSuchBucket" in result.err


def test_too_large_for_a_call(geocell, cloud, redshift, settings, bucket, tmp_path):
    large = tmp_path / "large.zip"
    shutil.copy(PACKAGE, large)
    with zipfile.ZipFile(large, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("ballast", b"\0" * (50 << 20))
    result = geocell("deploy", "--yes", *FEW, env=settings, package=large, status=1)
    assert f"has {large.stat().st_size} bytes; Lambda takes at most 52428800 in a call: name an S3 bucket in GEOCELL_BUCKET" in result.err
    assert cloud.writes() == []
    assert "to create" in geocell("plan", *FEW, env=settings | {"GEOCELL_BUCKET": "code"}, package=large).out


# ---- layer and thin function

def test_layer(geocell, cloud, redshift, settings, other):
    env = settings | {"GEOCELL_PACKAGING": "layer"}
    plan = geocell("plan", *FEW, env=env).out
    assert f"+ layer {NAME}: geocell 0." in plan and "x86_64, sha256 " in plan
    assert KNOWN in deploy(geocell, env).out
    assert layers_of(cloud) == [f"arn:aws:lambda:us-east-1:123456789012:layer:{NAME}:1"]
    assert function_of(cloud)["Configuration"]["CodeSize"] < 1000
    cloud.clear_log()
    assert "no changes" in deploy(geocell, env).out and cloud.writes() == []
    # Another package: another version of the layer, and the function as it was.
    before = function_of(cloud)["Configuration"]["CodeSha256"]
    out = deploy(geocell, env, package=other).out
    assert f"~ Lambda {NAME}: layer 1 → new" in out and KNOWN in out
    assert layers_of(cloud)[0].endswith(":2") and function_of(cloud)["Configuration"]["CodeSha256"] == before
    # Back: the version that is there is used again.
    out = deploy(geocell, env).out
    assert "layer 2 → 1" in out and "+ layer" not in out
    geocell("remove", "--yes", "--production", env=env)
    assert cloud.client("lambda").list_layer_versions(LayerName=NAME)["LayerVersions"] == []


def test_from_zip_to_layer_and_back(geocell, cloud, redshift, settings):
    layer = settings | {"GEOCELL_PACKAGING": "layer"}
    deploy(geocell, settings)
    whole = function_of(cloud)["Configuration"]["CodeSha256"]
    assert "layer none → new, code " in deploy(geocell, layer).out
    assert layers_of(cloud) != [] and function_of(cloud)["Configuration"]["CodeSha256"] != whole
    assert "no changes" in deploy(geocell, layer).out
    deploy(geocell, settings)
    assert layers_of(cloud) == [] and function_of(cloud)["Configuration"]["CodeSha256"] == whole
    assert "no changes" in deploy(geocell, settings).out
    assert redshift.sql("SELECT carto.quadbin_fromlonglat(-3.7038, 40.4168, 4)") == ["5207251884775047167"]


def test_layer_over_a_bucket(geocell, cloud, redshift, settings, bucket):
    assert KNOWN in deploy(geocell, settings | {"GEOCELL_PACKAGING": "layer", "GEOCELL_BUCKET": "code"}).out
    assert cloud.log().count("s3.PutObject") == 2 and objects(bucket) == []


@pytest.mark.parametrize("call", ["lambda.PublishLayerVersion", "lambda.CreateFunction"])
def test_layer_cut(geocell, cloud, redshift, settings, call):
    env = settings | {"GEOCELL_PACKAGING": "layer"}
    cloud.fail({"call": call, "cut": True})
    assert "AWS cannot be reached" in geocell("deploy", "--yes", *FEW, env=env, status=1).err
    assert KNOWN in deploy(geocell, env).out
    assert layers_of(cloud)[0].endswith(":1")
    assert "no changes" in deploy(geocell, env).out


def test_undo_takes_the_layer_back(geocell, cloud, redshift, settings):
    cloud.fail({"call": "lambda.CreateFunction", "status": 400, "code": "CodeStorageExceededException", "message": "full"})
    result = geocell("deploy", "--yes", *FEW, "--on-failure", "undo", env=settings | {"GEOCELL_PACKAGING": "layer"}, status=1)
    assert f"undone: create layer {NAME}" in result.err
    assert cloud.client("lambda").list_layer_versions(LayerName=NAME)["LayerVersions"] == []


# ---- container image

def image_uri(cloud) -> str:
    return function_of(cloud)["Code"]["ImageUri"]


def test_image(geocell, cloud, redshift, settings, other, tmp_path):
    env = settings | {"GEOCELL_PACKAGING": "image"}
    first = deploy(geocell, env).out
    assert f"+ repository {NAME}: for the Lambda's image" in first and KNOWN in first
    configuration = function_of(cloud)["Configuration"]
    assert configuration["PackageType"] == "Image"
    # The image that build writes, by its digest.
    geocell("build", "--out", tmp_path / "z.zip", "--image", tmp_path / "image", package=None)
    digest = json.loads((tmp_path / "image/index.json").read_text())["manifests"][0]["digest"]
    assert image_uri(cloud) == f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{NAME}@{digest}"
    ecr = cloud.client("ecr")
    policy = json.loads(ecr.get_repository_policy(repositoryName=NAME)["policyText"])
    assert policy["Statement"][0]["Condition"] == {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:us-east-1:123456789012:function:carto-at-*"}}
    cloud.clear_log()
    assert "no changes" in deploy(geocell, env).out and cloud.writes() == []
    assert KNOWN in deploy(geocell, env, package=other).out
    assert not image_uri(cloud).endswith(digest)
    # The settings of an image, without what it says itself, whatever the packaging is set to.
    assert "no changes" in geocell("update", "-c", "config", "--yes", *FEW, env=settings).out
    # Back: the image is there, and is not pushed again.
    cloud.clear_log()
    assert KNOWN in deploy(geocell, env).out
    assert image_uri(cloud).endswith(digest) and "ecr.UploadLayerPart" not in cloud.log()
    geocell("remove", "--yes", "--production", env=env)
    assert ecr.describe_repositories()["repositories"] == []
    assert cloud.client("lambda").list_functions()["Functions"] == []


PUSHES = ["ecr.CreateRepository", "ecr.SetRepositoryPolicy", "ecr.BatchCheckLayerAvailability", "ecr.InitiateLayerUpload",
          "ecr.UploadLayerPart", "ecr.CompleteLayerUpload", "ecr.PutImage"]


@pytest.mark.parametrize("call, skip", [*((call, 0) for call in PUSHES), ("ecr.UploadLayerPart", 1)])
def test_image_cut(geocell, cloud, redshift, settings, call, skip):
    env = settings | {"GEOCELL_PACKAGING": "image"}
    cloud.fail({"call": call, "cut": True, "skip": skip})
    assert "AWS cannot be reached" in geocell("deploy-lambdas", "--yes", *FEW, env=env, status=1).err
    geocell("deploy-lambdas", "--yes", *FEW, env=env)
    assert "no changes" in geocell("plan", "-c", "lambda,config,roles", *FEW, env=env | {"RS_HOST": None}).out
    assert json.loads(cloud.client("ecr").get_repository_policy(repositoryName=NAME)["policyText"])["Statement"][0]["Sid"] == "LambdaPulls"


def test_image_does_not_become_a_zip(geocell, cloud, redshift, settings):
    deploy(geocell, settings)
    cloud.clear_log()
    result = geocell("deploy", "--yes", *FEW, env=settings | {"GEOCELL_PACKAGING": "image"}, status=1)
    assert f"Lambda {NAME} is of package type Zip and cannot become Image" in result.err and "geocell remove" in result.err
    assert cloud.writes() == []


def test_foreign_repository_is_left_alone(geocell, cloud, redshift, settings):
    cloud.client("ecr").create_repository(repositoryName=NAME)
    cloud.clear_log()
    env = settings | {"GEOCELL_PACKAGING": "image"}
    assert f"repository {NAME} exists and geocell did not make it" in geocell("deploy", "--yes", *FEW, env=env, status=1).err
    assert cloud.writes() == []
    assert f"repository {NAME} stays: geocell did not make it" in geocell("remove", "--yes", "--production", env=env).out


def test_dry_runs(geocell, cloud, redshift, settings):
    for packaging, call in (("layer", "aws lambda publish-layer-version"), ("image", "aws ecr initiate-layer-upload")):
        result = geocell("deploy", *FEW, "--dry-run", env=settings | {"GEOCELL_PACKAGING": packaging})
        assert f"would call: {call}" in result.out
    assert cloud.writes() == []
    assert "should be zip, layer or image" in geocell("plan", env=settings | {"GEOCELL_PACKAGING": "tar"}, status=1).err
