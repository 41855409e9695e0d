"""The contents of some files of an image, as a container of it sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from helpers.engine.archive.archived_image import image_in
from helpers.engine.archive.byte_stream import FINGERPRINT_BYTES, ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.archive.reader import read_archive
from helpers.engine.archive.saved_image import saved_image
from helpers.engine.archive.tar_members import members
from helpers.engine.archive.unpack_budget import UnpackBudget
from helpers.engine.layers.analysis import inspected_image
from helpers.engine.layers.engine_source import EngineSource, diff_ids_of
from helpers.errors import UnreadableImage
from helpers.model.image.platform import Platform
from helpers.model.layers.image_layers import ImageLayers

if TYPE_CHECKING:
    from docker import DockerClient

Wanted = Callable[[str], bool]
# A package database of a large system has 5 MB; all that tell of packages, some dozens.
MOST_FILE_BYTES = 64 << 20
MOST_BYTES = 256 << 20


def file_contents(
    client: DockerClient, image: ImageLayers, image_id: str, wanted: Wanted
) -> dict[str, bytes]:
    """{path: content} of the files that are wanted and that no layer hides.

    Raises UnreadableImage, also where they are larger than such files can be, and EngineGone.
    """
    layer_of = _brought(image, wanted)
    if not layer_of:
        return {}
    _check(image, layer_of)
    inspected = inspected_image(client, image_id)
    storage = EngineSource(client, inspected).storage
    if storage is not None:
        try:
            return {path: storage.folders[at].content(path) for path, at in layer_of.items()}
        except OSError:
            pass
    budget, kept = UnpackBudget(), _KeptBytes()
    with saved_image(client, image_id) as stream:
        read = read_archive(
            stream, lambda _, body: _Collected(unpacked(body, budget), wanted, kept)
        )
    archived = image_in(read, platform=Platform.described(inspected))
    layers = [
        read.layer(member, diff_id)
        for member, diff_id in zip(archived.members, diff_ids_of(inspected), strict=True)
    ]
    return {path: _checked(image, path, layers[at].content(path)) for path, at in layer_of.items()}


def _checked(image: ImageLayers, path: str, content: bytes) -> bytes:
    """The content, where it is the one that the layer's list was made of."""
    entry = image.tree[path]
    entry = image.tree.get(entry.link_target, entry) if entry.is_hard_link else entry
    fingerprint = sha256(content).digest()[:FINGERPRINT_BYTES]
    if entry.fingerprint not in (b"", fingerprint) or len(content) != entry.size_bytes:
        raise _misplaced(path)
    return content


def _brought(image: ImageLayers, wanted: Wanted) -> dict[str, int]:
    """{path: the position among the layers of the one that brought it} of what is wanted."""
    live = {path for path, entry in image.tree.items() if entry.kind == "file" and wanted(path)}
    brought = {}
    real = (layer for layer in image.layers if not layer.is_empty)
    for position, layer in enumerate(real):
        for change in layer.changes:
            if change.kind != "removed" and change.path in live:
                brought[change.path] = position
    return brought


def _check(image: ImageLayers, paths: Mapping[str, int]) -> None:
    """Refuses at once what is larger than it can be."""
    sizes = [image.tree[path].size_bytes for path in paths]
    if max(sizes) > MOST_FILE_BYTES or sum(sizes) > MOST_BYTES:
        raise _too_large()


class _KeptBytes:
    """How many bytes may still be kept of an image."""

    def __init__(self) -> None:
        self._left_bytes = MOST_BYTES

    def take(self, size_bytes: int) -> None:
        """Counts a file; UnreadableImage where it is larger than it can be."""
        self._left_bytes -= size_bytes
        if size_bytes > MOST_FILE_BYTES or self._left_bytes < 0:
            raise _too_large()


class _Collected:
    """The wanted files of one layer, from its archive, which is read to its end."""

    def __init__(self, layer: ByteStream, wanted: Wanted, kept: _KeptBytes) -> None:
        self._files: dict[str, bytes] = {}
        self._links: dict[str, str] = {}
        for header in members(layer):
            path = cleaned(header.name)
            name = text_of(path) if path else ""
            if not name or not wanted(name):
                continue
            self._files.pop(name, None)
            self._links.pop(name, None)
            if header.type == b"1":
                self._links[name] = text_of(cleaned(header.link) or b"")
            elif header.type in (b"0", b"7") and not header.holes:
                kept.take(header.size_bytes)
                self._files[name] = layer.take(header.size_bytes)
        for _ in layer.rest():
            pass

    def content(self, path: str) -> bytes:
        """The file's bytes, by whichever of its names they stand."""
        if path in self._files:
            return self._files[path]
        if (target := self._links.get(path, "")) in self._files:
            return self._files[target]
        raise _misplaced(path)


def _misplaced(path: str) -> UnreadableImage:
    return UnreadableImage(
        f"The content of /{path} does not stand where its layer says.",
        "Build the image again, with that file copied and not linked.",
    )


def _too_large() -> UnreadableImage:
    return UnreadableImage(
        "A package database of the image is larger than any can be.",
        "It may be a bomb. Get the image from somebody else.",
    )
