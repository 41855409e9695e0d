"""A server that has too much to do and says when to ask again: waited for, where that is soon."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import requests

from helpers.model.registry.retry_after import seconds_until_retry

MOST_WAITS = 3
LONGEST_SECONDS = 10.0
_BUSY = (429, 503)
pause = time.sleep


def retry_seconds(answer: requests.Response) -> float | None:
    """How long to wait by that answer; None where it says nothing of waiting."""
    if answer.status_code not in _BUSY:
        return None
    return seconds_until_retry(answer.headers.get("Retry-After", ""), datetime.now(UTC))


def waited(answer: requests.Response) -> bool:
    """Whether the server named a time that is soon; then the answer is closed, and it has come."""
    seconds = retry_seconds(answer)
    if seconds is None or seconds > LONGEST_SECONDS:
        return False
    answer.close()
    pause(seconds)
    return True
