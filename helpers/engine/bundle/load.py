"""An image's blobs, loaded into the engine as `docker load` takes them."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.unpack_budget import UnpackBudget
from helpers.engine.archive.writer import Content, image_archive
from helpers.engine.archive.zstd_frames import content_bytes, is_zstd
from helpers.engine.base.answers import engine_disk_full, translated
from helpers.engine.base.disk_answers import disk_full, disk_words
from helpers.engine.bundle.blobs import CHUNK_BYTES, Blobs, in_chunks
from helpers.errors import DamagedBundle, UnreadableImage
from helpers.model.bundle.bundle_index import AGAIN
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.digest import Digest, Verifier
from helpers.model.image.manifest import Manifest
from helpers.model.text.answer_parts import error_in
from helpers.model.text.json_document import parsed_json
from helpers.model.text.trouble import is_full_disk

if TYPE_CHECKING:
    from docker import DockerClient

OnBytes = Callable[[int, int], None]


def load_image(
    client: DockerClient, name: str, manifest: Manifest, blobs: Blobs, on_bytes: OnBytes
) -> None:
    """Returns when the engine has the image under that name; `on_bytes` is told (done, total).

    Layers packed with zstd are unpacked here, as an older engine cannot; others are unpacked on
    the side, so that no bomb and no other layer reaches the engine. Raises DamagedBundle before
    the engine takes an image over whose bytes are not what they should be; DiskFull,
    EngineGone.
    """
    config = config_in(blobs, manifest)
    load_archive(client, name, _archive(name, manifest, config, blobs, on_bytes))


def load_archive(client: DockerClient, name: str, archive: Iterable[bytes]) -> None:
    """Returns when the engine has taken the archive of that image; raises as `load_image` does."""
    with translated("docker load"):
        for message in client.api.load_image(readable(archive, name)):
            if error := error_in(message):
                raise _refused(name, error)


def config_in(blobs: Blobs, manifest: Manifest) -> bytes:
    """The bytes of that image's config; raises DamagedBundle."""
    return b"".join(readable(blobs.chunks(manifest.config.digest), manifest.name))


def diff_ids_in(config: bytes, manifest: Manifest) -> list[str]:
    """The digests of the layers as they are unpacked, one for each; raises DamagedBundle."""
    try:
        diff_ids = [str(one) for one in parsed_json(config)["rootfs"]["diff_ids"] or ()]
    except (ValueError, LookupError, TypeError):
        diff_ids = []
    if len(diff_ids) != len(manifest.layers):
        raise DamagedBundle(f"The config of {manifest.name} does not name its layers.", AGAIN)
    return diff_ids


def readable(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The chunks; what the disk refuses is told before the request takes it for the engine's."""
    try:
        yield from chunks
    except UnreadableImage as error:
        raise DamagedBundle(f"{name} is not taken: {error.message}", AGAIN) from None
    except OSError as error:
        raise disk_full(error, Path(tempfile.gettempdir())) or DamagedBundle(
            f"The bytes of {name} cannot be read ({disk_words(error)}).", AGAIN
        ) from None


def _refused(name: str, answer: str) -> Exception:
    if is_full_disk(answer):
        return engine_disk_full()
    return DamagedBundle(f"The engine does not take {name}: {answer[:200]}.", AGAIN)


def _archive(
    name: str, manifest: Manifest, config: bytes, blobs: Blobs, on_bytes: OnBytes
) -> Iterator[bytes]:
    """An archive of that image alone, under that name alone, as `docker save` writes it."""
    diff_ids = diff_ids_in(config, manifest)
    members = [f"{index:03}-{one.digest[7:19]}.tar" for index, one in enumerate(manifest.layers)]
    passing = _passing(blobs, manifest, on_bytes)
    budget = UnpackBudget()
    contents = (
        _content(member, packed, layer, diff_id, budget, blobs)
        for member, packed, layer, diff_id in zip(
            members, passing, manifest.layers, diff_ids, strict=True
        )
    )
    return image_archive(name, config, members, contents)


def _passing(blobs: Blobs, manifest: Manifest, on_bytes: OnBytes) -> Iterator[Iterator[bytes]]:
    """The bytes of each layer; how many came of all of them is reported."""
    total, before = sum(layer.size_bytes for layer in manifest.layers), 0
    for layer in manifest.layers:
        yield _Progress(on_bytes, before, total).passing(blobs.chunks(layer.digest))
        before += layer.size_bytes


def _content(
    member: str,
    packed: Iterator[bytes],
    layer: Descriptor,
    diff_id: str,
    budget: UnpackBudget,
    blobs: Blobs,
) -> Content:
    """A layer as a member of the archive: as it is, or what is in it where it is zstd."""
    first = next(packed, b"")
    whole = _again(first, packed)
    if not is_zstd(first):
        return Content(member, layer.size_bytes, _tried(whole, member, diff_id, budget))
    pieces = in_chunks(unpacked(ByteStream(whole), budget).rest(), CHUNK_BYTES)
    plain = checked(pieces, member, diff_id)
    size_bytes = content_bytes(ByteStream(blobs.chunks(layer.digest)))
    if size_bytes is None:
        return _of_unknown_size(member, plain)
    return Content(member, size_bytes, plain)


def _tried(
    packed: Iterable[bytes], name: str, diff_id: str, budget: UnpackBudget
) -> Iterator[bytes]:
    """The bytes as they are, the last of them only when what is in them is what the config says."""
    waiting = deque[bytes]()

    def read() -> Iterator[bytes]:
        for chunk in packed:
            waiting.append(chunk)
            yield chunk

    verifier = Digest(diff_id).verifier()
    for piece in unpacked(ByteStream(read()), budget).rest():
        verifier.update(piece)
        while len(waiting) > 1:
            yield waiting.popleft()
    _check(verifier, name)
    yield from waiting


def _of_unknown_size(member: str, plain: Iterable[bytes]) -> Content:
    """A layer whose size is known only when it was unpacked: by way of a file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its reader
    try:
        size = sum(file.write(piece) for piece in plain)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Content(member, size, _read(file))


def checked(plain: Iterable[bytes], name: str, diff_id: str) -> Iterator[bytes]:
    """The bytes, the last of them only when all are what the config says."""
    verifier, held = Digest(diff_id).verifier(), b""
    for piece in plain:
        if held:
            yield held
        held = piece
        verifier.update(held)
    _check(verifier, name)
    yield held


def _check(verifier: Verifier, name: str) -> None:
    if not verifier.is_verified:
        raise DamagedBundle(f"A layer is not what its image says ({name}).", AGAIN)


class _Progress:
    """What is told of the blobs that were read."""

    def __init__(self, on_bytes: OnBytes, before: int, total: int) -> None:
        self._report, self._done, self._total = on_bytes, before, total

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, each told."""
        for chunk in chunks:
            self._done += len(chunk)
            self._report(min(self._done, self._total), self._total)
            yield chunk


def _again(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
