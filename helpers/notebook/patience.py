"""Waiting for an answer for so long and no longer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from helpers.errors import Interrupted, NotReady

Answer = TypeVar("Answer")


class _Asked(threading.Thread, Generic[Answer]):
    """A call on a thread of its own, which no interpreter waits for at its end."""

    def __init__(self, call: Callable[[], Answer]) -> None:
        super().__init__(daemon=True)
        self._call = call
        self.answer: list[Answer] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        """Keeps what the call gave or raised."""
        try:
            self.answer.append(self._call())
        except BaseException as error:
            self.error = error


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """What the call gives; raises what it raises, NotReady after so many seconds, or Interrupted.

    A call that takes longer goes on by itself, and its answer is dropped.
    """
    asked = _Asked(call)
    asked.start()
    try:
        asked.join(seconds)
    except KeyboardInterrupt:
        raise Interrupted("Interrupted while it looked.", "Run the cell again.") from None
    if asked.error is not None:
        raise asked.error
    if not asked.answer:
        raise NotReady(
            f"There was no answer within {seconds:g} s.",
            "The engine may be busy. Try again in a moment, or see `./workbook doctor`.",
        )
    return asked.answer[0]
