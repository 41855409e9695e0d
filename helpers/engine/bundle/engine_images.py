"""Images of an engine, put into a bundle: what `docker save` gives, each layer packed once."""

from __future__ import annotations

import json
import posixpath
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import zstandard

from helpers.engine.base.answers import translated
from helpers.engine.base.sdk import asked, refuse_failure, url_of
from helpers.engine.bundle.blobs import ChunkFile
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.layers.byte_stream import ByteStream
from helpers.engine.layers.compression import GZIP, ZSTD, unpacked
from helpers.engine.layers.tar_header import BLOCK_BYTES, looks_like_header
from helpers.errors import UnreadableImage
from helpers.model.bundle.bundle_index import BundledImage, described
from helpers.model.image.config import is_made_of
from helpers.model.image.manifest import MANIFEST_TYPES, Descriptor, RegistryManifest

if TYPE_CHECKING:
    from docker import DockerClient

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_LEVEL = 1  # of zstd: higher ones save a few more percent, for half as much time again
_CHUNK_BYTES = 1 << 20
_MOST_DOCUMENT_BYTES = 4 << 20
OnBytes = Callable[[int, int], None]


def add_engine_image(
    client: DockerClient, name: str, bundle: BundleWriter, on_bytes: OnBytes
) -> BundledImage:
    """The engine's image of that name, now in the bundle. Raises NoSuchImage or EngineGone.

    What an earlier run put in whole is not read again.
    """
    with translated(f"docker save {name}"):
        found = client.api.inspect_image(name)
    platform = "/".join(
        str(part) for part in (found["Os"], found["Architecture"], found.get("Variant")) if part
    )
    manifest = _already(bundle, found) or _saved(client, name, bundle, on_bytes)
    kind = MANIFEST_TYPES[0]
    return BundledImage(name, Descriptor(kind, manifest.digest, manifest.size_bytes, platform))


def _already(bundle: BundleWriter, found: Mapping[str, Any]) -> Descriptor | None:
    """The manifest of an inspected image, where it stands in the bundle with all that it names."""
    for digest in bundle.blobs:
        if bundle.size_bytes(digest) < 1 << 16:
            text = bundle.read(digest)
            if b'"layers"' in text and is_made_of(found, _config_of(text, bundle)):
                return Descriptor("", digest, len(text))
    return None


def _config_of(text: bytes, bundle: BundleWriter) -> bytes:
    """The config that a manifest names; empty where the text is none, or it is not there."""
    try:
        config = RegistryManifest.parse("", text).config
    except UnreadableImage:
        return b""
    return bundle.read(config.digest) if config and config.digest in bundle.blobs else b""


@dataclass
class _Archive:
    """What passed by of a `docker save` stream: documents, packed layers and links by member."""

    documents: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, tuple[Descriptor, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def resolved(self, name: str) -> str:
        """The member that a name leads to, through links."""
        for _ in range(8):
            if name not in self.links:
                break
            name = self.links[name]
        return name


def _saved(client: DockerClient, name: str, bundle: BundleWriter, on_bytes: OnBytes) -> Descriptor:
    api = client.api
    with translated(f"docker save {name}"):
        total = int(api.inspect_image(name)["Size"])
        url = url_of(client, "/images/get")
        answer = asked(client, url, params={"names": [name]}, timeout=None)
        refuse_failure(client, answer)
        stream = _Counted(answer.iter_content(_CHUNK_BYTES), total, on_bytes)
        try:
            archive = _read(stream, bundle)
        except (tarfile.TarError, EOFError) as error:
            raise UnreadableImage(
                f"`docker save {name}` broke off ({error}).", "Run it again."
            ) from None
        finally:
            answer.close()
    return _manifest(archive, name, bundle)


def _read(stream: _Counted, bundle: BundleWriter) -> _Archive:
    found = _Archive()
    with tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK_BYTES) as archive:  # type: ignore[call-overload]
        for member in archive:
            if member.issym() or member.islnk():
                folder = posixpath.dirname(member.name) if member.issym() else ""
                target = posixpath.normpath(posixpath.join(folder, member.linkname))
                found.links[member.name] = target
            elif member.isfile() and (file := archive.extractfile(member)):
                _take(found, member, iter(partial(file.read, _CHUNK_BYTES), b""), bundle)
    return found


def _take(
    found: _Archive, member: tarfile.TarInfo, chunks: Iterator[bytes], bundle: BundleWriter
) -> None:
    first = next(chunks, b"")
    is_text = first[:1] in (b"{", b"[") and not looks_like_header(first[:BLOCK_BYTES])
    if is_text and member.size <= _MOST_DOCUMENT_BYTES:
        found.documents[member.name] = first + b"".join(chunks)
    elif member.size >= BLOCK_BYTES or first[:2] == GZIP or first[:4] == ZSTD:
        found.layers[member.name] = _packed(_again(first, chunks), first, member.size, bundle)


def _packed(
    chunks: Iterator[bytes], first: bytes, size_bytes: int, bundle: BundleWriter
) -> tuple[Descriptor, str]:
    """A layer in the bundle, packed with zstd unless it is packed already; with its diff-id."""
    if first[:2] == GZIP or first[:4] == ZSTD:
        kind = "gzip" if first[:2] == GZIP else "zstd"
        blob = bundle.add(chunks)
        plain = sha256()
        for piece in unpacked(ByteStream([bundle.read(blob.digest)])).rest():
            plain.update(piece)
    else:
        kind, plain = "zstd", sha256()
        blob = bundle.add(_zstd(_told(chunks, plain), size_bytes))
    descriptor = Descriptor(f"{_LAYER}+{kind}", blob.digest, blob.size_bytes)
    return descriptor, f"sha256:{plain.hexdigest()}"


def _zstd(chunks: Iterable[bytes], size_bytes: int) -> Iterator[bytes]:
    """The bytes packed in one frame, whose header tells the size of what is in it."""
    packer = zstandard.ZstdCompressor(level=_LEVEL, threads=-1).compressobj(size=size_bytes)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def _manifest(archive: _Archive, name: str, bundle: BundleWriter) -> Descriptor:
    """The image's manifest, written for what was packed. Raises UnreadableImage."""
    try:
        (said,) = json.loads(archive.documents["manifest.json"])
        config = archive.documents[archive.resolved(said["Config"])]
        layers = [archive.layers[archive.resolved(layer)] for layer in said["Layers"]]
        wanted = json.loads(config)["rootfs"]["diff_ids"]
    except (KeyError, ValueError, TypeError) as error:
        raise UnreadableImage(
            f"`docker save {name}` gave no image that can be read ({error!r}).", "Run it again."
        ) from None
    if [diff_id for _, diff_id in layers] != wanted:
        raise UnreadableImage(f"`docker save {name}` gave other layers than its config names.")
    added = bundle.add([config])
    document: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPES[0],
        "config": described(Descriptor(CONFIG_TYPE, added.digest, added.size_bytes)),
        "layers": [described(layer) for layer, _ in layers],
    }
    return bundle.add([json.dumps(document, indent=1).encode()])


class _Counted:
    """The chunks of an answer as a file that is read once, telling how far it is."""

    def __init__(self, chunks: Iterable[bytes], total: int, on_bytes: OnBytes) -> None:
        self._file = ChunkFile(chunks)
        self._done, self._total, self._tell = 0, total, on_bytes

    def read(self, size: int) -> bytes:
        """The next so many bytes; fewer at the end."""
        piece = self._file.read(size)
        self._done += len(piece)
        self._tell(min(self._done, self._total), self._total)
        return piece


def _told(chunks: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _again(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks
