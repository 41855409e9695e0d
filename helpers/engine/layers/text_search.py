"""Where a text stands in an image: in any file of any layer, hidden ones too, or in its history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from helpers.engine.archive.archived_image import ArchivedImage, image_in
from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.archive.reader import ArchiveContent, read_archive
from helpers.engine.archive.saved_image import saved_image
from helpers.engine.archive.tar_members import members
from helpers.engine.archive.unpack_budget import UnpackBudget
from helpers.engine.base.needed_parts import id_in
from helpers.engine.layers.analysis import inspected_image
from helpers.errors import InvalidInput
from helpers.model.image.history import aligned
from helpers.model.image.platform import Platform
from helpers.model.layers.text_match import TextMatch
from helpers.model.text.answer_parts import part_of

if TYPE_CHECKING:
    from docker import DockerClient


def text_matches(client: DockerClient, name: str, text: str) -> tuple[TextMatch, ...]:
    """Everything of an image that has the text in it, as it is, in bytes; nothing is unpacked.

    A text inside a packed file is not seen. Raises InvalidInput for an empty text, NoSuchImage,
    EngineGone or UnreadableImage.
    """
    wanted = text.encode()
    if not wanted:
        raise InvalidInput("There is no text to look for.", "Name the text that must not be there.")
    inspected = inspected_image(client, name)
    budget = UnpackBudget()
    with saved_image(client, id_in(inspected, "docker image inspect")) as stream:
        content = read_archive(stream, lambda _, body: _paths_with(unpacked(body, budget), wanted))
    image = image_in(content, platform=Platform.described(inspected))
    return (*_in_config(inspected, image, text), *_in_files(content, image))


def _paths_with(layer: ByteStream, wanted: bytes) -> list[str]:
    """The paths of the files of a layer that hold the bytes; the layer is read to its end."""
    paths = []
    for header in members(layer):
        path = cleaned(header.name)
        if path and header.size_bytes and _holds(layer, header.size_bytes, wanted):
            paths.append(text_of(path))
    for _ in layer.rest():
        pass
    return paths


def _holds(stream: ByteStream, size_bytes: int, wanted: bytes) -> bool:
    """Whether the next so many bytes hold these, also across two pieces; all are read."""
    tail, is_in = b"", False
    for piece in stream.pieces(size_bytes):
        if not is_in:
            window = tail + bytes(piece)
            is_in = wanted in window
            tail = window[-(len(wanted) - 1) :] if len(wanted) > 1 else b""
    return is_in


def _in_config(
    inspected: Mapping[str, Any], image: ArchivedImage, text: str
) -> Iterator[TextMatch]:
    for entry in image.history:
        if text in entry.created_by or text in entry.instruction:
            yield TextMatch("history", entry.instruction)
    if text in json.dumps(part_of(inspected, "Config"), ensure_ascii=False):
        yield TextMatch("setting")


def _in_files(content: ArchiveContent[list[str]], image: ArchivedImage) -> Iterator[TextMatch]:
    steps = (step for step in aligned(image.history, image.diff_ids) if step[1])
    for (entry, diff_id), member in zip(steps, image.members, strict=True):
        for path in content.layer(member, diff_id):
            yield TextMatch("file", entry.instruction, path)
