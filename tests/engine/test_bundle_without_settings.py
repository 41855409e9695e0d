"""A bundle made behind a proxy with a private CA, on a real engine: nothing of it is in there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.reader import files_in
from helpers.engine.archive.saved_image import saved_image
from helpers.engine.base.project_files import ROOT
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.docker import Docker
from helpers.engine.host.trust import BUNDLE_INSIDE
from helpers.engine.supply.load_bundle import load_bundle
from helpers.model.bundle.index_digest import IndexDigest
from tests.engine.supply_kit import need_stand_ins, set_aside
from tests.hostile.private_ca import PrivateCa, private_ca

pytestmark = pytest.mark.engine
NAME, HOST = "python:3.13-slim", "pypi.umbrella.example"
CHILD = """
import sys, threading
from pathlib import Path
from helpers.engine.bundle.save import save_bundle
from helpers.engine.connection.client import find_client
from helpers.engine.supply.plain_stand_in import plain_stand_ins
from helpers.engine.supply.sources import Wanted
from helpers.engine.supply.stand_in_source import StandInSource
from helpers.model.image.reference import ImageReference
client, _ = find_client()
silent = lambda *_: None
wanted = Wanted(ImageReference.parse(sys.argv[1]), threading.Event(), silent)
print(StandInSource(client, True).supply(wanted))
names = [sys.argv[1]]
plain = plain_stand_ins(client, names, silent)
save_bundle(client, names, Path(sys.argv[2]), silent, plain=plain)
"""


def everything_in(bundle: BundleFile) -> bytes:
    parts = [bundle.path.read_bytes()]
    for image in bundle.images:
        for blob in bundle.manifest(image).blobs:
            parts += map(bytes, unpacked(ByteStream(bundle.chunks(blob.digest))).rest())
    return b"".join(parts)


def saved(docker: Docker) -> bytes:
    """What `docker save` gives, unpacked: containerd's store saves layers as they are packed."""
    with saved_image(docker.client, NAME) as stream:
        return b"".join(
            bytes(piece) for _, body in files_in(stream) for piece in unpacked(body).rest()
        )


def traces(ca: PrivateCa, content: bytes) -> list[str]:
    return ca.traces_in(content) + ["pip's host"] * (HOST.encode() in content)


def test_the_engine_has_the_private_ca_and_the_bundle_does_not(
    docker: Docker, tmp_path: Path
) -> None:
    need_stand_ins()
    ca, path = private_ca(tmp_path, Path(BUNDLE_INSIDE)), tmp_path / "b.tar"
    environment = os.environ | {
        "SSL_CERT_FILE": str(ca.bundle),
        "PIP_INDEX_URL": f"https://{HOST}/simple",
    }
    with set_aside(docker.client, NAME):
        words = [sys.executable, "-P", "-c", CHILD, NAME, str(path)]
        child = subprocess.run(
            words, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
        )
        assert child.returncode == 0, child.stderr
        assert "what is built on it and pushed carries them along" in child.stdout
        assert "a line of its PEM" in traces(ca, saved(docker))
        assert "pip's host" in traces(ca, saved(docker))
        bundle = BundleFile(path)
        bundle.verify()
        content = everything_in(bundle)
        assert traces(ca, content) == []
        assert b"workbook.trust" not in content
        assert b"python3.13" in content

        docker.client.api.remove_image(NAME, force=True)
        (loaded,) = load_bundle(docker.client, path, lambda _: None, IndexDigest.of(bundle.index))
        assert loaded.note.startswith("from b.tar")
        assert traces(ca, saved(docker)) == []
        (layer,) = docker.client.api.inspect_image(NAME)["RootFS"]["Layers"]
        assert layer.startswith("sha256:")
