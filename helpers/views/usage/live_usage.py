"""What containers use, as it moves: CPU, memory against its limit, network, block I/O, processes.

The page keeps the history. Of each tick it is sent one message with the newest numbers and nothing
else; names, states, limits and events go along only when one of them has changed.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from helpers.model.usage.usage import Tick
from helpers.views.kit.feed import Feed
from helpers.views.kit.inert import inert_html
from helpers.views.kit.live import LiveView
from helpers.views.kit.mode import is_live
from helpers.views.usage import picture as usage_picture
from helpers.views.usage.packet import FIELDS, Packer
from helpers.views.usage.record import UsageRecord
from helpers.views.usage.recorded import Recorded
from helpers.views.usage.words import WORDS, mark, title_of

if TYPE_CHECKING:
    import pandas

KEPT_TICKS = 1_200
SHOWN_EVENTS = 60
FIRST_LOOK_SECONDS = 4
CATCH_UP_SECONDS = 1.5
ALL_GONE = "all of them were removed"


class UsageView(LiveView):
    """The usage of containers, `known` by id and name or found by the feed.

    It ends when no page shows it, when all containers are removed, after `seconds`, or by `stop`;
    what it has recorded stays.
    """

    script = "live_usage.js"
    picture_width = 860

    def __init__(
        self, feed: Feed[Tick], known: Mapping[str, str] | None = None, seconds: float | None = None
    ) -> None:
        super().__init__()
        self._feed = feed
        self._names = list((known or {}).values())
        self._record = UsageRecord((known or {}).items())
        self._packer = Packer()
        self._packets: deque[tuple[dict[str, Any], bytes]] = deque(maxlen=KEPT_TICKS)
        self._seconds = seconds
        self._begun: float | None = None
        self._ended = threading.Event()
        self._ticked = threading.Condition()
        self._newest = 0.0
        self._why = ""

    @property
    def is_over(self) -> bool:
        """Whether it has ended for good."""
        return self._ended.is_set()

    def take(self, tick: Tick) -> None:
        """The view with that tick; may be called from any one thread."""
        if self.is_over:
            return
        samples, is_news = self._record.take(tick)
        head = {"kind": "tick", "at": round(tick.at, 3), "rate": tick.rate_hz}
        packet = self._packer.packed(samples)
        self._packets.append((head, packet))
        if is_news:
            self.refresh()
        self.tell(head, packet)
        with self._ticked:
            self._newest = tick.at
            self._ticked.notify_all()
        if self._record.all_gone:
            self.stop(ALL_GONE)
        elif self._seconds is not None and time.monotonic() - (self._begun or 0) > self._seconds:
            self.stop(f"its {self._seconds:g} seconds are over")

    def begin(self) -> None:
        """Listens to the feed, unless it has ended for good."""
        if not self.is_over:
            self._begun = self._begun or time.monotonic()
            self._feed.start(self.take)

    def end(self) -> None:
        """Listens no more, until a page shows it again."""
        self._feed.stop()

    def stop(self, why: str = "stopped") -> None:
        """Its end for good; `why` is shown. From any thread, and more than once."""
        if not self.is_over:
            self._why = why
            self._ended.set()
            self._feed.stop()
            self.refresh()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended for good, after so many seconds at most."""
        return self._ended.wait(seconds)

    def heard(self, message: dict[str, Any]) -> None:
        """A page that is new asks for what was before it."""
        if message.get("kind") == "history":
            packets = list(self._packets)
            heads = [[head["at"], len(packet)] for head, packet in packets]
            whole = b"".join(packet for _, packet in packets)
            self.tell({"kind": "history", "ticks": heads}, whole)

    def recorded(self) -> Recorded:
        """What it has recorded until now, as a still picture with its facts."""
        self._catch_up()
        return Recorded(self._record.members, self._record.usages, self._record.events)

    def to_frame(self) -> pandas.DataFrame:
        """One row for each usage kept (the newest 20,000): seconds since the first, container, and
        the fields of Usage; what the engine does not tell is missing.
        """
        import pandas

        usages = self._record.usages
        first = usages[0][1].at if usages else 0.0
        rows = [
            {"seconds": round(usage.at - first, 3), "container": member.name, **asdict(usage)}
            for member, usage in usages
        ]
        return pandas.DataFrame(rows)

    def text(self) -> str:
        """Whose usage it shows; no numbers, so that every run says the same."""
        return f"{title_of(self._names)}: CPU, memory, network, block I/O and processes, live."

    def caption(self) -> str:
        """The same as HTML."""
        return f"<p>{inert_html(self.text())}</p>"

    def alternative(self) -> str:
        """The numbers in the picture, for whoever does not see it."""
        return usage_picture.in_words(self._record.members, self._record.usages)

    def picture(self) -> bytes:
        """What it has recorded so far, as PNG."""
        return usage_picture.png(self._record.members, self._record.usages, self._record.events)

    def content(self) -> dict[str, Any]:
        """All but the numbers; live_usage.js shows it."""
        record = self._record
        members = record.members
        return {
            "title": title_of([member.name for member in members]),
            "fields": FIELDS,
            "members": [
                [m.number, m.name, m.state, m.memory_limit_bytes, m.cpu_limit, m.pids_limit]
                for m in members
            ],
            "marks": [mark(number, event) for number, event in record.events[-SHOWN_EVENTS:]],
            "source": record.source,
            "trouble": "" if record.contact.connected else record.contact.words,
            "ended": self._why,
            "words": WORDS,
        }

    def _catch_up(self) -> None:
        """Waits for the next tick while it listens, so that what just happened is in."""
        now = time.time()
        if self._begun is not None and not self.is_over:
            with self._ticked:
                self._ticked.wait_for(lambda: self._newest >= now, CATCH_UP_SECONDS)

    def _ipython_display_(self) -> None:
        if not is_live():
            self.begin()
            self.wait(FIRST_LOOK_SECONDS if self._seconds is None else self._seconds)
        super()._ipython_display_()
