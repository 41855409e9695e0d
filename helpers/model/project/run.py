"""One start of a project: what was created or started once all before it had come up or ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from helpers.model.container.event import EngineEvent
from helpers.model.project.lane import Lane, Phase

QUIET_SECONDS = 3.0
START_SECONDS = 5.0  # so soon Compose starts what waited for others that are as far as they come
WAITING_SECONDS = 120.0
MOST_SECONDS = 600.0
MOST_LANES = 200


@dataclass(frozen=True)
class Run:
    """One start; `begun` in seconds since 1970, lanes in the order in which they came."""

    begun: float
    lanes: tuple[Lane, ...] = ()
    last_at: float = 0.0

    def lane(self, identity: str) -> Lane | None:
        """The lane of that container."""
        return next((each for each in self.lanes if each.id == identity), None)

    def after(self, lane: Lane, event: EngineEvent) -> Run:
        """The start once that has happened to that container; a later life of it is no part."""
        if event.at > self.begun + MOST_SECONDS and event.action == "start":
            return self
        moved, last_at = lane.after(event), max(self.last_at, event.at)
        if self.lane(lane.id) is not None:
            lanes = tuple(moved if each.id == lane.id else each for each in self.lanes)
        else:
            lanes = (*self.lanes, moved) if len(self.lanes) < MOST_LANES else self.lanes
        return replace(self, lanes=lanes, last_at=last_at)

    def is_over(self, at: float) -> bool:
        """Whether what is created or started at that time is another start."""
        if at > self.begun + MOST_SECONDS or all(
            lane.phase is Phase.STOPPED for lane in self.lanes
        ):
            return True
        waiting = [lane for lane in self.lanes if not lane.is_settled]
        quiet = at - self.last_at
        if any(lane.phase is not Phase.CREATED for lane in waiting):
            return False
        return quiet >= (WAITING_SECONDS if waiting else QUIET_SECONDS)

    def is_going(self, now: float) -> bool:
        """Whether somebody in it is still on the way, and not for ever."""
        waiting = [lane for lane in self.lanes if not lane.is_settled]
        if not waiting or now > self.begun + MOST_SECONDS:
            return False
        are_to_start = all(lane.phase is Phase.CREATED for lane in waiting)
        patience = START_SECONDS if are_to_start else WAITING_SECONDS
        return now - self.last_milestone < patience

    @property
    def is_up(self) -> bool:
        """Whether each came as far as it should."""
        return bool(self.lanes) and all(lane.is_up for lane in self.lanes)

    @cached_property
    def last_milestone(self) -> float:
        """When the last came up, or ended by itself, or was stopped on the way."""
        return max(self._milestones(), default=self.begun)

    def seconds(self, now: float) -> float:
        """How long it took; while it goes on, until now."""
        last = now if self.is_going(now) else self.last_milestone
        return min(max(last - self.begun, 0.0), MOST_SECONDS)

    def after_begin(self, at: float) -> float:
        """That time in seconds after its begin."""
        return max(at - self.begun, 0.0)

    def _milestones(self) -> Iterator[float]:
        for lane in self.lanes:
            before = replace(lane, stages=())
            for stage in lane.stages:
                is_way = not before.stages or not before.is_settled
                if stage.phase is not Phase.STOPPED or is_way:
                    yield stage.since
                before = replace(before, stages=(*before.stages, stage))
