"""Where the blobs of an OCI image layout lie: the path by the digest, and back.

Source: the OCI image specification, image-layout.md, "Blobs".
"""

from __future__ import annotations

from helpers.model.image.digest import Digest, is_digest

BLOBS = "blobs/"


def blob_path(digest: str) -> str:
    """The path of the blob of that digest: 'blobs/sha256/9f86…'."""
    return BLOBS + digest.replace(":", "/", 1)


def digest_at(path: str) -> Digest | None:
    """The digest of the blob at that path; None where no blob lies there."""
    text = path.removeprefix(BLOBS).replace("/", ":", 1)
    return Digest(text) if path.startswith(BLOBS) and is_digest(text) else None
