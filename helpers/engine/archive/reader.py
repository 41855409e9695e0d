"""An archive of images, in any of its layouts, read in one pass as it streams by.

The layouts: Docker's (manifest.json, layers as <id>/layer.tar, which may be a link to another's),
Docker's from version 25 on (the same with blobs/sha256/…, manifest.json last), Podman's
(<digest>.tar), and the OCI image layout (index.json; the containerd store adds attestations and
other platforms). So what a member is can only be told by its first bytes until all have passed:
JSON documents are kept, and each layer is handed to a visitor while its bytes pass.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import is_packed, unpacked
from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.archive.tar_header import BLOCK_BYTES, Header, looks_like_header
from helpers.engine.archive.tar_members import members
from helpers.errors import UnreadableImage

MOST_DOCUMENT_BYTES = 16 << 20
MOST_DOCUMENTS_BYTES = 64 << 20
# Of a few packed bytes come no more documents than this, and no more values in one of them.
FREE_DOCUMENTS_BYTES = 8 << 20
_MOST_GROWTH = 32
MOST_VALUES = 500_000
# An archive of a hundred images has a few thousand.
MOST_MEMBERS = 200_000
_FILES = b"0\x007"
_LINKS = b"12"

Visited = TypeVar("Visited")
# Gets a layer's member and its bytes, packed as they are; None leaves the layer out, and what is
# not read of it is skipped.
LayerVisitor = Callable[[str, ByteStream], Visited | None]


@dataclass
class ArchiveContent(Generic[Visited]):
    """What passed by, by member: documents, links, and what `visit` made of the layers.

    In place of a layer that cannot be read stands why: another image's may not matter. A member
    without content is visited when it is asked for as a layer.
    """

    visit: LayerVisitor[Visited]
    documents: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    layers: dict[str, Visited | UnreadableImage] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)

    def resolved(self, name: str) -> str:
        """The member that a name leads to, through links."""
        name = posixpath.normpath(name)
        for _ in range(8):
            if name not in self.links:
                break
            name = self.links[name]
        return name

    def document(self, name: str) -> bytes | None:
        """The document of that name; None where there is none."""
        return self.documents.get(self.resolved(name))

    def layer(self, member: str, diff_id: str) -> Visited:
        """What the visitor made of a layer; raises UnreadableImage where it is not there."""
        layer = self.layers.get(member)
        if layer is None and member in self.empty:
            layer = self.visit(member, ByteStream((), 0))
        if layer is None:
            raise UnreadableImage(
                f"The archive lacks the layer {diff_id[:19]}, which its manifest names.",
                "Make or fetch the archive again.",
            )
        if isinstance(layer, UnreadableImage):
            raise layer
        return layer

    def forget(self, member: str) -> None:
        """Forgets a member: another of that name takes its place."""
        self.documents.pop(member, None)
        self.links.pop(member, None)
        self.layers.pop(member, None)
        self.empty.discard(member)


def read_archive(stream: ByteStream, visit: LayerVisitor[Visited]) -> ArchiveContent[Visited]:
    """What is in an archive, packed as a whole or not; `visit` gets each layer as it passes.

    Raises UnreadableImage where the archive itself is damaged or cut off.
    """
    content, document_bytes = ArchiveContent(visit), 0
    for name, body in files_in(stream, content.links):
        content.forget(name)
        size_bytes = body.size_bytes or 0
        start = body.peek(BLOCK_BYTES)
        if not size_bytes:
            content.empty.add(name)
        elif is_layer(start):
            _visit(name, body, content)
        elif start.lstrip()[:1] in (b"{", b"[") and size_bytes <= MOST_DOCUMENT_BYTES:
            document_bytes += size_bytes
            most = FREE_DOCUMENTS_BYTES + _MOST_GROWTH * stream.read_bytes
            if document_bytes > min(most, MOST_DOCUMENTS_BYTES):
                raise _bomb("no end of manifests")
            content.documents[name] = _document(body.take(size_bytes))
    return content


def files_in(
    stream: ByteStream, links: dict[str, str] | None = None
) -> Iterator[tuple[str, ByteStream]]:
    """Each file and its bytes: what is not read of them is skipped.

    The archive may be packed as a whole. Links are added to `links`: {member: where it leads}.
    """
    stream = unpacked(stream)
    for count, header in enumerate(members(stream)):
        if count >= MOST_MEMBERS:
            raise _bomb(f"more than {MOST_MEMBERS:,} members")
        if path := cleaned(header.name):
            name = text_of(path)
            if header.type in _LINKS and links is not None:
                links[name] = _link_target(name, header)
            elif header.type in _FILES:
                yield name, ByteStream(stream.pieces(header.size_bytes), header.size_bytes)


def is_layer(start: bytes) -> bool:
    """Whether these first bytes are those of a layer: a tar header, an end of one, or packed."""
    if is_packed(start):
        return True
    return looks_like_header(start) or (len(start) == BLOCK_BYTES and not start.strip(b"\0"))


def _visit(name: str, body: ByteStream, content: ArchiveContent[Visited]) -> None:
    try:
        visited = content.visit(name, body)
    except UnreadableImage as error:
        content.layers[name] = error
    else:
        if visited is not None:
            content.layers[name] = visited


def _document(text: bytes) -> bytes:
    """The document, where what it says takes no more memory than a manifest or a config does."""
    if sum(map(text.count, (b",", b":", b"[", b"{"))) > MOST_VALUES:
        raise _bomb("a manifest without end")
    return text


def _bomb(what: str) -> UnreadableImage:
    return UnreadableImage(
        f"The archive holds {what}.", "It may be a bomb. Get the image from somebody else."
    )


def _link_target(name: str, header: Header) -> str:
    """Where a link in an archive leads: a symlink from its folder, a hard link from the root."""
    target = text_of(header.link)
    if header.type == b"2":
        target = posixpath.join(posixpath.dirname(name), target)
    return posixpath.normpath(target).lstrip("/")
