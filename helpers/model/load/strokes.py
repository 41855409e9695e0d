"""Requests in order of time as at most so many strokes, each for one request or for a few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.model.load.reply import Reply

MOST_STROKES = 320


@dataclass
class Stroke:
    """What came of the requests of one stroke, counted by kind; both empty while nothing has."""

    answers: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)

    def add(self, reply: Reply) -> None:
        """One more."""
        counts = self.answers if reply.is_answer else self.failures
        counts[reply.kind] = counts.get(reply.kind, 0) + 1

    @property
    def answer(self) -> str:
        """The version that most of its answers have; empty where there is none."""
        return _most(self.answers)

    @property
    def failure(self) -> str:
        """The failure that it has most often; empty where there is none."""
        return _most(self.failures)


class Strokes:
    """The strokes of a load; where they become too many, each stands for twice as many requests.

    Replies come in any order; none is lost in it, and a failure stays to be seen.
    """

    def __init__(self) -> None:
        self.each = 1
        self.strokes: list[Stroke] = []

    def add(self, reply: Reply) -> None:
        """One more reply, put where it was due."""
        while reply.number // self.each >= MOST_STROKES:
            pairs = range(0, len(self.strokes), 2)
            self.strokes = [_merged(self.strokes[at : at + 2]) for at in pairs]
            self.each *= 2
        at = reply.number // self.each
        while len(self.strokes) <= at:
            self.strokes.append(Stroke())
        self.strokes[at].add(reply)


def _most(counts: Mapping[str, int]) -> str:
    # A copy: another thread may be adding to it.
    most = max(list(counts.items()), key=lambda item: item[1], default=("", 0))
    return most[0]


def _merged(strokes: list[Stroke]) -> Stroke:
    merged = Stroke()
    for stroke in strokes:
        for ours, theirs in (
            (merged.answers, stroke.answers),
            (merged.failures, stroke.failures),
        ):
            for kind, count in theirs.items():
                ours[kind] = ours.get(kind, 0) + count
    return merged
