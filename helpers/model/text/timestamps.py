"""Time stamps as engines and images write them."""

from __future__ import annotations

from datetime import datetime


def seconds_since_1970(text: str) -> float:
    """Seconds since 1970 of a time stamp (RFC 3339), to the microsecond below; raises ValueError.

    Engines write nanoseconds; what is finer than a float can tell is cut off.
    """
    return datetime.fromisoformat(text).timestamp()
