"""When a server that was asked too much may be asked again: the header Retry-After.

Source: RFC 9110, section 10.2.3: seconds, or a date.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 40  # characters
_MOST_DIGITS = 9


def seconds_until_retry(header: str, now: datetime) -> float | None:
    """How long to wait from now on, in seconds; None where the header does not say."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) <= _MOST_DIGITS else None
    try:
        moment = parsedate_to_datetime(text[:_LONGEST])
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
