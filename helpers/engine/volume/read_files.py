"""A folder of a container, read as `docker cp` reads it: nothing is run in the container."""

from __future__ import annotations

import json
import stat
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.archive.tar_header import Header
from helpers.engine.archive.tar_members import members
from helpers.engine.base.sdk import asked, refuse_failure, url_of
from helpers.model.text.answer_parts import moment_in
from helpers.model.volume.volume_files import VolumeFile, VolumeFiles

if TYPE_CHECKING:
    from docker import DockerClient

_STAT = "X-Docker-Container-Path-Stat"
_HARD_LINK = b"1"
_KINDS = {
    b"2": stat.S_IFLNK, b"3": stat.S_IFCHR, b"4": stat.S_IFBLK, b"5": stat.S_IFDIR,
    b"6": stat.S_IFIFO,
}  # fmt: skip


def files_in(client: DockerClient, container: str, folder: str) -> VolumeFiles:
    """What is in that folder, volumes included, whether or not the container runs.

    Raises the SDK's own errors, and UnreadableImage where the archive breaks off.
    """
    chunks, _ = client.api.get_archive(container, f"{folder.rstrip('/')}/.")
    return VolumeFiles(_files(ByteStream(chunks)))


def modified_seconds(client: DockerClient, container: str, path: str) -> float:
    """When that file was changed last, in seconds since 1970; 0 where the engine does not tell.

    Raises the SDK's own errors. Source: Engine API, "Get an archive of a filesystem resource".
    """
    url = url_of(client, "/containers/{0}/archive", container)
    answer = asked(client, url, params={"path": path})
    try:
        refuse_failure(client, answer)
        encoded = b64decode(answer.headers.get(_STAT, ""))
        return moment_in(json.loads(encoded or b"{}"), "mtime")
    finally:
        answer.close()


def _files(stream: ByteStream) -> Iterator[VolumeFile]:
    digests: dict[bytes, tuple[int, str]] = {}
    for header in members(stream):
        path = cleaned(header.name)
        if path is None:
            continue
        size_bytes, digest = 0, ""
        if header.type == _HARD_LINK:
            size_bytes, digest = digests.get(cleaned(header.link) or b"", (0, ""))
        elif header.type not in _KINDS:
            size_bytes, digest = header.content_bytes, _digest(stream, header.size_bytes)
        digests[path] = size_bytes, digest
        yield _file(header, path, size_bytes, digest)


def _file(header: Header, path: bytes, size_bytes: int, digest: str) -> VolumeFile:
    kind = _KINDS.get(header.type, stat.S_IFREG)
    return VolumeFile(
        path=text_of(path) or ".",
        mode=stat.filemode(kind | stat.S_IMODE(header.mode)),
        owner=f"{header.uid}:{header.gid}",
        size_bytes=size_bytes,
        sha256=digest,
        target=text_of(header.link) if kind == stat.S_IFLNK else "",
    )


def _digest(stream: ByteStream, count: int) -> str:
    digest = sha256()
    for piece in stream.pieces(count):
        digest.update(piece)
    return digest.hexdigest()
