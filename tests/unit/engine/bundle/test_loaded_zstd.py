"""Layers packed with zstd, as `docker load` gets them: whole and unpacked, or not at all."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

import pytest
import zstandard

from helpers.engine.bundle.load import _archive
from helpers.errors import DamagedBundle, UnreadableImage
from helpers.model.image.manifest import Manifest
from tests.unit import tar_writer as tar
from tests.unit.engine.archive.test_packed_streams import skippable, with_checksum, without_size

LAYER = tar.layer(tar.file(b"f", b"".join(b"%d " % number for number in range(60_000))))
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "one frame": zstandard.compress,
    "unknown size": without_size,
    "frames": lambda data: zstandard.compress(data[:9000]) + with_checksum(data[9000:]),
    "frames, one of unknown size": lambda data: (
        zstandard.compress(data[:9]) + without_size(data[9:])
    ),
    "a frame to skip": lambda data: skippable() + zstandard.compress(data) + skippable(b"", 9),
}


class Blobs:
    """Blobs in chunks of a size."""

    def __init__(self, blobs: dict[str, bytes], chunk_bytes: int) -> None:
        self._blobs, self._chunk_bytes = blobs, chunk_bytes

    def chunks(self, digest: str) -> object:
        blob = self._blobs[digest]
        return (blob[at : at + self._chunk_bytes] for at in range(0, len(blob), self._chunk_bytes))


def loaded(packed: bytes, chunk_bytes: int = 4096, plain: bytes = LAYER) -> bytes:
    """The only layer in what the engine gets."""
    config = tar.config([plain])
    manifest = Manifest.parse("a:1", tar.oci_manifest(config, [packed]))
    blobs = Blobs({tar.digest(packed): packed, tar.digest(config): config}, chunk_bytes)
    archive = b"".join(_archive("a:1", manifest, config, blobs, lambda *_: None))  # type: ignore[arg-type]
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        (name,) = [name for name in members.getnames() if name.endswith(".tar")]
        file = members.extractfile(name)
        assert file is not None
        return file.read()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("chunk_bytes", [100, 1 << 20])
def test_every_form_is_unpacked_whole(form: str, chunk_bytes: int) -> None:
    assert loaded(FORMS[form](LAYER), chunk_bytes) == LAYER


@pytest.mark.parametrize("form", FORMS)
def test_what_is_cut_off_is_refused(form: str) -> None:
    packed = FORMS[form](LAYER)
    for length in (8, 9, 40, len(packed) // 2, len(packed) - 9):
        with pytest.raises((DamagedBundle, UnreadableImage)):
            loaded(packed[:length])


def test_a_layer_of_no_bytes_is_loaded() -> None:
    assert loaded(b"", plain=b"") == b""
    assert loaded(zstandard.compress(b""), plain=b"") == b""
