"""The Release file of a suite: what is in it, by checksum, and until when it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from string import hexdigits

from helpers.errors import SetupFailed
from helpers.model.debian.fields import parse_fields

_BEGIN, _SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"


@dataclass(frozen=True)
class ListedFile:
    """A file of the suite as its Release file lists it."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class ReleaseFile:
    """What a Release file says; dates are None where it names none."""

    suite: str
    codename: str
    date: datetime | None
    valid_until: datetime | None
    files: Mapping[str, ListedFile] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> ReleaseFile:
        """The file's text understood (https://wiki.debian.org/DebianRepository/Format)."""
        fields = parse_fields(text)
        listed = [line.split() for line in fields.get("sha256", "").splitlines()]
        files = {
            path: ListedFile(path, digest, int(size))
            for digest, size, path in (words for words in listed if len(words) == 3)
            if is_sha256(digest) and size.isdecimal()
        }
        if not files:
            raise SetupFailed("A Debian Release file lists no files.", "Try another mirror.")
        date, until = (_date(fields.get(name, "")) for name in ("date", "valid-until"))
        return cls(fields.get("suite", ""), fields.get("codename", ""), date, until, files)

    def index(self, architecture: str) -> tuple[ListedFile, ListedFile]:
        """The index of main's packages for that architecture: packed with xz, and plain."""
        path = f"main/binary-{architecture}/Packages"
        try:
            return self.files[f"{path}.xz"], self.files[path]
        except KeyError:
            raise SetupFailed(
                f"Debian {self.codename or self.suite} has no packages for {architecture}.",
                "Start an engine of your own (Docker Desktop, or your distribution's).",
            ) from None

    def staleness(self, now: datetime) -> str:
        """What is to be said of a list that is past its time; empty where it is not."""
        if self.valid_until is None or now <= self.valid_until:
            return ""
        made = f" of {self.date:%-d %B %Y}" if self.date else ""
        return f"its list{made} was to be used until {self.valid_until:%-d %B %Y}"


def signed_text(message: str) -> str:
    """The text inside of one signed message, as an InRelease file is one (RFC 9580, section 7).

    Raises SetupFailed where it is anything else: text around it would be signed by nobody.
    """
    lines = message.strip().splitlines()
    counts = [lines.count(mark) for mark in (_BEGIN, _SIGNATURE, _END)]
    if counts != [1, 1, 1] or lines[0] != _BEGIN or lines[-1] != _END or "" not in lines:
        raise SetupFailed("A Debian InRelease file is not one signed message.", "Try it again.")
    inside = lines[lines.index("") + 1 : lines.index(_SIGNATURE)]
    return "\n".join(line.removeprefix("- ") for line in inside) + "\n"


def is_sha256(text: str) -> bool:
    """Whether it is a SHA-256 in hexadecimal."""
    return len(text) == 64 and set(text) <= set(hexdigits)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
