"""Archives as they are written: the parts of a tar, and the archive of an image in pieces.

An image's archive is Docker's own layout, which every `docker load` and `podman load` takes.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from helpers.engine.archive.tar_header import BLOCK_BYTES

END = bytes(2 * BLOCK_BYTES)


@dataclass(frozen=True)
class Content:
    """What is to be a member: its name, its exact size, and its bytes, read once."""

    name: str
    size_bytes: int
    chunks: Iterable[bytes]


def header(name: str, size_bytes: int) -> bytes:
    """The header of a file, the same for the same name and size."""
    info = tarfile.TarInfo(name)
    info.size = size_bytes
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def padding(size_bytes: int) -> bytes:
    """What fills the last block behind so many bytes."""
    return bytes(-size_bytes % BLOCK_BYTES)


def member(name: str, content: bytes) -> bytes:
    """A file as a whole, header and padding too."""
    return header(name, len(content)) + content + padding(len(content))


def image_archive(
    name: str, config: bytes, layers: Sequence[str], contents: Iterable[Content]
) -> Iterator[bytes]:
    """The archive of one image alone, under that name alone.

    `layers` are the members that hold its layers, the lowest first; `contents` are these members,
    in any order.
    """
    config_member = f"{sha256(config).hexdigest()}.json"
    manifest = [{"Config": config_member, "RepoTags": [name], "Layers": list(layers)}]
    yield member("manifest.json", json.dumps(manifest).encode())
    yield member(config_member, config)
    for content in contents:
        yield header(content.name, content.size_bytes)
        yield from content.chunks
        yield padding(content.size_bytes)
    yield END
