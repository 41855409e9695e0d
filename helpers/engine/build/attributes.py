"""The extended attributes of files."""

from __future__ import annotations

import os


def attributes_of(path: str) -> dict[str, bytes]:
    """{name: value} of a file's extended attributes; none where the system has no such thing."""
    if not hasattr(os, "listxattr"):
        return {}
    try:
        names = os.listxattr(path, follow_symlinks=False)
        return {name: os.getxattr(path, name, follow_symlinks=False) for name in names}
    except OSError:
        return {}
