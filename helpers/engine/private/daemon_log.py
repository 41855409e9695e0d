"""The log of a private engine's daemons: bounded, and read for the line that matters."""

from __future__ import annotations

import re
from pathlib import Path

_LIMIT_BYTES = 1_000_000
_KEPT_BYTES = 200_000
_MESSAGE = re.compile(r'msg="((?:[^"\\]|\\.)*)"')
_FATAL = re.compile(r"level=(?:fatal|panic)|^(?:failed to |unable to |fatal error|panic|[a-z]+: )")


def bound(path: Path) -> None:
    """The log is not above 1 MB: of a longer one the last 200 kB stay.

    It is cut in place, because a running daemon has it open (to append, so that is safe).
    """
    if not path.is_file() or path.stat().st_size <= _LIMIT_BYTES:
        return
    with path.open("r+b") as log:
        log.seek(-_KEPT_BYTES, 2)
        kept = log.read().partition(b"\n")[2]
        log.seek(0)
        log.write(kept)
        log.truncate()


def size(path: Path) -> int:
    """The log's length in bytes, 0 where there is none yet."""
    return path.stat().st_size if path.is_file() else 0


def reason(path: Path, since_bytes: int) -> str:
    """The last fatal message after that offset, else the last line, else that there is none."""
    if not path.is_file():
        return "it wrote no log"
    lines = path.read_bytes()[since_bytes:].decode("utf-8", "replace").strip().splitlines()
    fatal = [line for line in lines if _FATAL.search(line)]
    chosen = [*lines[-1:], *fatal[-1:]]
    return _message(chosen[-1]) if chosen else "it wrote no log"


def _message(line: str) -> str:
    """The words of a log line without its time stamp and level."""
    match = _MESSAGE.search(line)
    return match[1].replace('\\"', '"') if match else line.strip()
