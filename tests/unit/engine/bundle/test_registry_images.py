"""Images of a registry in a bundle: of every kind of digest, and only what was asked for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.registry_images import add_registry_image
from helpers.engine.bundle.writer import BundleWriter
from helpers.errors import DamagedBundle, InvalidInput, WrongDigest
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import HEX_LENGTHS, Digest
from helpers.model.image.platform import Platform
from tests.unit import tar_writer as tar
from tests.unit.bundle_kit import served
from tests.unit.registry_server import Reply, server

AMD64 = Platform("linux", "amd64")
LAYER = tar.layer(tar.file(b"bread", b"flour" * 2000))


def blobs_of(kind: str) -> tuple[bytes, dict[str, bytes]]:
    """The manifest of an image whose blobs have digests of that kind, and those blobs."""
    config = tar.config([LAYER])
    config_type = "application/vnd.oci.image.config.v1+json"
    document = {
        "mediaType": MANIFEST_TYPES[0],
        "config": Descriptor(config_type, Digest.of(config, kind), len(config)).json(),
        "layers": [Descriptor("a.tar", Digest.of(LAYER, kind), len(LAYER)).json()],
    }
    return json.dumps(document).encode(), {Digest.of(one, kind): one for one in (config, LAYER)}


def saved(path: Path, manifest: bytes, blobs: Mapping[str, bytes], packed: bool = False) -> None:
    def reply(method: str, path: str, headers: dict[str, str]) -> Reply:
        body = blobs.get(path.rpartition("/")[2], manifest)
        return (
            (200, {"Content-Encoding": "gzip"}, gzip.compress(body)) if packed else (200, {}, body)
        )

    with server(reply) as http, BundleWriter(path) as writer:
        name = f"{http.address}/app:1"
        image = add_registry_image(name, AMD64, writer, lambda done, total: None)
        writer.finish([image])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", HEX_LENGTHS)
def test_blobs_are_kept_checked_and_served_whatever_their_digest_is(
    tmp_path: Path, kind: str, packed: bool
) -> None:
    manifest, blobs = blobs_of(kind)
    saved(tmp_path / "b.tar", manifest, blobs, packed)
    bundle = BundleFile(tmp_path / "b.tar")
    bundle.verify()
    with served(bundle) as (_, http):
        for digest, body in blobs.items():
            assert b"".join(http.blob("app", digest)) == body
    with BundleWriter(tmp_path / "b.tar") as again:  # as it goes on after a pulled plug
        again.part.write_bytes((tmp_path / "b.tar").read_bytes())
    with BundleWriter(tmp_path / "b.tar") as again:
        assert blobs.keys() <= again.blobs


@pytest.mark.parametrize("kind", HEX_LENGTHS)
def test_a_changed_blob_of_each_kind_is_found(tmp_path: Path, kind: str) -> None:
    saved(tmp_path / "b.tar", *blobs_of(kind))
    data = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(data.replace(b"flour", b"chalk", 1))
    with pytest.raises(DamagedBundle, match="layer 1 of 1"):
        BundleFile(tmp_path / "b.tar").verify()


@pytest.mark.parametrize("more", [b"x", b"x" * 10**6])
def test_more_than_a_blob_has_is_not_kept(tmp_path: Path, more: bytes) -> None:
    manifest, blobs = blobs_of("sha256")
    larger = {digest: body + more for digest, body in blobs.items()}
    with pytest.raises(WrongDigest, match="More bytes came"):
        saved(tmp_path / "b.tar", manifest, larger)


def test_an_image_for_another_platform_is_refused(tmp_path: Path) -> None:
    manifest, blobs = blobs_of("sha256")
    with (
        server(
            lambda method, path, _: (200, {}, blobs.get(path.rpartition("/")[2], manifest))
        ) as http,
        BundleWriter(tmp_path / "b.tar") as writer,
        pytest.raises(InvalidInput, match="is for linux/amd64, and there is none for linux/s390x"),
    ):
        add_registry_image(
            f"{http.address}/app:1", Platform("linux", "s390x"), writer, lambda done, total: None
        )
