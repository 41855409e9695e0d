"""Whether a daemon answers on its socket."""

from __future__ import annotations

import socket
from pathlib import Path

_PING_SECONDS = 5.0


def pings(path: Path) -> bool:
    """True where an engine answers `GET /_ping` on the socket."""
    if not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_PING_SECONDS)
        try:
            line.connect(str(path))
            line.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            return b" 200 " in line.recv(64)
        except OSError:
            return False


def accepts(path: Path) -> bool:
    """True where something listens on the socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_PING_SECONDS)
        try:
            line.connect(str(path))
        except OSError:
            return False
    return True
