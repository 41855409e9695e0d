"""A service on its nodes at one moment: which tasks there are to be seen, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.swarm.node import Node
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Phase, Task
from helpers.model.swarm.version import Version, versions_of

LATELY_SECONDS = 30.0


@dataclass(frozen=True)
class Seen:
    """A task with its phase and its version."""

    task: Task
    phase: Phase
    version: Version


@dataclass(frozen=True)
class Rollout:
    """What a manager told last of the service of that name; None where there is no such service.

    `now` is the time by the engine's clock, in seconds since 1970; `others` are the services that
    there are beside it.
    """

    name: str
    service: Service | None = None
    nodes: tuple[Node, ...] = ()
    seen: tuple[Seen, ...] = ()
    versions: tuple[Version, ...] = ()
    others: tuple[str, ...] = ()
    now: float = field(default=0.0, compare=False)
    contact: Contact = CONNECTED

    @property
    def running(self) -> int:
        """How many tasks run that are to run."""
        return sum(each.phase is Phase.RUNNING for each in self.seen)

    @property
    def wanted(self) -> int:
        """How many are to run; for one task on each node, how many such tasks there are."""
        if self.service is not None and self.service.replicas is not None:
            return self.service.replicas
        return sum(each.phase.is_wanted for each in self.seen)

    def on(self, node: str) -> tuple[Seen, ...]:
        """The tasks on the node with that id, by slot, the older first; '' for those on none."""
        own = [each for each in self.seen if each.task.node == node]
        return tuple(sorted(own, key=lambda each: (each.task.slot, each.task.created)))


def rollout_from(
    name: str,
    service: Service | None,
    nodes: Iterable[Node],
    tasks: Iterable[Task],
    now: float,
    known: Iterable[Version] = (),
    others: Iterable[str] = (),
) -> Rollout:
    """The rollout in what a manager told; `known` are the versions from before."""
    nodes = tuple(sorted(nodes, key=lambda node: (_natural(node.name), node.id)))
    tasks = list(tasks)
    versions = versions_of(known, tasks)
    by_spec = {each.spec: each for each in versions}
    down = {node.id for node in nodes if node.is_down}
    every = [Seen(task, task.phase(task.node in down), by_spec[task.spec]) for task in tasks]
    return Rollout(
        name, service, nodes, _to_be_seen(every, now), versions, tuple(sorted(others)), now
    )


def _to_be_seen(every: list[Seen], now: float) -> tuple[Seen, ...]:
    """All that are wanted, and for each slot the newest that is on its way out or failed lately."""
    wanted = [each for each in every if each.phase.is_wanted]
    up = {each.task.seat for each in wanted if each.phase is Phase.RUNNING}
    leaving: dict[str, Seen] = {}
    for each in sorted(every, key=_age):
        is_late = each.task.seat in up and now - each.task.since > LATELY_SECONDS
        if each.phase.is_wanted or each.phase is Phase.ENDED:
            continue
        if not (each.phase.is_failure and is_late):
            leaving[each.task.seat] = each
    return (*wanted, *leaving.values())


def _age(each: Seen) -> tuple[bool, float]:
    """What is still there comes behind what has failed."""
    return not each.phase.is_failure, each.task.created


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """node-2 before node-10."""
    parts: list[str] = [""]
    for letter in name:
        is_digit = letter.isascii() and letter.isdigit()
        if parts[-1] and parts[-1][-1].isascii() and parts[-1][-1].isdigit() != is_digit:
            parts.append("")
        parts[-1] += letter
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)
