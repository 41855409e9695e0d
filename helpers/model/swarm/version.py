"""The versions of a service: its tasks' specifications, in the order in which they came up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from helpers.model.swarm.task import Task


@dataclass(frozen=True)
class Version:
    """One specification of tasks; `number` counts from 1.

    `label` is the value of VERSION in its environment, else its image's tag; `name` the same,
    with the number where another specification has that label too.
    """

    spec: str
    number: int
    label: str
    name: str
    image: str


def versions_of(known: Iterable[Version], tasks: Iterable[Task]) -> tuple[Version, ...]:
    """Those that are known, then what these tasks have beside them, the oldest first."""
    rows = [(each.spec, each.label, each.image) for each in known]
    specs = {spec for spec, _, _ in rows}
    for task in sorted(tasks, key=lambda task: task.created):
        if task.spec not in specs:
            specs.add(task.spec)
            rows.append((task.spec, task.label, task.image))
    counts = Counter(label for _, label, _ in rows)
    return tuple(
        Version(spec, at, label, f"{label} #{at}" if counts[label] > 1 else label, image)
        for at, (spec, label, image) in enumerate(rows, 1)
    )
