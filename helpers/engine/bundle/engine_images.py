"""Images of an engine, put into a bundle: what `docker save` gives, each layer packed once.

Nothing of this machine's settings gets in, whatever labels say: every byte is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zstandard

from helpers.engine.archive.archived_image import image_in
from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import GZIP, unpacked
from helpers.engine.archive.plain_digests import PlainDigests
from helpers.engine.archive.reader import read_archive
from helpers.engine.archive.saved_image import saved_image
from helpers.engine.archive.unpack_budget import UnpackBudget
from helpers.engine.archive.zstd_frames import is_zstd
from helpers.engine.base.answers import translated
from helpers.engine.base.needed_parts import needed_table
from helpers.engine.bundle.blobs import stretch
from helpers.engine.bundle.machine_traces import MachineTraces
from helpers.engine.bundle.writer import BundleWriter
from helpers.errors import UnreadableImage
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.image.config import is_made_of
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform
from helpers.model.text.answer_parts import count_in, texts_of

if TYPE_CHECKING:
    from docker import DockerClient

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_LEVEL = 1  # of zstd: higher ones save a few more percent, for half as much time again
_MANIFEST_BYTES = 1 << 16
_MAGIC_BYTES = 4
OnBytes = Callable[[int, int], None]
# A layer in the bundle, and the digests of what is in it.
PackedLayer = tuple[Descriptor, PlainDigests]


@dataclass(frozen=True)
class PlainImage:
    """An image of one layer, a tar in a file; `config` names its digest."""

    config: bytes
    layer: Path


@dataclass(frozen=True)
class _Target:
    """The bundle that an image of that name goes into, what must not be in it, and how much its
    layers may unpack to.
    """

    name: str
    bundle: BundleWriter
    traces: MachineTraces
    budget: UnpackBudget = field(default_factory=UnpackBudget)


def add_engine_image(
    client: DockerClient, name: str, bundle: BundleWriter, on_bytes: OnBytes
) -> BundledImage:
    """The engine's image of that name, now in the bundle.

    What an earlier run put in whole is not asked for again. Raises NoSuchImage, EngineGone, and
    NotShareable where this machine's settings are in it; UnreadableImage where it is a bomb.
    """
    with translated(f"docker save {name}"):
        inspected = needed_table(client.api.inspect_image(name), "docker inspect")
    target = _Target(name, bundle, MachineTraces.here().check(name, inspected))
    platform = Platform.described(inspected)
    manifest = _already(target, inspected)
    if manifest is None:
        total_bytes = count_in(inspected, "Size")

        def report(done_bytes: int) -> None:
            on_bytes(min(done_bytes, total_bytes), total_bytes)

        with saved_image(client, name, report) as stream:
            manifest = _packed_image(stream, platform, target, _diff_ids(inspected))
    return _bundled(name, manifest, platform)


def add_plain_image(
    name: str, image: PlainImage, bundle: BundleWriter, on_bytes: OnBytes
) -> BundledImage:
    """The image of a file with its only layer, now in the bundle; raises NotShareable too."""
    target, size_bytes = _Target(name, bundle, MachineTraces.here()), image.layer.stat().st_size
    chunks = stretch(image.layer, 0, size_bytes)
    layer = _packed_layer(ByteStream(chunks, size_bytes), target, ())
    on_bytes(size_bytes, size_bytes)
    manifest = _add_manifest(image.config, [layer], target)
    return _bundled(name, manifest, Platform.described(json.loads(image.config)))


def _bundled(name: str, manifest: Descriptor, platform: Platform | None) -> BundledImage:
    kind = MANIFEST_TYPES[0]
    return BundledImage(name, Descriptor(kind, manifest.digest, manifest.size_bytes, platform))


def _already(target: _Target, inspected: Mapping[str, Any]) -> Descriptor | None:
    """The manifest of an inspected image, where it stands in the bundle with all that it names.

    An earlier version may have put it there, so it is looked through again.
    """
    bundle = target.bundle
    for digest in bundle.blobs:
        if bundle.size_bytes(digest) < _MANIFEST_BYTES:
            text = bundle.read(digest)
            if b'"layers"' in text and is_made_of(inspected, _config_of(text, bundle)):
                for blob in Manifest.parse("", text).blobs:
                    _look_through(blob.digest, target)
                return Descriptor("", Digest(digest), len(text))
    return None


def _look_through(digest: str, target: _Target) -> None:
    """Returns when nothing of this machine is in a blob of the bundle; raises NotShareable."""
    content = unpacked(ByteStream(target.bundle.chunks(digest)), target.budget)
    for _ in target.traces.passing(content.rest(), target.name):
        pass


def _config_of(text: bytes, bundle: BundleWriter) -> bytes:
    """The config that a manifest names; empty where the text is none, or it is not there."""
    try:
        config = Manifest.parse("", text).config
    except UnreadableImage:
        return b""
    return bundle.read(config.digest) if config.digest in bundle.blobs else b""


def _diff_ids(inspected: Mapping[str, Any]) -> Sequence[str]:
    return texts_of(inspected, "RootFS", "Layers")


def _packed_image(
    stream: ByteStream, platform: Platform | None, target: _Target, diff_ids: Sequence[str]
) -> Descriptor:
    """The manifest of the image in an archive, written for its layers as they are packed now.

    Raises UnreadableImage where a layer is not what its diff-id says.
    """
    content = read_archive(stream, lambda _, body: _packed_layer(body, target, diff_ids))
    image = image_in(content, platform=platform)
    layers = [
        content.layer(member, diff_id)
        for member, diff_id in zip(image.members, image.diff_ids, strict=True)
    ]
    for (_, digests), diff_id in zip(layers, image.diff_ids, strict=True):
        digests.check(diff_id)
    return _add_manifest(image.config, layers, target)


def _add_manifest(config: bytes, layers: Sequence[PackedLayer], target: _Target) -> Descriptor:
    """The manifest of that config and these layers, which is in the bundle with them."""
    bundle = target.bundle
    added = bundle.add(target.traces.passing([config], target.name))
    document: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPES[0],
        "config": Descriptor(CONFIG_TYPE, added.digest, added.size_bytes).json(),
        "layers": [layer.json() for layer, _ in layers],
    }
    return bundle.add([json.dumps(document, indent=1).encode()])


def _packed_layer(body: ByteStream, target: _Target, diff_ids: Sequence[str]) -> PackedLayer:
    """A layer in the bundle, packed with zstd unless it came so, or with gzip."""
    start, digests, bundle = body.peek(_MAGIC_BYTES), PlainDigests(diff_ids), target.bundle
    if start.startswith(GZIP) or is_zstd(start):
        kind = "gzip" if start.startswith(GZIP) else "zstd"
        blob = bundle.add(body.rest())
        content = unpacked(ByteStream(bundle.chunks(blob.digest)), target.budget)
        for _ in digests.passing(target.traces.passing(content.rest(), target.name)):
            pass
    else:
        kind, content = "zstd", unpacked(body, target.budget)
        size_bytes = body.size_bytes if content is body else None
        pieces = target.traces.passing(content.rest(), target.name)
        blob = bundle.add(_zstd(digests.passing(pieces), size_bytes))
    return Descriptor(f"{_LAYER}+{kind}", blob.digest, blob.size_bytes), digests


def _zstd(chunks: Iterable[memoryview | bytes], size_bytes: int | None) -> Iterator[bytes]:
    """The bytes packed in one frame, whose header has the size of what is in it."""
    packer = zstandard.ZstdCompressor(level=_LEVEL, threads=-1).compressobj(size=size_bytes or -1)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()
