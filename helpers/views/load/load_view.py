"""A load as it runs: a stroke a request in order of time, failed ones tall, and numbers."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from helpers.model.load.plan import Plan, summary
from helpers.model.load.strokes import Stroke
from helpers.model.load.tally import Tally
from helpers.views.kit.inert import inert_html, visible_values
from helpers.views.kit.live import LiveView
from helpers.views.load import picture, words

REFRESH_SECONDS = 0.2
BY_BUTTON = "stopped in the page"


class Load(Protocol):
    """A load that runs, or has run; `ended` says why it is over."""

    plan: Plan
    tally: Tally
    ended: str

    def stop(self, why: str = ..., /) -> None:
        """No more requests."""


class LoadView(LiveView):
    """One load. What it does not depend on is that anybody looks."""

    script = "load_view.js"
    picture_width = 860

    def __init__(self, load: Load) -> None:
        super().__init__()
        self._load = load
        self._sent_at = 0.0
        self._is_watched = False

    def take(self, load: Load) -> None:
        """The page's numbers anew, five times a second at most; its end at once."""
        now = time.monotonic()
        if load.ended or (self._is_watched and now - self._sent_at >= REFRESH_SECONDS):
            self._sent_at = now
            self.refresh()

    def begin(self) -> None:
        """A page shows it."""
        self._is_watched = True

    def end(self) -> None:
        """None does; the load goes on."""
        self._is_watched = False

    def heard(self, message: dict[str, Any]) -> None:
        """A page asks for {kind: "stop"}; anything else is nothing."""
        if message.get("kind") == "stop":
            stop = threading.Thread(target=self._load.stop, args=(BY_BUTTON,), daemon=True)
            stop.start()

    def text(self) -> str:
        """What is asked, and how often; no numbers of it, so that every run says the same."""
        return summary(self._load.plan)

    def caption(self) -> str:
        """The same as HTML."""
        return f"<p>{inert_html(self.text())}</p>"

    def alternative(self) -> str:
        """The numbers in words."""
        return words.in_words(self.text(), self._load.tally, self._load.ended)

    def picture(self) -> bytes:
        """The strokes so far, as PNG."""
        return picture.png(self.text(), self._load.tally, self._load.plan, self._load.ended)

    def content(self) -> dict[str, Any]:
        """Everything that the widget draws; a kind is its position in `series`, or -1."""
        tally, ended = self._load.tally, self._load.ended
        strokes, series = tally.strokes, tally.series
        width = words.width_of(strokes, bool(ended))
        kinds = {(each.is_answer, each.kind): at for at, each in enumerate(series)}
        values = {
            "title": self.text(),
            "line": words.counts_line(tally, ended),
            "about": words.stroke_line(strokes.each),
            "trouble": words.late_line(tally),
            "ended": bool(ended),
            "width": width,
            "scale": [
                list(each) for each in words.scale(strokes, self._load.plan.per_second, width)
            ],
            "strokes": [_ends(each, kinds) for each in list(strokes.strokes)],
            "head": list(words.HEAD),
            "series": [
                {
                    "answer": each.is_answer,
                    "look": _look(series, at),
                    "meaning": words.meaning(each),
                    "cells": list(words.row_of(each, tally)),
                }
                for at, each in enumerate(series)
            ],
            "words": words.WORDS,
        }
        shown: dict[str, Any] = visible_values(values)
        return shown


def _ends(stroke: Stroke, kinds: dict[tuple[bool, str], int]) -> list[int]:
    """The kinds of its answer and of its failure."""
    answer, failure = (True, stroke.answer), (False, stroke.failure)
    return [kinds.get(answer, -1), kinds.get(failure, -1)]


def _look(series: tuple[Any, ...], at: int) -> int:
    """Which of the looks of versions, or of failures, the series in that position has."""
    is_answer = series[at].is_answer
    return sum(each.is_answer is is_answer for each in series[:at]) % picture.LOOKS
