"""Sizes, times and counts as people read and type them."""

from __future__ import annotations

import re
from fractions import Fraction

from helpers.errors import InvalidInput

_DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_SIZE = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+) ?(?:b|([kmgtp])(?:b|ib)?)?", re.IGNORECASE)
_MOST_BYTES = 2**63 - 1
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def format_bytes(count: int) -> str:
    """The size in decimal units, as `docker images` and `docker system df` show it: '23.4 MB'."""
    return _scaled(count, 1000, _DECIMAL)


def format_memory(count: int) -> str:
    """The size in binary units, as `docker stats` shows memory: '64 MiB'."""
    return _scaled(count, 1024, _BINARY)


def format_seconds(seconds: float) -> str:
    """A duration with three digits that matter: '0.26 s', '12.3 s', '2 min 5 s'."""
    if seconds >= 60:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s"
    if seconds >= 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.0f} ms"


def counted(count: int, one: str, many: str = "") -> str:
    """'1 layer', '3 layers', '1,200 files'; `many` where an s does not make it."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def parse_bytes(size: object) -> int:
    """The bytes that a size means to `docker run --memory`: b, k, m, g are powers of 1,024.

    Raises InvalidInput for what the docker CLI would refuse too.
    Source: docker/go-units, RAMInBytes.
    """
    text = "" if isinstance(size, bool) else str(size).strip()
    match = _SIZE.fullmatch(text)
    count = Fraction(match[1]) * 1024 ** _POWERS[(match[2] or "").lower()] if match else -1
    if not 0 <= count <= _MOST_BYTES:
        raise InvalidInput(f"{size!r} is not a size.", "Write a number and a unit, such as '64m'.")
    return int(count)


def parse_swap(size: object) -> int:
    """The bytes that a size means to `docker run --memory-swap`, where -1 is no limit.

    Raises InvalidInput. Source: docker/cli, opts.MemSwapBytes.
    """
    return -1 if str(size).strip() == "-1" else parse_bytes(size)


def _scaled(count: int, base: int, units: tuple[str, ...]) -> str:
    size, power = float(count), 0
    while abs(size) >= base and power < len(units) - 1:
        size, power = size / base, power + 1
    if power and abs(size) >= base - 0.5 and power < len(units) - 1:
        size, power = 1.0, power + 1
    digits = f"{size:.3g}" if abs(size) < 999.5 else f"{size:.0f}"
    return f"{digits} {units[power]}"
