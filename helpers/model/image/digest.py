"""Digests: the names of bytes, worked out from the bytes themselves.

Source: the OCI image specification (descriptor.md, Digests).
"""

from __future__ import annotations

import hashlib

from helpers.errors import UnreadableImage

KINDS = ("sha256", "sha384", "sha512")


def hash_for(digest: str) -> hashlib._Hash:
    """A new hash of the kind that a digest is of; raises UnreadableImage for an unknown kind."""
    kind = digest.partition(":")[0]
    if kind not in KINDS:
        raise UnreadableImage(
            f"Nothing can be checked against {digest[:19]!r}: that kind is not known here.",
            f"Take an image whose digests are of a known kind: {', '.join(KINDS)}.",
        )
    return hashlib.new(kind)


def digest_like(digest: str, body: bytes) -> str:
    """The digest of these bytes, of the same kind as the one that is given."""
    hashed = hash_for(digest)
    hashed.update(body)
    return digest_of(hashed)


def digest_of(hashed: hashlib._Hash) -> str:
    """The digest of what went into a hash, as in 'sha256:…'."""
    return f"{hashed.name}:{hashed.hexdigest()}"
