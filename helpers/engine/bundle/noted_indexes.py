"""Bundles that this user saved, or was given a digest for: the SHA-256 of each index, noted."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from helpers.engine.base.folders import state_dir


def note_index(index: bytes) -> None:
    """Writes down that these bytes are the index of a bundle that may be loaded here."""
    if is_noted(index):
        return
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, f"{sha256(index).hexdigest()}\n".encode())
    finally:
        os.close(descriptor)


def is_noted(index: bytes) -> bool:
    """Whether that was written down."""
    try:
        return sha256(index).hexdigest() in _file().read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return False


def _file() -> Path:
    return state_dir() / "bundles.sha256"
