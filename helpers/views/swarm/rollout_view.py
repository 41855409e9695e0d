"""A service on its nodes: shelves with tiles, and below them what its requests came to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from helpers.model.load.plan import Plan
from helpers.model.load.reply import meaning_of
from helpers.model.load.tally import Tally
from helpers.model.swarm.rollout import Rollout, Seen
from helpers.outside import visible_line
from helpers.views.kit.feed import Feed
from helpers.views.kit.inert import visible_values
from helpers.views.kit.marked import marked_html
from helpers.views.kit.page import Page, table
from helpers.views.kit.reading_view import ReadingView
from helpers.views.kit.strokes import looks_of, stroke_line, stroke_values, width_of
from helpers.views.swarm import words
from helpers.views.swarm.picture import WIDTH, png
from helpers.views.swarm.shelves import Shelf, labels_of, look_of, shelves_of

REFRESH_SECONDS = 0.4


class WatchedLoad(Protocol):
    """A load that runs, or has run; `ended` says why it is over."""

    plan: Plan
    tally: Tally
    ended: str

    def listen(self, listener: Callable[[Any], None], /) -> Callable[[], None]:
        """From now on the listener hears that replies have come, until the answer is called."""


class RolloutView(ReadingView[Rollout]):
    """The service as it was known last, and the load's requests where there is one."""

    script = "rollout.js"
    picture_width = WIDTH

    def __init__(self, now: Rollout, feed: Feed[Rollout], load: WatchedLoad | None = None) -> None:
        super().__init__(now, feed)
        self._load = load
        self._sent_at = 0.0
        self._end_load: Callable[[], None] | None = None

    def begin(self) -> None:
        """Listens to the feed, and to the load."""
        super().begin()
        if self._load is not None and self._end_load is None:
            self._end_load = self._load.listen(self._replied)

    def end(self) -> None:
        """Listens no more; what was read stays, and the load goes on."""
        super().end()
        if self._end_load is not None:
            self._end_load()
            self._end_load = None

    def page(self) -> Page:
        """A table of the nodes; how the requests went is in the picture and in its words."""
        now = self.now
        if now.service is None:
            line = visible_line(words.nothing_line(now))
            return Page(f"<p>{marked_html(line)}</p>", line)
        rows = [(each.name, each.facts, words.tasks_line(each.tasks)) for each in shelves_of(now)]
        shown = table(words.NODE_HEADERS, rows, visible_line(words.title_of(now)))
        lines = [visible_line(each) for each in (words.update_line(now), self._trouble()) if each]
        html = "".join(f"<p>{marked_html(line)}</p>" for line in lines)
        return Page(f"{shown.html}{html}", "\n".join([shown.text, *lines]))

    def alternative(self) -> str:
        """Every task and the load's counts in words."""
        details = [
            words.detail_of(self.now, each, shelf.name)
            for shelf in shelves_of(self.now)
            for each in shelf.tasks
        ]
        counter = f"{words.counter_line(self._load.tally)}." if self._load else ""
        lines = [words.update_line(self.now), *words.trouble_lines(self.now), *details, counter]
        return " ".join([f"{words.title_of(self.now)}.", *(line for line in lines if line)])

    def picture(self) -> bytes | None:
        """The shelves, and the strokes of the load; nothing without the service."""
        if self.now.service is None:
            return None
        load = self._load
        return png(self.now, load.tally if load else None, load.plan if load else None)

    def content(self) -> dict[str, Any]:
        """Everything that the widget draws."""
        now = self.now
        values = {
            "title": words.title_of(now),
            "update": words.update_line(now),
            "state": now.service.update if now.service else "",
            "message": words.message_line(now),
            "trouble": self._trouble(),
            "stale": not now.contact.connected,
            "shelves": [self._shelf(each) for each in shelves_of(now)] if now.service else [],
            "troubles": words.trouble_lines(now),
            "notes": self._notes(),
            "load": self._strokes(),
            "head": list(words.HEAD[: 4 if self._load else 3]),
            "rows": self._rows(),
            "words": words.WORDS,
        }
        shown: dict[str, Any] = visible_values(values)
        return shown

    def _replied(self, load: WatchedLoad) -> None:
        now = time.monotonic()
        if load.ended or now - self._sent_at >= REFRESH_SECONDS:
            self._sent_at = now
            self.refresh()

    def _trouble(self) -> str:
        contact = self.now.contact
        return "" if contact.connected else f"{contact.words} {words.WORDS['last']}"

    def _notes(self) -> list[str]:
        if self.now.service is None:
            return []
        is_numbered = any(each.name != each.label for each in self.now.versions)
        return [words.WORDS["about"], *([words.WORDS["again"]] * is_numbered)]

    def _shelf(self, shelf: Shelf) -> dict[str, Any]:
        return {
            "id": shelf.id,
            "name": shelf.name,
            "facts": shelf.facts,
            "state": shelf.state,
            "availability": shelf.availability,
            "line": words.tasks_line(shelf.tasks),
            "tiles": [self._tile(each, shelf.name) for each in shelf.tasks],
        }

    def _tile(self, seen: Seen, node: str) -> dict[str, Any]:
        return {
            "id": seen.task.id,
            "version": seen.version.name,
            "slot": f".{seen.task.slot}" if seen.task.slot else "",
            "look": look_of(self.now, seen.version.label),
            "phase": seen.phase.name.lower(),
            "sign": words.SIGNS[seen.phase],
            "state": words.state_of(seen),
            "detail": words.detail_of(self.now, seen, node),
        }

    def _strokes(self) -> dict[str, Any] | None:
        if self._load is None:
            return None
        tally, ended = self._load.tally, self._load.ended
        series = tally.series
        looks = looks_of(series, labels_of(self.now))
        kinds = [
            {"answer": each.is_answer, "look": look}
            for each, look in zip(series, looks, strict=True)
        ]
        counter = words.counter_line(tally)
        return {
            "counter": counter,
            "failed": tally.failed > 0,
            "over": f"Over: {ended}." if ended else "",
            "about": stroke_line(tally.strokes.each),
            "label": f"{counter}. {stroke_line(tally.strokes.each)}",
            "series": kinds,
            **stroke_values(tally, self._load.plan, width_of(tally.strokes, bool(ended))),
        }

    def _rows(self) -> list[dict[str, Any]]:
        """The versions, the newest ones where there are many, then what else came back."""
        tally = self._load.tally if self._load else None
        labels = labels_of(self.now)
        rows = [
            _row(True, look_of(self.now, each), words.version_row(self.now, each, tally))
            for each in labels[-words.MOST_VERSIONS :]
        ]
        series = tally.series if tally else ()
        for one, look in zip(series, looks_of(series, labels), strict=True):
            if not one.is_answer or one.kind not in labels:
                cells = words.other_row(one.kind, one.is_answer, one.count)
                meaning = "" if one.is_answer else meaning_of(one.kind)
                rows.append(_row(one.is_answer, look, cells, meaning))
        return rows if tally else [{**each, "cells": each["cells"][:3]} for each in rows]


def _row(is_answer: bool, look: int, cells: tuple[str, ...], meaning: str = "") -> dict[str, Any]:
    return {"answer": is_answer, "look": look, "cells": list(cells), "meaning": meaning}
