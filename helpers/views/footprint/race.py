"""A race to the first HTTP answer: lanes that grow while it runs, and as a still picture."""

from __future__ import annotations

from typing import Any, Protocol

from helpers.model.footprint.race import Race
from helpers.model.text.units import format_seconds
from helpers.views.kit.inert import inert_html
from helpers.views.kit.live import LiveView
from helpers.views.kit.page import Page, table

WORDS = {
    "clock": "time since both were started",
    "over": "■ over",
    "running": "● running",
    "axis": "seconds since the start",
}


class Runs(Protocol):
    """A race that is under way."""

    @property
    def race(self) -> Race:
        """Its lanes, with the marks that each has reached by now."""

    @property
    def elapsed(self) -> float:
        """Seconds since it began, or that it took."""

    def wait(self, seconds: float = ...) -> Race:
        """The race once it is over."""


class RaceView(LiveView):
    """One race; it moves by itself while it runs. Without a kernel it is the picture of its end."""

    script = "race.js"
    picture_width = 800

    def __init__(self, run: Runs) -> None:
        super().__init__()
        self._run = run

    def text(self) -> str:
        """What is raced; who wins stands in the picture and in what `finish()` shows."""
        return self._run.race.title

    def caption(self) -> str:
        """The same as HTML."""
        return f"<p>{inert_html(self.text())}</p>"

    def picture(self) -> bytes:
        """The lanes at the end of the race, which is waited for, as PNG."""
        from helpers.views.footprint.race_picture import png

        return png(self._run.wait())

    def content(self) -> dict[str, Any]:
        """The lanes with their marks, and the clock."""
        race = self._run.race
        return {
            "title": race.title,
            "elapsed": self._run.elapsed,
            "over": race.is_over,
            "words": WORDS,
            "lanes": [
                {
                    "name": lane.name,
                    "detail": lane.detail,
                    "result": lane.result,
                    "trouble": lane.failed,
                    "end": lane.answer_seconds,
                    "over": lane.is_over,
                    "marks": [[mark.name, mark.seconds, format_seconds(mark.seconds)]
                              for mark in lane.marks],
                }
                for lane in race.lanes
            ],
        }  # fmt: skip


def race_table(race: Race) -> Page:
    """What each reached and when, as a table."""
    rows = [
        (lane.name, mark.name, format_seconds(mark.seconds))
        for lane in race.lanes
        for mark in lane.marks
    ]
    first = f"{race.winner} first" if race.winner else ""
    return table(("who", "what", "after"), rows, first)
