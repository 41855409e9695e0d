"""What the replies of a load come to: counts by version and by kind of failure, and latencies."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import ceil

from helpers.model.load.reply import Reply
from helpers.model.load.strokes import Strokes

MOST_VERSIONS = 12
OTHER_VERSIONS = "other versions"


@dataclass
class Series:
    """The replies of one kind; `latencies` are in seconds, the shortest first."""

    kind: str
    is_answer: bool
    first_seconds: float
    last_seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many."""
        return len(self.latencies)

    def latency_seconds(self, percent: float) -> float | None:
        """That percentile of its latencies."""
        return percentile(self.latencies, percent)


class Tally:
    """All replies of a load so far; a server that tells a new version each time fills no memory.

    `most_late_seconds` is how late the latest request was sent, which is this machine's doing.
    """

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.strokes = Strokes()
        self._series: dict[tuple[bool, str], Series] = {}
        self._latencies: list[float] = []
        self.most_late_seconds = 0.0

    def add(self, replies: Iterable[Reply]) -> None:
        """So many more, in any order."""
        for reply in replies:
            self._add(self._known(reply))

    @property
    def series(self) -> tuple[Series, ...]:
        """One for each version, then one for each kind of failure, in the order they came up."""
        return (*self._of(True), *self._of(False))

    @property
    def answers(self) -> dict[str, int]:
        """How many answers below 400 there were, by version."""
        return {each.kind: each.count for each in self._of(True)}

    @property
    def failures(self) -> dict[str, int]:
        """How many requests failed, by kind."""
        return {each.kind: each.count for each in self._of(False)}

    @property
    def answered(self) -> int:
        """How many were answered below 400."""
        return sum(self.answers.values())

    @property
    def failed(self) -> int:
        """How many were not."""
        return sum(self.failures.values())

    def latency_seconds(self, percent: float) -> float | None:
        """That percentile of the answers' latencies, from when each was due; None without any."""
        return percentile(self._latencies, percent)

    def _of(self, is_answer: bool) -> tuple[Series, ...]:
        # Read on one thread while another adds to it.
        return tuple(each for each in list(self._series.values()) if each.is_answer is is_answer)

    def _known(self, reply: Reply) -> Reply:
        is_new = reply.is_answer and (True, reply.kind) not in self._series
        if is_new and len(self._of(True)) >= MOST_VERSIONS:
            return replace(reply, version=OTHER_VERSIONS)
        return reply

    def _add(self, reply: Reply) -> None:
        self.replies.append(reply)
        self.strokes.add(reply)
        self.most_late_seconds = max(self.most_late_seconds, reply.late_seconds)
        key, due = (reply.is_answer, reply.kind), reply.due_seconds
        series = self._series.setdefault(key, Series(reply.kind, reply.is_answer, due, due))
        series.first_seconds = min(series.first_seconds, due)
        series.last_seconds = max(series.last_seconds, due)
        insort(series.latencies, reply.latency_seconds)
        if reply.is_answer:
            insort(self._latencies, reply.latency_seconds)


def percentile(ordered: list[float], percent: float) -> float | None:
    """The smallest value that so many percent do not exceed (nearest rank); None of nothing."""
    rank = ceil(percent * len(ordered) / 100)
    return ordered[min(len(ordered), max(1, rank)) - 1] if ordered else None
