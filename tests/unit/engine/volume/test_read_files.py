"""A folder of a container as the engine packs it: paths, owners, modes and hashes."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest

from helpers.engine.volume.read_files import files_in
from helpers.errors import UnreadableImage
from helpers.model.volume.volume_files import VolumeFile, VolumeFiles
from tests.unit.tar_writer import END, file, folder, hard_link, symlink

TEA = b"3 tea\n"
PACKED = (
    folder(b"./"),
    folder(b"./2026/", mode=0o700, uid=1234, gid=1234),
    file(b"./2026/monday", TEA, mode=0o600, uid=1234, gid=1234),
    hard_link(b"./2026/same", b"./2026/monday", mode=0o600, uid=1234, gid=1234),
    symlink(b"./today", b"2026/monday"),
)


def client(archive: bytes) -> Any:
    """One that hands out that archive in small pieces, and notes what it was asked for."""

    def get_archive(container: str, path: str) -> tuple[Iterator[bytes], dict[str, Any]]:
        asked.append((container, path))
        return (archive[at : at + 100] for at in range(0, len(archive), 100)), {}

    asked: list[tuple[str, str]] = []
    return SimpleNamespace(api=SimpleNamespace(get_archive=get_archive), asked=asked)


def test_files_have_owner_mode_size_and_hash() -> None:
    engine = client(b"".join(PACKED) + END)
    digest = sha256(TEA).hexdigest()
    assert files_in(engine, "keeper", "/orders/") == VolumeFiles(
        [
            VolumeFile(".", "drwxr-xr-x", "0:0"),
            VolumeFile("2026", "drwx------", "1234:1234"),
            VolumeFile("2026/monday", "-rw-------", "1234:1234", 6, digest),
            VolumeFile("2026/same", "-rw-------", "1234:1234", 6, digest),
            VolumeFile("today", "lrwxrwxrwx", "0:0", target="2026/monday"),
        ]
    )
    assert engine.asked == [("keeper", "/orders/.")]


def test_an_archive_that_breaks_off_is_said() -> None:
    with pytest.raises(UnreadableImage):
        files_in(client((b"".join(PACKED) + END)[:1700]), "keeper", "/orders")


def test_a_table_shows_what_is_there_and_nothing_that_steers() -> None:
    files = VolumeFiles(
        [
            VolumeFile("b\x1b[2J", "-rw-r--r--", "0:0", 6, "ab" * 32),
            VolumeFile(".", "drwxr-xr-x", "0:0"),
        ]
    )
    lines = repr(files).splitlines()
    assert lines[0] == "drwxr-xr-x  0:0       ."
    assert lines[1].startswith("-rw-r--r--  0:0  6 B  b")
    assert lines[1].endswith("  abababababab")
    assert "\x1b" not in repr(files)


def test_one_changed_byte_or_owner_is_another_list() -> None:
    one = VolumeFile("a", "-rw-r--r--", "0:0", 1, "00")
    for other in (
        VolumeFile("a", "-rw-r--r--", "0:0", 1, "01"),
        VolumeFile("a", "-rw-r--r--", "1234:0", 1, "00"),
        VolumeFile("a", "-rw-------", "0:0", 1, "00"),
    ):
        assert VolumeFiles([one]) != VolumeFiles([other])
