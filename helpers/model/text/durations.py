"""Durations as Go reads them, and seconds as learners write them."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from helpers.errors import InvalidInput

_PARTS = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|h|m|s)")
_NANOSECONDS = {"h": 3600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3,
                "µs": 10**3, "μs": 10**3, "ns": 1}  # fmt: skip
_MOST = 2**63 - 1


def parse_nanoseconds(text: str) -> int:
    """The nanoseconds that a duration means to `docker run`: '1s', '500ms', '1m30s', '0'.

    Raises InvalidInput for anything else. Source: Go, time.ParseDuration.
    """
    parts = _PARTS.findall(text)
    whole = "".join(number + unit for number, unit in parts)
    count = sum(int(Fraction(number) * _NANOSECONDS[unit]) for number, unit in parts)
    if text != "0" and (not parts or whole != text or count > _MOST):
        raise InvalidInput(f"{text!r} is no duration.", "Write '2s', '500ms' or '1m30s'.")
    return count


def duration_of(name: str, value: object) -> str | None:
    """The duration as the docker command takes it: a number is seconds; None stays.

    Raises InvalidInput for anything else.
    """
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        text = f"{value:.9f}".rstrip("0").rstrip(".") + "s"
    else:
        text = str(value)
    parse_nanoseconds(text)
    return text


def seconds_of(name: str, value: object) -> float:
    """The seconds in a number or a text ('5', '1m30s'); raises InvalidInput for anything else."""
    if value == math.inf:
        return math.inf
    text = value + "s" if isinstance(value, str) and value[-1:].isdecimal() else value
    return parse_nanoseconds(duration_of(name, text) or "") / 1e9
