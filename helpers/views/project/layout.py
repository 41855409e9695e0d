"""Where the bars and marks of a start stand, in seconds after its begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from helpers.model.project.lane import Lane, Phase
from helpers.model.project.run import Run
from helpers.model.project.startup import Startup
from helpers.views.project.words import ANSWERED

MARGIN = 1.06  # beyond the last thing that happened, so that what goes on is seen to


@dataclass(frozen=True)
class Bar:
    """One phase of a container; `until` is None where it goes on."""

    phase: Phase
    since: float
    until: float | None


@dataclass(frozen=True)
class Mark:
    """A moment, with what stands there; `is_beyond` where the scale ends before it."""

    at: float
    text: str
    is_beyond: bool = False


def scale_end(now: Startup) -> float:
    """Where the scale ends for all, in seconds."""
    return now.end_seconds * MARGIN


def bars_of(run: Run, lane: Lane) -> Iterator[Bar]:
    """Its phases but the last, which is that it was stopped."""
    for stage, following in pairwise((*lane.stages, None)):
        if stage is not None and stage.phase is not Phase.STOPPED:
            until = run.after_begin(following.since) if following else None
            yield Bar(stage.phase, run.after_begin(stage.since), until)


def breaks_of(run: Run, lane: Lane) -> Iterator[Mark]:
    """Where its process ended by itself, with the exit code."""
    for ending in lane.endings:
        code = "?" if ending.exit_code is None else str(ending.exit_code)
        yield Mark(run.after_begin(ending.at), code)


def answer_of(run: Run, lane: Lane, end: float) -> Mark | None:
    """Where it answered for the first time."""
    if lane.answer is None:
        return None
    at = run.after_begin(lane.answer.at)
    return Mark(at, ANSWERED, at > end)
