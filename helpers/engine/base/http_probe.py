"""Asking an app over HTTP until it answers."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from helpers.engine.base.interruption import as_interrupted
from helpers.errors import NotReady
from helpers.model.container.outcome import Answer
from helpers.model.text.units import format_seconds

PAUSE_SECONDS = 0.05
MOST_BYTES = 10_000_000
# The last of them where what listens there does not speak HTTP, as a database does not.
_UNANSWERED = (OSError, ValueError, HTTPException)


def wait_for_answer(
    url: str,
    seconds: float,
    reason_to_stop: Callable[[], str | None],
    patience_seconds: float | None = 2,
) -> Answer:
    """The first answer below 400 from that address.

    One question is given up after `patience_seconds`; with None, after half a second at first and
    longer as time goes by: what stands before a VM accepts connections for an app that is not
    there yet, and holds them. `reason_to_stop` says in words why waiting is pointless, or
    None. Raises NotReady with that reason, or with the last thing that was seen when time is up.
    """
    with as_interrupted(f"Waiting for {url}"):
        return _answer_within(url, seconds, reason_to_stop, patience_seconds)


def one_answer(url: str, seconds: float) -> Answer:
    """The answer to one request, whatever its status; raises NotReady where none comes in time."""
    with as_interrupted(f"Asking {url}"):
        return _one_answer(url, seconds)


def _answer_within(
    url: str,
    seconds: float,
    reason_to_stop: Callable[[], str | None],
    patience_seconds: float | None,
) -> Answer:
    started = time.monotonic()
    while True:
        patience = patience_seconds or max(0.5, (time.monotonic() - started) / 10)
        answer, seen = _ask(url, started, patience)
        if answer is not None:
            return answer
        reason = reason_to_stop()
        if reason is not None:
            raise NotReady(f"{url} will not answer: {reason}", "Look at its `logs()`.")
        if time.monotonic() - started > seconds:
            raise NotReady(
                f"{url} was not ready within {format_seconds(seconds)}: {seen}.",
                "Look at its `logs()`, and see whether it listens on the published port.",
            )
        # Asked more often at first, so that the answer of a quick app is not timed too late.
        time.sleep(min(PAUSE_SECONDS, max(0.005, (time.monotonic() - started) / 20)))


def _one_answer(url: str, seconds: float) -> Answer:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    started = time.monotonic()
    try:
        try:
            response = opener.open(url, timeout=seconds)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            text = response.read(MOST_BYTES).decode(errors="replace")
            return Answer(url, response.status, time.monotonic() - started, text)
    except _UNANSWERED as error:
        raise NotReady(f"{url} gave no answer: {_reason(error)}.", "Is it running still?") from None


def _ask(url: str, started: float, patience_seconds: float) -> tuple[Answer | None, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=patience_seconds) as response:
            text = response.read(100_000).decode(errors="replace")
            return Answer(url, response.status, time.monotonic() - started, text), ""
    except urllib.error.HTTPError as error:
        error.close()
        return None, f"it answered {error.code}"
    except _UNANSWERED as error:
        return None, _reason(error)


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error).strip() or type(error).__name__
