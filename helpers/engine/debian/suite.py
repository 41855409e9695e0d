"""A suite of Debian as a mirror has it now: its packages, and how far that was checked."""

from __future__ import annotations

import lzma
import platform
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from helpers.engine.debian.mirror import Mirror, UncheckedCertificate
from helpers.engine.debian.signature import can_verify, verified_text
from helpers.errors import SetupFailed
from helpers.model.debian.package_index import Index, LayeredIndex, PackageIndex
from helpers.model.debian.release_file import ListedFile, ReleaseFile, signed_text
from helpers.model.debian.tree_recipe import TreeRecipe

_MOST_RELEASE_BYTES = 4_000_000
_MOST_INDEX_BYTES = 256_000_000
_XZ_MEMORY_BYTES = 128 << 20
# What the kernel calls a machine, and what Debian does (https://wiki.debian.org/SupportedArchitectures).
_ARCHITECTURES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv7l": "armhf",
    "ppc64le": "ppc64el",
    "riscv64": "riscv64",
    "s390x": "s390x",
}


@dataclass(frozen=True)
class Suite:
    """Its index; `name` is as it was asked for, `codename` is Debian's.

    `note` is what a user must be told of how it was checked; `date` is when its list was made.
    """

    name: str
    codename: str
    index: Index
    note: str
    date: datetime | None = None


def architecture() -> str:
    """What Debian calls this machine's architecture; SetupFailed where it has none for it."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _ARCHITECTURES:
        raise SetupFailed(
            f"Debian's packages do not run here ({sys.platform} on {machine}).",
            "Install Docker Desktop (or Colima, or Rancher Desktop), and start it.",
        )
    return _ARCHITECTURES[machine]


def fetched_suites(
    mirror: Mirror, name: str, recipe: TreeRecipe, work: Path, cancelled: threading.Event
) -> tuple[Suite, Mirror]:
    """The suite of that name, or of 'experimental+unstable' the first on top of the second."""
    top, _, whole = name.partition("+")
    suite, mirror = fetched_suite(mirror, top, work, cancelled, recipe.architecture)
    if not whole:
        return suite, mirror
    below, mirror = fetched_suite(mirror, whole, work, cancelled, recipe.architecture)
    index = LayeredIndex(suite.index, below.index, recipe.packages)
    note = " ".join(text for text in (suite.note, below.note) if text)
    return Suite(name, suite.codename, index, note), mirror


def fetched_suite(
    mirror: Mirror, name: str, work: Path, cancelled: threading.Event, kind: str = ""
) -> tuple[Suite, Mirror]:
    """The suite, and the mirror by the way that it came; raises SetupFailed or Interrupted.

    `kind` is an architecture, empty for this machine's.

    A machine without certificates, as a bare Debian is, gets it by plain HTTP: then the signature
    alone says that it is genuine, as it does for apt.
    """
    can_check = can_verify()
    if not (can_check or mirror.is_encrypted):
        raise SetupFailed(
            f"Nothing here can check what {mirror.url} gives: it is plain HTTP, and there is"
            " no gpgv with Debian's keys.",
            "Name a mirror with https:// in WORKBOOK_DEBIAN_MIRROR, or install gpgv and"
            " debian-archive-keyring.",
        )
    path = f"dists/{name}/InRelease"
    try:
        message = mirror.read(path, _MOST_RELEASE_BYTES, cancelled)
    except UncheckedCertificate:
        if not can_check:
            raise
        mirror = mirror.unencrypted()
        message = mirror.read(path, _MOST_RELEASE_BYTES, cancelled)
    text = verified_text(message, work) if can_check else signed_text(message.decode())
    release = ReleaseFile.parse(text)
    packed, plain = release.index(kind or architecture())
    index = PackageIndex(_index_bytes(mirror, name, packed, plain, cancelled))
    note = _note(mirror, release, can_check)
    return Suite(name, release.codename or name, index, note, release.date), mirror


def _index_bytes(
    mirror: Mirror, suite: str, packed: ListedFile, plain: ListedFile, cancelled: threading.Event
) -> bytes:
    folder = packed.path.rpartition("/")[0]
    path = f"dists/{suite}/{folder}/by-hash/SHA256/{packed.sha256}"
    data = mirror.read(path, min(packed.size_bytes, _MOST_INDEX_BYTES), cancelled)
    if sha256(data).hexdigest() != packed.sha256 or plain.size_bytes > _MOST_INDEX_BYTES:
        raise SetupFailed(
            f"{mirror.url} gave another list of packages than was signed.", "Try it again."
        )
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
    try:
        listing = unpacker.decompress(data, max_length=plain.size_bytes + 1)
    except lzma.LZMAError as error:
        raise SetupFailed(f"Debian's list of packages is damaged ({error}).") from None
    if len(listing) != plain.size_bytes:
        raise SetupFailed("Debian's list of packages has another size than was signed.")
    return listing


def _note(mirror: Mirror, release: ReleaseFile, was_checked: bool) -> str:
    signature = (
        ""
        if was_checked
        else "its signature was not checked (no gpgv with Debian's keys is here), so it was taken"
        f" over HTTPS from {mirror.url} alone"
    )
    reasons = [text for text in (signature, release.staleness(datetime.now(UTC))) if text]
    name = release.codename or release.suite
    return f"Debian {name}: {'; '.join(reasons)}." if reasons else ""
