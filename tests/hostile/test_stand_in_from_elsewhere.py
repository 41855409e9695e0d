"""A stand-in of a bundle gets this machine's settings, and none of the machine it came from."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.engine_images import PlainImage, add_plain_image
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.host.trust import Trust
from helpers.engine.supply import load_trusted as loading
from helpers.engine.supply.accepted import accepted
from helpers.engine.supply.load_trusted import load_trusted
from helpers.engine.supply.source_failed import SourceFailed
from helpers.errors import DamagedBundle
from helpers.model.image.config import labels_in
from helpers.model.image.digest import Digest
from helpers.model.image.imported import imported_config
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.supply.recipe import StandInRecipe
from tests.hostile.private_ca import PrivateCa, private_ca
from tests.unit import tar_writer as tar

NAME = "python:3.13-slim"
LABEL = 'LABEL workbook.stand-in="Debian 13: python3.13 1"'
STORE = "./etc/ssl/certs/ca-certificates.crt"
LAYER = tar.layer(tar.file(STORE.encode(), b"usual\n"), tar.file(b"./x", b"y" * 9000)) + bytes(8192)


class Engine:
    """It keeps what is loaded, and checks that a config names its layer."""

    def __init__(self) -> None:
        self.api = self
        self.config: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.layers: list[bytes] = []

    def load_image(self, chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
            (entry,) = json.loads(_content(archive, "manifest.json"))
            self.config = json.loads(_content(archive, entry["Config"]))
            self.layers = [_plain(_content(archive, name)) for name in entry["Layers"]]
        assert [tar.digest(one) for one in self.layers] == self.config["rootfs"]["diff_ids"]
        with tarfile.open(fileobj=io.BytesIO(self.layers[-1])) as layer:
            self.files = {one.name: _content(layer, one.name) for one in layer if one.isreg()}
        return iter(())


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file
    return file.read()


def _plain(layer: bytes) -> bytes:
    return zstandard.decompress(layer) if layer[:4] == b"\x28\xb5\x2f\xfd" else layer


def bundle_of(folder: Path, name: str, layer: bytes, *instructions: str) -> BundleFile:
    archive, path = folder / "image.tar", folder / "b.tar"
    archive.write_bytes(layer)
    config = imported_config(
        ["ENV A=b", *instructions], tar.digest(layer), Platform.here(), "2026-11-24T17:41:00Z"
    )
    with BundleWriter(path) as writer:
        image = PlainImage(config, archive)
        writer.finish([add_plain_image(name, image, writer, lambda *_: None)])
    return BundleFile(path)


def load(bundle: BundleFile, engine: Any) -> str:
    (image,) = bundle.images
    return load_trusted(engine, image.name, bundle.manifest(image), bundle, lambda *_: None)


@pytest.fixture
def ca(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PrivateCa:
    """What this machine trusts of its own."""
    made = private_ca(tmp_path)

    def trust(recipe: StandInRecipe) -> Trust:
        return Trust((made.pem,)) if recipe.trusts else Trust()

    monkeypatch.setattr(loading, "trust_for", trust)
    return made


def test_a_stand_in_of_a_bundle_gets_what_this_machine_has(ca: PrivateCa, tmp_path: Path) -> None:
    engine = Engine()
    note = load(bundle_of(tmp_path, NAME, LAYER, LABEL), engine)
    assert note == "; with this machine's own 1 certificate"
    assert len(engine.layers) == 1
    assert engine.files[STORE] == b"usual\n" + ca.pem.encode()
    assert engine.files["./x"] == b"y" * 9000
    assert engine.config["config"]["Env"] == [
        "A=b",
        "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
        "REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt",
    ]
    assert engine.config["config"]["Labels"]["workbook.trust"] == Trust((ca.pem,)).fingerprint


@pytest.mark.parametrize(
    ("name", "instructions", "layer"),
    [
        (NAME, (), LAYER),
        ("app:1", (LABEL,), LAYER),
        ("busybox:1.37", (LABEL,), LAYER),
        (NAME, (LABEL,), tar.layer(tar.file(b"./x", b"y"))),
        (NAME, (LABEL, "LABEL workbook.trust=0123"), LAYER),
    ],
    ids=["an official image", "another image", "without a need", "without a store", "with one"],
)
def test_all_else_is_loaded_as_it_is(
    ca: PrivateCa, tmp_path: Path, name: str, instructions: tuple[str, ...], layer: bytes
) -> None:
    engine = Engine()
    bundle = bundle_of(tmp_path, name, layer, *instructions)
    assert load(bundle, engine) == ""
    assert engine.layers == [layer]
    manifest = bundle.manifest(bundle.images[0])
    config = b"".join(bundle.chunks(manifest.config.digest))
    assert engine.config == json.loads(config)


def test_a_layer_of_other_bytes_is_not_loaded(ca: PrivateCa, tmp_path: Path) -> None:
    engine = Engine()
    bundle = bundle_of(tmp_path, NAME, LAYER, LABEL)
    manifest = bundle.manifest(bundle.images[0])
    config = imported_config([LABEL], tar.digest(b"other"), Platform.here(), "")

    class Blobs:
        def chunks(self, digest: str) -> Iterator[bytes]:
            return iter([config]) if digest == manifest.config.digest else bundle.chunks(digest)

    with pytest.raises(DamagedBundle, match="not what its image says"):
        load_trusted(engine, NAME, manifest, Blobs(), lambda *_: None)  # type: ignore[arg-type]
    assert engine.layers == []
    assert Digest.of(config) != manifest.config.digest


def test_a_stand_in_with_settings_of_another_machine_is_not_taken() -> None:
    config = imported_config(
        [LABEL, "LABEL workbook.trust=0123456789abcdef"], tar.digest(LAYER), Platform.here(), ""
    )
    assert labels_in(config)["workbook.trust"]
    with pytest.raises(SourceFailed, match="settings of another machine"):
        accepted(ImageReference.parse(NAME), config, allows_stand_ins=True)
