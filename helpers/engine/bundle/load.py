"""An image's blobs, loaded into the engine as `docker load` takes them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import zstandard

from helpers.engine.base.answers import translated
from helpers.engine.base.disk_answers import disk_full, disk_words
from helpers.engine.bundle.blobs import CHUNK_BYTES, Blobs, ChunkFile
from helpers.engine.bundle.tar_index import BLOCK_BYTES, header
from helpers.engine.layers.compression import ZSTD
from helpers.errors import DamagedBundle, DiskFull, UnreadableImage
from helpers.model.bundle.bundle_index import AGAIN
from helpers.model.image.manifest import RegistryManifest

if TYPE_CHECKING:
    from docker import DockerClient

OnBytes = Callable[[int, int], None]


def load_image(
    client: DockerClient, name: str, manifest: RegistryManifest, blobs: Blobs, on_bytes: OnBytes
) -> None:
    """Returns when the engine has the image under that name; `on_bytes` is told (done, total).

    Layers packed with zstd are unpacked here, as an older engine cannot. Raises DamagedBundle
    before the engine takes an image over whose bytes are not what they should be; DiskFull,
    EngineGone.
    """
    config = config_in(blobs, manifest)
    archive = _readable(_archive(name, manifest, config, blobs, on_bytes), name)
    with translated("docker load"):
        for message in client.api.load_image(archive):
            if error := message.get("error"):
                raise _refused(name, str(error))


def config_in(blobs: Blobs, manifest: RegistryManifest) -> bytes:
    """The bytes of that image's config; raises DamagedBundle, UnreadableImage for a list."""
    return b"".join(_readable(blobs.chunks(_config_of(manifest)), manifest.name))


def _diff_ids(config: bytes, manifest: RegistryManifest) -> list[str]:
    """The digests of the layers as they are unpacked, one for each; raises DamagedBundle."""
    try:
        found = [str(one) for one in json.loads(config)["rootfs"]["diff_ids"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        found = []
    if len(found) != len(manifest.layers):
        raise DamagedBundle(f"The config of {manifest.name} does not name its layers.", AGAIN)
    return found


def _config_of(manifest: RegistryManifest) -> str:
    if manifest.config is None:
        raise UnreadableImage(f"{manifest.name} is a list of images, not one.", "Name a platform.")
    return manifest.config.digest


def _readable(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The chunks; what the disk refuses is told before the request takes it for the engine's."""
    try:
        yield from chunks
    except OSError as error:
        raise disk_full(error, Path(tempfile.gettempdir())) or DamagedBundle(
            f"The bytes of {name} cannot be read ({disk_words(error)}).", AGAIN
        ) from None


def _refused(name: str, answer: str) -> Exception:
    if "no space left on device" in answer.lower():
        return DiskFull("The engine's disk is full.", "See `docker system df`, then make room.")
    return DamagedBundle(f"The engine does not take {name}: {answer[:200]}.", AGAIN)


def _archive(
    name: str, manifest: RegistryManifest, config: bytes, blobs: Blobs, on_bytes: OnBytes
) -> Iterator[bytes]:
    """An archive of that image alone, under that name alone, as `docker save` writes it."""
    config_name = f"{_config_of(manifest).removeprefix('sha256:')}.json"
    diff_ids = _diff_ids(config, manifest)
    names = [f"{number:03}-{one.digest[7:19]}.tar" for number, one in enumerate(manifest.layers)]
    said = [{"Config": config_name, "RepoTags": [name], "Layers": names}]
    yield from _entry("manifest.json", json.dumps(said).encode())
    yield from _entry(config_name, config)
    total, before = sum(layer.size_bytes for layer in manifest.layers), 0
    for inside, layer, diff_id in zip(names, manifest.layers, diff_ids, strict=True):
        progress = _Progress(on_bytes, before, total)
        packed = progress.passing(blobs.chunks(layer.digest))
        yield from _layer(inside, packed, layer.size_bytes, diff_id)
        before += layer.size_bytes
    yield bytes(2 * BLOCK_BYTES)


def _layer(name: str, packed: Iterator[bytes], size_bytes: int, diff_id: str) -> Iterator[bytes]:
    first = next(packed, b"")
    whole = _again(first, packed)
    if first[:4] != ZSTD:
        yield header(name, size_bytes)
        yield from _padded(whole, size_bytes)
        return
    plain = _plain(whole)
    size = zstandard.get_frame_parameters(first).content_size
    if size in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR):
        yield from _of_unknown_size(name, plain)
    else:
        yield header(name, size)
        yield from _padded(_checked(plain, name, diff_id), size)


def _plain(packed: Iterator[bytes]) -> Iterator[bytes]:
    """What is in a zstd stream, in large pieces: each is a chunk of the request to the engine."""
    unpacker = zstandard.ZstdDecompressor()
    try:
        source: Any = ChunkFile(packed)  # no more is asked of a file here than `read`
        yield from unpacker.read_to_iter(source, CHUNK_BYTES, CHUNK_BYTES)
    except zstandard.ZstdError as error:
        raise DamagedBundle(f"A layer cannot be unpacked ({error}).", AGAIN) from None


def _of_unknown_size(name: str, plain: Iterable[bytes]) -> Iterator[bytes]:
    """A layer whose size is known only when it was unpacked: by way of a file."""
    with tempfile.TemporaryFile() as file:
        size = sum(file.write(piece) for piece in plain)
        file.seek(0)
        yield header(name, size)
        yield from _padded(_read(file), size)


def _checked(plain: Iterable[bytes], name: str, diff_id: str) -> Iterator[bytes]:
    """The bytes, the last of them only when all are what the config says."""
    digest, held = sha256(), b""
    for piece in plain:
        if held:
            yield held
        held = piece
        digest.update(held)
    if f"sha256:{digest.hexdigest()}" != diff_id:
        raise DamagedBundle(f"A layer is not what its image says ({name}).", AGAIN)
    yield held


class _Progress:
    """What is told of the blobs that were read."""

    def __init__(self, on_bytes: OnBytes, before: int, total: int) -> None:
        self._tell, self._done, self._total = on_bytes, before, total

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, each told."""
        for chunk in chunks:
            self._done += len(chunk)
            self._tell(min(self._done, self._total), self._total)
            yield chunk


def _entry(name: str, content: bytes) -> Iterator[bytes]:
    yield header(name, len(content)) + content + bytes(-len(content) % BLOCK_BYTES)


def _padded(chunks: Iterable[bytes], size_bytes: int) -> Iterator[bytes]:
    yield from chunks
    yield bytes(-size_bytes % BLOCK_BYTES)


def _again(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
