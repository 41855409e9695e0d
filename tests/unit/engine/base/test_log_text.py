"""A log is read to its end, however it is being written to."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from helpers.engine.base import log_text
from helpers.engine.base.log_text import log_of

HALF = "unable to read log file: '2026-11-30T07:33:11 stdou' is not a valid container log line"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_text, "_PAUSE_SECONDS", 0)


def client(answer: Callable[[], bytes]) -> Any:
    return SimpleNamespace(api=SimpleNamespace(logs=lambda container, tail: answer()))


def test_a_line_that_is_half_there_is_waited_for() -> None:
    refusals = [APIError(HALF), APIError(HALF)]

    def answer() -> bytes:
        if refusals:
            raise refusals.pop()
        return b"all of it"

    assert log_of(client(answer), "web") == b"all of it"
    assert not refusals


@pytest.mark.parametrize(("words", "asked"), [(HALF, log_text._TRIES), ("no such container", 1)])
def test_other_refusals_and_lasting_ones_are_passed_on(words: str, asked: int) -> None:
    tries: list[int] = []

    def answer() -> bytes:
        tries.append(1)
        raise APIError(words)

    with pytest.raises(APIError, match=words[:10]):
        log_of(client(answer), "web")
    assert len(tries) == asked
