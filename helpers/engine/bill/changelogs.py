"""The changelog inside a Debian package: fetched with it, checked, and read without unpacking."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import tempfile
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path

from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.base.folders import cache_dir
from helpers.engine.debian.deb_file import LimitedStream, damaged, data_member, plain_tar
from helpers.engine.debian.downloads import Downloads
from helpers.engine.debian.mirror import Mirror
from helpers.errors import SetupFailed
from helpers.model.debian.package import Package
from helpers.model.text.units import format_bytes

# What is fetched for a list of CVE numbers: a browser's 60 MB are not.
MOST_PACKAGE_BYTES = 16_000_000
MOST_CHANGELOG_BYTES = 16 << 20
_SLACK_BYTES = 16 << 20
_NAMES = ("changelog.Debian.gz", "changelog.gz")
_UNREADABLE = (tarfile.TarError, lzma.LZMAError, EOFError, zlib.error, OSError)


def fetched_changelog(
    mirror: Mirror, packages: Sequence[Package], cancelled: threading.Event
) -> str:
    """The changelog in the smallest of the packages, which are of one source.

    Raises SetupFailed where it cannot be had, in words, or Interrupted.
    """
    package = min(packages, key=lambda each: each.size_bytes)
    if package.size_bytes > MOST_PACKAGE_BYTES:
        raise SetupFailed(f"{package.name} has {format_bytes(package.size_bytes)}: not fetched.")
    with tempfile.TemporaryDirectory(prefix="changelog-", dir=cache_dir()) as folder:
        downloads = Downloads(mirror, [package], Path(folder))
        for _, deb in downloads.each(cancelled, lambda: None):
            return changelog_of(package, deb)
    raise SetupFailed(f"{package.name} did not come.")


def changelog_of(package: Package, deb: Path) -> str:
    """The changelog in that package file; SetupFailed where it has none of its own."""
    try:
        with deb.open("rb") as file:
            name, packed = data_member(file)
            with plain_tar(name, packed) as plain:
                limit = 2 * package.unpacked_bytes + _SLACK_BYTES
                data = _member(LimitedStream(plain, limit), package.name)
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked:
            text = unpacked.read(MOST_CHANGELOG_BYTES)
    except _UNREADABLE as error:
        raise damaged(f"{package.name}, {error}") from None
    return text.decode("utf-8", "replace")


def _member(plain: LimitedStream, name: str) -> bytes:
    """The changelog's bytes, packed as they are."""
    wanted = {f"usr/share/doc/{name}/{file}" for file in _NAMES}
    with tarfile.open(fileobj=plain, mode="r|") as tar:  # type: ignore[call-overload]
        for member in tar:
            path = cleaned(member.name.encode("utf-8", "surrogateescape"))
            if path and text_of(path) in wanted and (content := tar.extractfile(member)):
                if member.size > MOST_CHANGELOG_BYTES:
                    raise SetupFailed(f"The changelog of {name} is larger than any.")
                data: bytes = content.read()
                return data
    raise SetupFailed(f"{name} has no changelog of its own.")
