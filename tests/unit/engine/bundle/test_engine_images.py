"""An engine's image put into a bundle: every layout, whole, damaged and broken off."""

from __future__ import annotations

import errno
import gzip
import io
import json
import lzma
import random
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.engine_images import add_engine_image
from helpers.engine.bundle.load import _archive
from helpers.engine.bundle.writer import BundleWriter
from helpers.errors import DiskFull, UnreadableImage, WorkbookError
from tests.unit import tar_writer as tar
from tests.unit.engine.layers.test_verified_layers import Naming, diff_id
from tests.unit.saving_engine import SavingEngine

BASE = tar.layer(tar.folder(b"d/"), tar.file(b"d/x", random.Random(5).randbytes(300_000)))
TOP = tar.layer(tar.file(b"long", b"m" * 5000))
LAYERS = [BASE, TOP, BASE]
LAYOUTS: dict[str, Callable[[list[bytes]], bytes]] = {
    "docker": tar.legacy,
    "docker 25": tar.docker_25,
    "podman": tar.podman,
    "oci, gzip": tar.oci,
    "oci, zstd": lambda layers: tar.oci(layers, zstandard.compress),
    "oci, plain": lambda layers: tar.oci(layers, bytes),
    "oci, xz": lambda layers: tar.oci(layers, lzma.compress),
}


def packed(path: Path, engine: SavingEngine) -> BundleFile:
    with BundleWriter(path) as writer:
        writer.finish([add_engine_image(engine, "a:1", writer, lambda *_: None)])
    return BundleFile(path)


def unpacked(bundle: BundleFile) -> list[bytes]:
    """What is in the layers that `docker load` gets."""
    manifest = bundle.manifest(bundle.images[0])
    config = b"".join(bundle.chunks(manifest.config.digest))
    chunks = _archive("a:1", manifest, config, bundle, lambda *_: None)
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
        (entry,) = json.load(archive.extractfile("manifest.json"))
        bodies = [archive.extractfile(name).read() for name in entry["Layers"]]
    return [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in bodies]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_packed_and_comes_out_the_same(layout: str, tmp_path: Path) -> None:
    bundle = packed(tmp_path / "b.tar", SavingEngine(LAYOUTS[layout](LAYERS), LAYERS))
    bundle.verify()
    assert unpacked(bundle) == LAYERS
    assert str(bundle.images[0].platform) == "linux/amd64"
    kinds = {layer.media_type for layer in bundle.manifest(bundle.images[0]).layers}
    kind = "gzip" if layout == "oci, gzip" else "zstd"
    assert kinds == {f"application/vnd.oci.image.layer.v1.tar+{kind}"}


def test_what_is_packed_already_stays_as_it_is(tmp_path: Path) -> None:
    blobs = {layer: gzip.compress(layer) for layer in LAYERS}
    bundle = packed(tmp_path / "b.tar", SavingEngine(tar.oci(LAYERS, blobs.get), LAYERS))
    digests = [layer.digest for layer in bundle.manifest(bundle.images[0]).layers]
    assert digests == [tar.digest(blobs[layer]) for layer in LAYERS]


def test_an_image_that_is_in_the_bundle_is_not_saved_again(tmp_path: Path) -> None:
    engine = SavingEngine(tar.docker_25(LAYERS), LAYERS)
    with BundleWriter(tmp_path / "b.tar") as writer:
        first = add_engine_image(engine, "a:1", writer, lambda *_: None)
        assert add_engine_image(engine, "a:1", writer, lambda *_: None) == first
    assert engine.saves == 1


def test_how_far_it_is_never_passes_the_whole(tmp_path: Path) -> None:
    steps = list[tuple[int, int]]()
    engine = SavingEngine(tar.docker_25(LAYERS), LAYERS)
    with BundleWriter(tmp_path / "b.tar") as writer:
        add_engine_image(engine, "a:1", writer, lambda *step: steps.append(step))
    assert steps[-1] == (1000, 1000)
    assert max(done for done, _ in steps) == 1000


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layer_whose_bytes_were_changed_is_refused(layout: str, tmp_path: Path) -> None:
    data = LAYOUTS[layout]([BASE, TOP])
    dice = random.Random(3)
    refused = 0
    for number in range(40):
        damaged = bytearray(data)
        damaged[dice.randrange(len(data))] ^= 0x11
        path = tmp_path / f"{number}.tar"
        try:
            bundle = packed(path, SavingEngine(bytes(damaged), [BASE, TOP]))
        except WorkbookError:
            refused += 1
            assert not path.exists()
        else:
            assert unpacked(bundle) == [BASE, TOP]
    assert refused > 20


def test_an_archive_that_breaks_off_is_refused(tmp_path: Path) -> None:
    data = tar.docker_25([BASE, TOP])
    for length in range(0, len(data) - 1500, 31_001):
        with pytest.raises(UnreadableImage):
            packed(tmp_path / "b.tar", SavingEngine(data[:length], [BASE, TOP]))


def test_a_full_disk_is_not_taken_for_an_engine_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Iterator[bytes]:
        raise OSError(errno.ENOSPC, "No space left on device")
        yield b""

    monkeypatch.setattr("helpers.engine.bundle.engine_images._zstd", full)
    with pytest.raises(DiskFull):
        packed(tmp_path / "b.tar", SavingEngine(tar.docker_25(LAYERS), LAYERS))


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_layer_goes_in_only_where_it_is_what_its_diff_id_says(
    algorithm: str, tmp_path: Path
) -> None:
    bundle = packed(tmp_path / "right.tar", Naming(TOP, diff_id(algorithm, TOP)))
    assert unpacked(bundle) == [TOP]
    with pytest.raises(UnreadableImage, match="is not what its image says"):
        packed(tmp_path / "wrong.tar", Naming(BASE, diff_id(algorithm, TOP)))
