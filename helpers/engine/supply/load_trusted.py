"""A stand-in that came from elsewhere, loaded with this machine's certificates and pip settings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import IO, TYPE_CHECKING

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.writer import Content, image_archive
from helpers.engine.base.labels import STAND_IN, TRUST
from helpers.engine.bundle.blobs import CHUNK_BYTES, Blobs
from helpers.engine.bundle.load import (
    checked,
    config_in,
    diff_ids_in,
    load_archive,
    load_image,
    readable,
)
from helpers.engine.host.trust import Trust
from helpers.engine.supply.stand_in import trust_for
from helpers.engine.supply.stand_in_source import settings_in
from helpers.engine.supply.trusted_layer import TrustedLayer
from helpers.model.image.config import labels_in
from helpers.model.image.imported import changed_config
from helpers.model.image.manifest import Manifest
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import lesson_image
from helpers.model.supply.recipe import StandInRecipe

if TYPE_CHECKING:
    from docker import DockerClient

OnBytes = Callable[[int, int], None]
_MEMBER = "000-layer.tar"


def load_trusted(
    client: DockerClient, name: str, manifest: Manifest, blobs: Blobs, on_bytes: OnBytes
) -> str:
    """What to add to the note on the image, which the engine has now under that name.

    Only stand-ins with a store of certificates are changed. Raises as `load_image` does.
    """
    config = config_in(blobs, manifest)
    recipe = _recipe(name, config, manifest)
    trust = trust_for(recipe) if recipe else Trust()
    if recipe and trust:
        with tempfile.TemporaryFile() as file:
            layer = TrustedLayer(trust, recipe)
            chunks = readable(_changed(layer, manifest, config, blobs, on_bytes), name)
            digest = sha256()
            for chunk in readable(_written(chunks, file), name):
                digest.update(chunk)
            if layer.has_store:
                changed = _config(config, f"sha256:{digest.hexdigest()}", trust)
                load_archive(client, name, _archive(name, changed, file))
                return f"; with {settings_in(trust)}"
    load_image(client, name, manifest, blobs, on_bytes)
    return ""


def _recipe(name: str, config: bytes, manifest: Manifest) -> StandInRecipe | None:
    """How an image of that name is made, where it is a stand-in without any machine's settings."""
    known, labels = lesson_image(ImageReference.parse(name)), labels_in(config)
    is_plain = STAND_IN in labels and TRUST not in labels and len(manifest.layers) == 1
    return known.stand_in if known and is_plain else None


def _changed(
    layer: TrustedLayer, manifest: Manifest, config: bytes, blobs: Blobs, on_bytes: OnBytes
) -> Iterator[bytes]:
    """The only layer, unpacked and checked, with what is added to it."""
    (blob,), (diff_id,) = manifest.layers, diff_ids_in(config, manifest)
    passing = _reported(blobs.chunks(blob.digest), blob.size_bytes, on_bytes)
    plain = map(bytes, unpacked(ByteStream(passing)).rest())
    stream = ByteStream(checked(plain, manifest.name, diff_id))
    yield from map(bytes, layer.passing(stream))
    for _ in stream.rest():  # to the end, so that all of it was checked
        pass


def _reported(chunks: Iterator[bytes], total: int, on_bytes: OnBytes) -> Iterator[bytes]:
    done = 0
    for chunk in chunks:
        done += len(chunk)
        on_bytes(min(done, total), total)
        yield chunk


def _written(chunks: Iterator[bytes], file: IO[bytes]) -> Iterator[bytes]:
    """The chunks, each of which is in the file then."""
    for chunk in chunks:
        file.write(chunk)
        yield chunk


def _config(config: bytes, diff_id: str, trust: Trust) -> bytes:
    return changed_config(config, diff_id, trust.environment(), {TRUST: trust.fingerprint})


def _archive(name: str, config: bytes, file: IO[bytes]) -> Iterator[bytes]:
    """An archive of the image of that config and a layer in a file."""
    size_bytes = file.tell()
    file.seek(0)
    chunks = iter(lambda: file.read(CHUNK_BYTES), b"")
    return image_archive(name, config, [_MEMBER], [Content(_MEMBER, size_bytes, chunks)])
