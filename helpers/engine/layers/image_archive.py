"""An archive of an image, in any of its layouts, read in one pass or two.

The layouts: Docker's (manifest.json, layers as <id>/layer.tar, which may be a link to another's),
Docker's from version 25 on (the same with blobs/sha256/…, manifest.json last), Podman's
(<digest>.tar), and the OCI image layout (index.json; the containerd store adds attestations and
other platforms). So what a member is can only be told by its first bytes until all have passed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from helpers.engine.layers.byte_stream import ByteStream
from helpers.engine.layers.compression import GZIP, ZSTD, unpacked
from helpers.engine.layers.layer_archive import read_layer
from helpers.engine.layers.layer_paths import cleaned, text_of
from helpers.engine.layers.manifests import (
    Manifest,
    chosen,
    document,
    manifest_of,
    named_entry,
)
from helpers.engine.layers.tar_header import BLOCK_BYTES, Header, looks_like_header
from helpers.engine.layers.tar_members import members
from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.layers.layer_files import LayerFiles

MOST_DOCUMENT_BYTES = 16 << 20
MOST_DOCUMENTS_BYTES = 64 << 20
_FILES = b"0\x007"
_LINKS = b"12"
_MOST_INDEXES = 4


@dataclass
class ArchiveContent:
    """What passed by: JSON documents, layers (or why one cannot be read), links, by member."""

    documents: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, LayerFiles | UnreadableImage] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def resolved(self, name: str) -> str:
        """The member that a name leads to, through links."""
        name = posixpath.normpath(name)
        for _ in range(8):
            if name not in self.links:
                break
            name = self.links[name]
        return name


def read_archive(
    stream: ByteStream, wants: Callable[[str], bool], *, digests: bool = False
) -> ArchiveContent:
    """What is in an archive; of the layers, those that are wanted by the name of their member.

    With `digests` each layer's diff-id is worked out from its bytes too.
    """
    content, document_bytes = ArchiveContent(), 0
    stream = unpacked(stream)
    for header in members(stream):
        path = cleaned(header.name)
        if not path:
            continue
        name = text_of(path)
        content.seen.add(name)
        if header.type in _LINKS:
            content.links[name] = link_target(name, header)
        elif header.type in _FILES and header.size_bytes:
            start = stream.peek(BLOCK_BYTES)[: header.size_bytes]
            if is_layer(start):
                if wants(name):
                    _read_layer(name, header, stream, content, digests)
            elif start.lstrip()[:1] in (b"{", b"[") and header.size_bytes <= MOST_DOCUMENT_BYTES:
                document_bytes += header.size_bytes
                if document_bytes > MOST_DOCUMENTS_BYTES:
                    raise UnreadableImage("The archive holds no end of manifests.")
                content.documents[name] = stream.take(header.size_bytes)
    return content


def is_layer(start: bytes) -> bool:
    """Whether these first bytes are those of a layer: a tar header, an end of one, or packed."""
    if start.startswith((GZIP, ZSTD)):
        return True
    return looks_like_header(start) or (len(start) == BLOCK_BYTES and not start.strip(b"\0"))


def _read_layer(
    name: str, header: Header, stream: ByteStream, content: ArchiveContent, digests: bool
) -> None:
    """Notes one layer, or what is wrong with it: another image's may not matter."""
    body = ByteStream(stream.pieces(header.size_bytes), header.size_bytes)
    try:
        plain = unpacked(body)
        if digests:
            digest = sha256()
            plain = ByteStream(told(plain, digest), plain.size_bytes)
        content.layers[name] = read_layer(plain)
        if digests:
            content.digests[name] = f"sha256:{digest.hexdigest()}"
    except UnreadableImage as error:
        content.layers[name] = error


def told(stream: ByteStream, digest: Any) -> Iterator[memoryview]:
    """The stream's pieces, once the digest has seen them."""
    for piece in stream.rest():
        digest.update(piece)
        yield piece


def link_target(name: str, header: Header) -> str:
    """Where a link in an archive leads: a symlink from its folder, a hard link from the root."""
    target = text_of(header.link)
    if header.type == b"2":
        target = posixpath.join(posixpath.dirname(name), target)
    return posixpath.normpath(target).lstrip("/")


def image_in(content: ArchiveContent, name: str | None, platform: str | None) -> Manifest:
    """The image of that name and platform in an archive; the only one where none is named.

    Raises InvalidInput where that does not say which, UnreadableImage where the manifests make no
    sense.
    """
    has_index = "index.json" in content.documents
    try:
        if "manifest.json" in content.documents and not (platform and has_index):
            entries = document(content.documents["manifest.json"], "manifest.json")
            return _dockers(content, named_entry(entries, name))
        if has_index:
            return _ocis(content, name, platform)
    except InvalidInput:
        raise
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise UnreadableImage(
            f"The archive's manifests make no sense ({error!r}).", "Make or fetch it again."
        ) from None
    raise UnreadableImage(
        "The archive has neither manifest.json nor index.json: it is cut off, or no image.",
        "Make it with `docker save`.",
    )


def _dockers(content: ArchiveContent, entry: Mapping[str, Any]) -> Manifest:
    config = content.documents.get(content.resolved(entry["Config"]))
    names = entry.get("RepoTags") or [""]
    places = [content.resolved(place) for place in entry["Layers"]]
    return manifest_of(str(names[0]), document(config, "the image's config"), places)


def _ocis(content: ArchiveContent, name: str | None, platform: str | None) -> Manifest:
    found, wanted = document(content.documents["index.json"], "index.json"), name
    for _ in range(_MOST_INDEXES):
        descriptor = chosen(found, wanted, platform)
        found = document(content.documents.get(_blob(descriptor)), "a manifest")
        if "layers" in found:
            config = document(content.documents.get(_blob(found["config"])), "the image's config")
            return manifest_of(name or "", config, [_blob(layer) for layer in found["layers"]])
        wanted = None
    raise UnreadableImage("The archive's indexes lead to no image.", "Make or fetch it again.")


def _blob(descriptor: Mapping[str, Any]) -> str:
    """The member that holds a blob."""
    return f"blobs/{str(descriptor['digest']).replace(':', '/')}"
