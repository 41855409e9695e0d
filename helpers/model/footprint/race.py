"""A race to the first HTTP answer: who has come how far, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from helpers.model.text.units import format_seconds
from helpers.model.vm.console import Milestone

ANSWERED = "the first HTTP answer"
STARTED = "started"


@dataclass(frozen=True)
class Lane:
    """One runner: what it has reached, in order; `failed` says why it will not arrive."""

    name: str
    detail: str = ""
    marks: tuple[Milestone, ...] = ()
    failed: str = ""

    def reached(self, name: str, seconds: float) -> Lane:
        """The lane with that mark too, unless it has it."""
        if any(mark.name == name for mark in self.marks):
            return self
        return replace(self, marks=(*self.marks, Milestone(name, seconds)))

    @property
    def answer_seconds(self) -> float | None:
        """When its app gave the first answer; None while it has not."""
        return next((mark.seconds for mark in self.marks if mark.name == ANSWERED), None)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return bool(self.failed) or self.answer_seconds is not None

    @property
    def result(self) -> str:
        """How it stands, in a few words."""
        if self.failed:
            return "gave up"
        if self.answer_seconds is not None:
            return f"answered after {format_seconds(self.answer_seconds)}"
        return self.marks[-1].name if self.marks else "not started yet"


@dataclass(frozen=True)
class Race:
    """The lanes of one race, and how many seconds it has run or took."""

    image: str
    lanes: tuple[Lane, ...]
    seconds: float = 0.0

    def with_lane(self, lane: Lane, seconds: float) -> Race:
        """The race with that lane in place of the one of its name."""
        lanes = tuple(lane if other.name == lane.name else other for other in self.lanes)
        return replace(self, lanes=lanes, seconds=seconds)

    @property
    def is_over(self) -> bool:
        """Whether every lane has answered or failed."""
        return all(lane.is_over for lane in self.lanes)

    @property
    def winner(self) -> str | None:
        """Who answered first; None where nobody has."""
        there = [(lane.answer_seconds, lane.name) for lane in self.lanes
                 if lane.answer_seconds is not None]  # fmt: skip
        return min(there)[1] if there else None

    @property
    def title(self) -> str:
        """What it is about; the same in every run."""
        names = " and ".join(lane.name for lane in self.lanes)
        return f"Race to the first HTTP answer of {self.image}: {names}"
