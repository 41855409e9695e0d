"""Where a text stands in an image: in any file of any layer, hidden ones too, or in its note."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.layers.byte_stream import ByteStream
from helpers.engine.layers.compression import unpacked
from helpers.engine.layers.engine_source import platform_of, saved
from helpers.engine.layers.image_archive import ArchiveContent, image_in, is_layer, link_target
from helpers.engine.layers.layer_paths import cleaned, text_of
from helpers.engine.layers.manifests import Manifest
from helpers.engine.layers.tar_header import BLOCK_BYTES
from helpers.engine.layers.tar_members import members
from helpers.errors import InvalidInput
from helpers.model.image.history import aligned
from helpers.model.layers.text_match import TextPlace
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

MOST_DOCUMENT_BYTES = 16 << 20


def places_of(client: DockerClient, name: str, text: str) -> tuple[TextPlace, ...]:
    """Every place of an image where the text stands, as it is, in bytes; nothing is unpacked.

    A text inside a packed file is not found. Raises InvalidInput for an empty text, NoSuchImage,
    EngineGone or UnreadableImage.
    """
    wanted = text.encode()
    if not wanted:
        raise InvalidInput("There is no text to look for.", "Name the text that must not be there.")
    with translated(docker_line("image", "inspect", name)):
        found: dict[str, Any] = client.api.inspect_image(name)
    with saved(client, str(found["Id"])) as stream:
        passed = _passed(stream, wanted)
    image = image_in(passed.content, None, platform_of(found))
    return (*_noted(found, image, text), *_in_files(passed, image))


@dataclass
class _Passed:
    """What passed by: the archive's documents, and the files with the text, by layer."""

    content: ArchiveContent = field(default_factory=ArchiveContent)
    hits: dict[str, list[str]] = field(default_factory=dict)


def _passed(stream: ByteStream, wanted: bytes) -> _Passed:
    passed = _Passed()
    content = passed.content
    stream = unpacked(stream)
    for header in members(stream):
        if not (path := cleaned(header.name)):
            continue
        name = text_of(path)
        if header.type in b"12":
            content.links[name] = link_target(name, header)
        elif header.size_bytes:
            start = stream.peek(BLOCK_BYTES)[: header.size_bytes]
            if is_layer(start):
                body = ByteStream(stream.pieces(header.size_bytes), header.size_bytes)
                passed.hits[name] = list(_files_with(unpacked(body), wanted))
            elif start.lstrip()[:1] in (b"{", b"[") and header.size_bytes <= MOST_DOCUMENT_BYTES:
                content.documents[name] = stream.take(header.size_bytes)
    return passed


def _files_with(layer: ByteStream, wanted: bytes) -> Iterator[str]:
    """The paths of the files of a layer that hold the bytes; the layer is read to its end."""
    for header in members(layer):
        path = cleaned(header.name)
        if path and header.size_bytes and _holds(layer, header.size_bytes, wanted):
            yield text_of(path)
    for _ in layer.rest():
        pass


def _holds(stream: ByteStream, size_bytes: int, wanted: bytes) -> bool:
    """Whether the next so many bytes hold these, also across two pieces; all are read."""
    tail, found = b"", False
    for piece in stream.pieces(size_bytes):
        if not found:
            window = tail + bytes(piece)
            found = wanted in window
            tail = window[-(len(wanted) - 1) :] if len(wanted) > 1 else b""
    return found


def _noted(found: dict[str, Any], image: Manifest, text: str) -> Iterator[TextPlace]:
    for entry in image.history:
        if text in entry.created_by or text in entry.instruction:
            yield TextPlace("history", entry.instruction)
    if text in json.dumps(found.get("Config"), ensure_ascii=False):
        yield TextPlace("setting")


def _in_files(passed: _Passed, image: Manifest) -> Iterator[TextPlace]:
    makers = [entry.instruction for entry, diff_id in aligned(image.history, image.diff_ids)
              if diff_id]  # fmt: skip
    for place, instruction in zip(image.places, makers, strict=True):
        for path in passed.hits.get(place, ()):
            yield TextPlace("file", instruction, path)
