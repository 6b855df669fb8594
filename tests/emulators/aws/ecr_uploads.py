"""ECR's upload of layers, which moto lacks, by AWS's API reference; and the images that come of it, unpacked.

A layer is uploaded in parts in order, of the size that InitiateLayerUpload says (the last one may be shorter); CompleteLayerUpload
compares the digest; PutImage takes a manifest only when all that it names is there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import uuid
from pathlib import Path

PART_BYTES = 10 * 1024 * 1024


class EcrFault(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def digest_of(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class EcrUploads:
    def __init__(self):
        self.uploads: dict[str, bytearray] = {}
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, dict] = {}

    def call(self, operation: str, body: dict) -> dict | None:
        """The answer; None where moto answers."""
        if operation == "BatchCheckLayerAvailability":
            return {"layers": [{"layerDigest": digest, "layerAvailability": "AVAILABLE" if digest in self.blobs else "UNAVAILABLE"}
                               for digest in body["layerDigests"]], "failures": []}
        if operation == "InitiateLayerUpload":
            name = str(uuid.uuid4())
            self.uploads[name] = bytearray()
            return {"uploadId": name, "partSize": PART_BYTES}
        if operation == "UploadLayerPart":
            return self.part(body)
        if operation == "CompleteLayerUpload":
            data = bytes(self.uploads.pop(body["uploadId"]))
            if body["layerDigests"] != [digest_of(data)]:
                raise EcrFault("InvalidLayerException", f"the layer is {digest_of(data)}")
            self.blobs[digest_of(data)] = data
            return {"repositoryName": body["repositoryName"], "uploadId": body["uploadId"], "layerDigest": digest_of(data)}
        if operation == "PutImage":
            self.check_image(body)
        return None

    def part(self, body: dict) -> dict:
        upload = self.uploads.get(body["uploadId"])
        if upload is None:
            raise EcrFault("UploadNotFoundException", body["uploadId"])
        data = base64.b64decode(body["layerPartBlob"])
        if body["partFirstByte"] != len(upload) or body["partLastByte"] != len(upload) + len(data) - 1 or not 0 < len(data) <= PART_BYTES:
            raise EcrFault("InvalidLayerPartException", f"bytes {body['partFirstByte']} to {body['partLastByte']} after {len(upload)}")
        upload += data
        return {"uploadId": body["uploadId"], "lastByteReceived": body["partLastByte"]}

    def check_image(self, body: dict) -> None:
        text = body["imageManifest"].encode()
        manifest = json.loads(text)
        if body.get("imageDigest", digest_of(text)) != digest_of(text):
            raise EcrFault("ImageDigestDoesNotMatchException", digest_of(text))
        for reference in [manifest["config"], *manifest["layers"]]:
            if len(self.blobs.get(reference["digest"], b"")) != reference["size"]:
                raise EcrFault("LayersNotFoundException", reference["digest"])
        self.manifests[digest_of(text)] = manifest

    def unpack(self, uri: str, folder: Path) -> Path:
        """The image's entry point, in a folder with its layers."""
        manifest = self.manifests[uri.rpartition("@")[2]]
        for layer in manifest["layers"]:
            with tarfile.open(fileobj=io.BytesIO(self.blobs[layer["digest"]])) as archive:
                archive.extractall(folder)
        config = json.loads(self.blobs[manifest["config"]["digest"]])
        return folder / config["config"]["Entrypoint"][0].lstrip("/")
