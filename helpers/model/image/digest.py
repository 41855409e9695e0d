"""Digests: the names of bytes, worked out from the bytes themselves.

Source: the OCI image specification (descriptor.md, Digests).
"""

from __future__ import annotations

import hashlib
import re

from helpers.errors import UnreadableImage

HEX_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
KINDS = tuple(HEX_LENGTHS)
_FORMS = "|".join(f"{kind}:[0-9a-f]{{{length}}}" for kind, length in HEX_LENGTHS.items())
_DIGEST = re.compile(_FORMS)
_SHORT = 12


class Digest(str):
    """A text such as 'sha256:9f86…', known to be a digest that can be checked here.

    It is a str, as it is a string in github.com/opencontainers/go-digest: paths, requests and
    documents take it as it stands. Raises UnreadableImage for any other text.
    """

    __slots__ = ()

    def __new__(cls, text: object) -> Digest:
        """The digest that is spelled so."""
        if not is_digest(str(text)):
            kind, colon, _ = str(text).partition(":")
            reason = ": that kind is not known here" if colon and kind not in KINDS else ""
            raise UnreadableImage(
                f"{str(text)[:80]!r} is no digest{reason}.",
                f"Take an image whose digests are of a known kind: {', '.join(KINDS)}.",
            )
        return super().__new__(cls, text)

    @classmethod
    def of(cls, body: bytes, algorithm: str = "sha256") -> Digest:
        """The digest of these bytes."""
        return cls(f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}")

    @property
    def algorithm(self) -> str:
        """What it was worked out with: sha256, sha384 or sha512."""
        return self.partition(":")[0]

    @property
    def hex(self) -> str:
        """What follows the colon."""
        return self.partition(":")[2]

    @property
    def short(self) -> str:
        """The first 12 hexadecimal digits, as the docker command shows an ID."""
        return short_id(self)

    def verifier(self) -> Verifier:
        """What takes the bytes piece by piece, and then tells whether they are those."""
        return Verifier(self)


def is_digest(text: str) -> bool:
    """Whether that is a digest which can be checked here."""
    return _DIGEST.fullmatch(text) is not None


def short_id(identity: str) -> str:
    """An ID or a digest as the docker command shows it: its first 12 hexadecimal digits."""
    return identity.rpartition(":")[2][:_SHORT]


class Verifier:
    """Bytes that pass by, to be compared with a digest."""

    def __init__(self, expected: Digest) -> None:
        self.expected = expected
        self._hash = hashlib.new(expected.algorithm)

    def update(self, piece: bytes | memoryview) -> None:
        """Takes the next bytes."""
        self._hash.update(piece)

    @property
    def actual(self) -> Digest:
        """The digest of what has passed by so far."""
        return Digest(f"{self._hash.name}:{self._hash.hexdigest()}")

    @property
    def is_verified(self) -> bool:
        """Whether what has passed by is what was expected."""
        return self.actual == self.expected
