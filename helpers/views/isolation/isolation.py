"""Two containers' walls side by side: namespaces as rings, capabilities as lamps to be tried."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

from helpers.errors import InvalidInput, WorkbookError
from helpers.model.isolation.acts import ACTS, why_untried
from helpers.model.isolation.caps import ALLOWS, short
from helpers.model.isolation.trial import Outcome, Trial
from helpers.model.isolation.walls import SideBySide
from helpers.views.isolation import words
from helpers.views.kit.feed import Feed
from helpers.views.kit.page import Page, table
from helpers.views.kit.reading_view import ReadingView

# What tries a capability: its name, which side (0 or 1), and what was read last of both.
Try = Callable[[str, int, SideBySide], Trial]


@dataclass(frozen=True)
class Tried:
    """A trial that is done, on which side; `number` counts them."""

    number: int
    side: int
    trial: Trial


class IsolationView(ReadingView[SideBySide]):
    """The walls as they were read last.

    A click on a lamp tries it by `try_one`, one after the other on each side, on threads.
    """

    script = "isolation.js"
    picture_width = 960

    def __init__(self, now: SideBySide, feed: Feed[SideBySide], try_one: Try) -> None:
        super().__init__(now, feed)
        self._try = try_one
        self._one_at_a_time = (threading.Lock(), threading.Lock())
        self._tried: dict[tuple[int, str], Tried] = {}
        self._numbers = count(1)

    def heard(self, message: dict[str, Any]) -> None:
        """A page asks to try a lamp: {kind: "try", side, cap}; anything else is nothing."""
        side, cap = message.get("side"), message.get("cap")
        is_known = isinstance(cap, str) and cap in ALLOWS
        if message.get("kind") == "try" and side in (0, 1) and is_known:
            work = threading.Thread(
                target=self.tried_once, args=(cap, side), name=f"trial of {cap}", daemon=True
            )
            work.start()

    def tried_once(self, cap: str, side: int) -> Trial:
        """What came of trying that capability on that side; the view shows it, too."""
        with self._one_at_a_time[side]:
            try:
                trial = self._try(cap, side, self.now)
            except WorkbookError as error:
                trial = Trial(cap, Outcome.UNTRIED, str(error))
            self._tried[side, cap] = Tried(next(self._numbers), side, trial)
        self.refresh()
        return trial

    def tried(self, *caps: str) -> Page:
        """What came of trying these ('CHOWN', 'CAP_CHOWN') in both, as a table; without any
        name each that can be tried.

        Raises InvalidInput for a name that is none.
        """
        chosen = [_full(cap) for cap in caps] or list(ACTS)
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(lambda side: [self.tried_once(c, side) for c in chosen], (0, 1)))
        rows = [
            (short(one.cap), one.line or "–", _in_short(one), _in_short(other))
            for one, other in zip(*both, strict=True)
        ]
        return table(("capability", "what was tried", self.now.a.name, self.now.b.name), rows)

    def page(self) -> Page:
        """All of it as a table, without inode numbers."""
        now = self.now
        return table(("", now.a.name, now.b.name), words.rows_of(now), words.title_of(now))

    def picture(self) -> bytes:
        """Rings and lamps as PNG."""
        from helpers.views.isolation.picture import png

        return png(self.now)

    def alternative(self) -> str:
        """What the rings show, in words."""
        return ". ".join(words.namespace_line(self.now, kind) for kind in words.kinds_of(self.now))

    def content(self) -> dict[str, Any]:
        """All that isolation.js shows."""
        now = self.now
        return {
            "title": words.title_of(now),
            "sides": [self._side(side) for side in (0, 1)],
            "rings": [self._ring(kind) for kind in words.kinds_of(now)],
            "caps": {
                cap: {
                    "short": short(cap),
                    "allows": ALLOWS.get(cap, "newer than this workbook"),
                    "line": ACTS[cap].line if cap in ACTS else "",
                    "why": why_untried(cap),
                }
                for cap in now.caps
            },
            "tried": [self._answer(each) for each in list(self._tried.values())],
            "trouble": "" if now.contact.connected else now.contact.words,
            "words": words.WORDS,
        }

    def _side(self, side: int) -> dict[str, Any]:
        walls = self.now.sides[side]
        return {
            "name": walls.name,
            "source": walls.source,
            "lamps": {cap: words.lamp_of(walls, cap) for cap in self.now.caps},
            "facts": [["capabilities", words.count_line(self.now, side)],
                      *map(list, words.facts_of(self.now, side)[1:-1])],
            "mounts": [words.mount_words(mount) for mount in words.shown_mounts(walls)],
        }  # fmt: skip

    def _ring(self, kind: str) -> dict[str, Any]:
        now = self.now
        inodes = (now.a.namespaces, now.b.namespaces, now.host.namespaces)
        return {
            "kind": kind,
            "line": words.namespace_line(now, kind),
            "inodes": [str(each.get(kind, words.NA)) for each in inodes],
            "host": [now.with_host(side, kind) for side in (0, 1)],
            "between": now.between(kind),
        }

    def _answer(self, tried: Tried) -> dict[str, Any]:
        trial = tried.trial
        return {
            "number": tried.number,
            "side": tried.side,
            "cap": trial.cap,
            "outcome": trial.outcome.value,
            "answer": _sentence(trial.answer),
            "note": trial.note,
            "where": trial.where,
        }


def _full(cap: str) -> str:
    """The name with its CAP_, in capital letters; raises InvalidInput where it is none."""
    name = cap.upper() if cap.upper().startswith("CAP_") else f"CAP_{cap.upper()}"
    if name not in ALLOWS:
        raise InvalidInput(
            f"{cap!r} is no capability that Linux has.",
            "Write it as `docker run --cap-add` takes it: CHOWN, NET_RAW.",
        )
    return name


def _sentence(text: str) -> str:
    """The text with a full stop, where it has none of its own."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def _in_short(trial: Trial) -> str:
    answer = f": {trial.answer}" if trial.answer else ""
    return f"{trial.outcome.value}{answer}"
