"""Images of an engine, put into a bundle: what `docker save` gives, each layer packed once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import zstandard

from helpers.engine.archive.archived_image import image_in
from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import GZIP, ZSTD, unpacked
from helpers.engine.archive.reader import read_archive
from helpers.engine.archive.saved_image import saved_image
from helpers.engine.base.answers import translated
from helpers.engine.bundle.writer import BundleWriter
from helpers.errors import UnreadableImage
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.image.config import is_made_of
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform

if TYPE_CHECKING:
    from docker import DockerClient

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_LEVEL = 1  # of zstd: higher ones save a few more percent, for half as much time again
_MANIFEST_BYTES = 1 << 16
OnBytes = Callable[[int, int], None]
# A layer in the bundle, and the digest of what is in it.
PackedLayer = tuple[Descriptor, str]


def add_engine_image(
    client: DockerClient, name: str, bundle: BundleWriter, on_bytes: OnBytes
) -> BundledImage:
    """The engine's image of that name, now in the bundle. Raises NoSuchImage or EngineGone.

    What an earlier run put in whole is not read again.
    """
    with translated(f"docker save {name}"):
        inspected = client.api.inspect_image(name)
    platform = Platform.described(inspected)
    manifest = _already(bundle, inspected)
    if manifest is None:
        total_bytes = int(inspected["Size"])

        def report(done_bytes: int) -> None:
            on_bytes(min(done_bytes, total_bytes), total_bytes)

        with saved_image(client, name, report) as stream:
            manifest = _packed_image(stream, name, platform, bundle)
    kind = MANIFEST_TYPES[0]
    return BundledImage(name, Descriptor(kind, manifest.digest, manifest.size_bytes, platform))


def _already(bundle: BundleWriter, inspected: Mapping[str, Any]) -> Descriptor | None:
    """The manifest of an inspected image, where it stands in the bundle with all that it names."""
    for digest in bundle.blobs:
        if bundle.size_bytes(digest) < _MANIFEST_BYTES:
            text = bundle.read(digest)
            if b'"layers"' in text and is_made_of(inspected, _config_of(text, bundle)):
                return Descriptor("", Digest(digest), len(text))
    return None


def _config_of(text: bytes, bundle: BundleWriter) -> bytes:
    """The config that a manifest names; empty where the text is none, or it is not there."""
    try:
        config = Manifest.parse("", text).config
    except UnreadableImage:
        return b""
    return bundle.read(config.digest) if config.digest in bundle.blobs else b""


def _packed_image(
    stream: ByteStream, name: str, platform: Platform | None, bundle: BundleWriter
) -> Descriptor:
    """The manifest of the image in an archive, written for its layers as they are packed now.

    Raises UnreadableImage.
    """
    content = read_archive(stream, lambda _, body: _packed_layer(body, bundle))
    image = image_in(content, platform=platform)
    layers = [
        content.layer(member, diff_id)
        for member, diff_id in zip(image.members, image.diff_ids, strict=True)
    ]
    if tuple(diff_id for _, diff_id in layers) != image.diff_ids:
        raise UnreadableImage(f"`docker save {name}` gave other layers than its config names.")
    added = bundle.add([image.config])
    document: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPES[0],
        "config": Descriptor(CONFIG_TYPE, added.digest, added.size_bytes).json(),
        "layers": [layer.json() for layer, _ in layers],
    }
    return bundle.add([json.dumps(document, indent=1).encode()])


def _packed_layer(body: ByteStream, bundle: BundleWriter) -> PackedLayer:
    """A layer in the bundle, packed with zstd unless it came so, or with gzip."""
    start, plain = body.peek(len(ZSTD)), sha256()
    if start.startswith((GZIP, ZSTD)):
        kind = "gzip" if start.startswith(GZIP) else "zstd"
        blob = bundle.add(body.rest())
        for piece in unpacked(ByteStream(bundle.chunks(blob.digest))).rest():
            plain.update(piece)
    else:
        kind, content = "zstd", unpacked(body)
        size_bytes = body.size_bytes if content is body else None
        blob = bundle.add(_zstd(_hashed(content.rest(), plain), size_bytes))
    layer = Descriptor(f"{_LAYER}+{kind}", blob.digest, blob.size_bytes)
    return layer, f"sha256:{plain.hexdigest()}"


def _zstd(chunks: Iterable[memoryview], size_bytes: int | None) -> Iterator[bytes]:
    """The bytes packed in one frame, whose header has the size of what is in it."""
    packer = zstandard.ZstdCompressor(level=_LEVEL, threads=-1).compressobj(size=size_bytes or -1)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def _hashed(chunks: Iterable[memoryview], digest: Any) -> Iterator[memoryview]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
