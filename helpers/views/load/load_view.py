"""A load as it runs: a stroke a request in order of time, failed ones tall, and numbers."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from helpers.model.load.plan import Plan, summary
from helpers.model.load.tally import Tally
from helpers.views.kit.inert import inert_html, visible_values
from helpers.views.kit.live import LiveView
from helpers.views.kit.strokes import looks_of, stroke_line, stroke_values, width_of
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
        """Everything that the widget draws."""
        tally, ended = self._load.tally, self._load.ended
        series = tally.series
        looks = looks_of(series)
        values = {
            "title": self.text(),
            "line": words.counts_line(tally, ended),
            "about": stroke_line(tally.strokes.each),
            "trouble": words.late_line(tally),
            "ended": bool(ended),
            **stroke_values(tally, self._load.plan, width_of(tally.strokes, bool(ended))),
            "head": list(words.HEAD),
            "series": [
                {
                    "answer": each.is_answer,
                    "look": look,
                    "meaning": words.meaning(each),
                    "cells": list(words.row_of(each, tally)),
                }
                for each, look in zip(series, looks, strict=True)
            ],
            "words": words.WORDS,
        }
        shown: dict[str, Any] = visible_values(values)
        return shown
