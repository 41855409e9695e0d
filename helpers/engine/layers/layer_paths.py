"""Paths in a layer archive as they are meant."""

from __future__ import annotations

from helpers.engine.archive.member_path import MOST_PATH_BYTES

WHITEOUT = b".wh."
OPAQUE = b".wh..wh..opq"
# What the aufs driver kept for itself.
_AUFS = b".wh..wh."


def is_plain(name: bytes) -> bool:
    """Whether a name needs no second look: it is clean but for one slash at its end."""
    return (
        b"/." not in name
        and b"//" not in name
        and name[:1] not in (b".", b"/", b"")
        and b"\0" not in name
        and len(name) < MOST_PATH_BYTES
    )


def is_of_aufs(path: bytes) -> bool:
    """Whether the path is one of those that the aufs driver kept for itself."""
    return any(part.startswith(_AUFS) and part != OPAQUE for part in path.split(b"/"))


def shown(name: bytes) -> str:
    """A name for a sentence: its first 80 characters, nothing unprintable."""
    text = name.decode("utf-8", "replace")
    text = text if len(text) <= 80 else text[:77] + "..."
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
