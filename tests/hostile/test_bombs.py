"""Images whose layers are each within bounds, and which are a bomb all the same."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import zstandard

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.reader import read_archive
from helpers.engine.archive.unpack_budget import UnpackBudget
from helpers.engine.bundle import engine_images
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.load import load_image
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.layers.layer_archive import read_layer
from helpers.engine.supply.image_supply import ImageSupply
from helpers.errors import DamagedBundle, ImageUnavailable, UnreadableImage
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.platform import Platform
from tests.unit import tar_writer
from tests.unit.conftest import cut_off_home
from tests.unit.engine.supply.test_accepted import Engine

__all__ = ["cut_off_home"]
MIB = 1 << 20
LAYERS = 12
Pack = Callable[[bytes], bytes]


def zstd_without_size(data: bytes) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(data) + packer.flush()


PACKS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "zstd without a size": zstd_without_size,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


class Swallowing(Engine):
    """An engine that counts what it gets."""

    taken_bytes = 0

    def load_image(self, chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        for chunk in chunks:
            self.taken_bytes += len(chunk)
        self.images.add("bomb:1")
        return iter(())


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound of half a gigabyte, as 5 MiB: so that the test is quick."""
    monkeypatch.setattr("helpers.engine.archive.unpack_budget._FREE_BYTES", 5 * MIB)


def layers() -> list[bytes]:
    """Layers of a MiB of zeros each: no one of them is much."""
    return [
        tar_writer.layer(tar_writer.file(f"zeros-{number}".encode(), bytes(MIB)))
        for number in range(LAYERS)
    ]


def bundled(path: Path, pack: Pack) -> BundleFile:
    plain = layers()
    config = tar_writer.config(plain, architecture="amd64")
    with BundleWriter(path) as writer:
        blobs = [writer.add([pack(layer)]) for layer in plain]
        writer.add([config])
        kind = "application/vnd.oci.image.layer.v1.tar"
        document = {
            "mediaType": MANIFEST_TYPES[0],
            "config": Descriptor("x/config", Digest.of(config), len(config)).json(),
            "layers": [Descriptor(kind, one.digest, one.size_bytes).json() for one in blobs],
        }
        body = json.dumps(document).encode()
        writer.add([body])
        made_for = Platform.parse("linux/amd64")
        manifest = Descriptor(MANIFEST_TYPES[0], Digest.of(body), len(body), made_for)
        writer.finish([BundledImage("bomb:1", manifest)])
    return BundleFile(path)


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_bundle_with_a_bomb_of_many_layers_is_not_loaded(tmp_path: Path, pack: Pack) -> None:
    engine, bundle = Swallowing(), bundled(tmp_path / "bomb.tar", pack)
    with pytest.raises(DamagedBundle, match="more than 64 times"):
        load_image(engine, "bomb:1", bundle.manifest(bundle.images[0]), bundle, lambda *_: None)
    assert engine.taken_bytes < 7 * MIB
    assert not engine.there


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_its_layers_are_not_read_to_the_end(tmp_path: Path, pack: Pack) -> None:
    archive = tmp_path / "saved.tar"
    archive.write_bytes(saved(pack))
    budget = UnpackBudget()
    content = read_archive(
        ByteStream([archive.read_bytes()]), lambda _, body: read_layer(unpacked(body, budget))
    )
    with pytest.raises(UnreadableImage, match="more than 64 times"):
        content.layer(f"{LAYERS - 1}.tar", "sha256:0")


def saved(pack: Pack) -> bytes:
    plain = layers()
    names = [f"{number}.tar" for number in range(LAYERS)]
    manifest = [{"Config": "c.json", "RepoTags": ["bomb:1"], "Layers": names}]
    return tar_writer.layer(
        tar_writer.file(b"c.json", tar_writer.config(plain)),
        *(
            tar_writer.file(name.encode(), pack(layer))
            for name, layer in zip(names, plain, strict=True)
        ),
        tar_writer.file(b"manifest.json", json.dumps(manifest).encode()),
    )


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_an_archive_with_it_is_not_handed_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_off_home: Path, pack: Pack
) -> None:
    engine, path = Swallowing(), tmp_path / "saved.tar"
    path.write_bytes(saved(pack))
    assert tarfile.is_tarfile(path)
    monkeypatch.setenv("WORKBOOK_BUNDLE", str(path))
    with pytest.raises(ImageUnavailable, match="more than 64 times"):
        ImageSupply(engine).ensure("bomb:1")
    assert engine.taken_bytes == 0


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_an_engine_that_has_it_cannot_put_it_into_a_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Pack
) -> None:
    engine = Mock()
    engine.api.inspect_image.return_value = {"Id": "sha256:1", "Size": 1, "Os": "linux"}
    archive = nullcontext(ByteStream([saved(pack)]))
    monkeypatch.setattr(engine_images, "saved_image", lambda *_: archive)
    with (
        BundleWriter(tmp_path / "bundle.tar") as writer,
        pytest.raises(UnreadableImage, match="more than 64 times"),
    ):
        engine_images.add_engine_image(engine, "bomb:1", writer, lambda *_: None)
