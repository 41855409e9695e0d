"""How lesson 12's exercises on where tasks run are judged: by nodes, tasks and constraints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.exercises.lesson_12_checks import managed
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.swarm.node import Node
from helpers.model.swarm.task import Phase

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.model.swarm.swarm import Swarm

DRAINED, DISK = "node-2", "node-3"
CACHE, LABEL, KIND = "cache", "disk", "ssd"
FEWEST_TASKS = 2
MAINTENANCE_EXPECTED = (
    f"`{DRAINED}` is ready, takes no tasks and has none, and each service has all of its tasks"
)
DISK_EXPECTED = (
    f"`{DISK}` alone has the label {LABEL}={KIND}, and {FEWEST_TASKS} tasks of `{CACHE}` run there "
    "because of it"
)
_BY_LABEL = re.compile(rf"node\.labels\.{LABEL}\s*==\s*{KIND}")
_BY_NAME = re.compile(r"node\.(?:hostname|id)\s*==", re.IGNORECASE)


def check_maintenance(docker: Docker) -> Finding:
    """Whether the node can be taken away for an hour, and no service misses anything."""
    answer = managed(docker)
    if isinstance(answer, Finding):
        return answer
    swarm = answer.swarm
    node = swarm.nodes.get(DRAINED)
    if node is None:
        return not_yet(
            f"`{DRAINED}` is no part of the swarm any more.",
            MAINTENANCE_EXPECTED,
            "It is to come back after an hour, and nobody should have to let it join again: which "
            "*availability* fits?",
        )
    return (
        _not_there(node)
        or _not_drained(node)
        or _not_empty(swarm, node)
        or _short_of_tasks(swarm)
        or passed(f"`{DRAINED}` is empty, and nobody misses it.")
    )


def _not_there(node: Node) -> Finding | None:
    if not node.is_down:
        return None
    return not_yet(
        f"`{DRAINED}` is down: whoever was talking to its tasks was cut off.",
        MAINTENANCE_EXPECTED,
        f"After `%docker start {DRAINED}`: how do its tasks move before it is switched off?",
    )


def _not_drained(node: Node) -> Finding | None:
    if node.availability == "active":
        return not_started(f"`{DRAINED}` is active.", MAINTENANCE_EXPECTED)
    if node.availability == "drain":
        return None
    return not_yet(
        f"`{DRAINED}` is at `{node.availability}`: it takes nothing new, and what runs, runs on.",
        MAINTENANCE_EXPECTED,
        "Which availability sends away also what is there?",
    )


def _not_empty(swarm: Swarm, node: Node) -> Finding | None:
    here = [task for task in swarm.tasks if task.node == node.id and _is_alive(task.phase())]
    if not here:
        return None
    return not_yet(
        f"{len(here)} of its tasks are still on their way out.",
        MAINTENANCE_EXPECTED,
        "A task may need some seconds to end. And in a few of them?",
    )


def _short_of_tasks(swarm: Swarm) -> Finding | None:
    """The finding where a service has fewer tasks than were ordered, or there is none to move."""
    ordered = {name: each.replicas for name, each in swarm.services.items() if each.replicas}
    for name, replicas in ordered.items():
        running = len(swarm.running(name))
        if running < replicas:
            return not_yet(
                f"`{name}` has {running} of {replicas} tasks.",
                MAINTENANCE_EXPECTED,
                f"What does `%docker -c node-1 service ps {name}` say? Where could they run?",
            )
    if max(ordered.values(), default=0) >= FEWEST_TASKS:
        return None
    return not_yet(
        "No service has two tasks or more: there was nobody to be moved.",
        MAINTENANCE_EXPECTED,
        "Which services ran before? `service scale` brings tasks back.",
    )


def _is_alive(phase: Phase) -> bool:
    return phase in (Phase.STARTING, Phase.RUNNING, Phase.ENDING)


def check_disk(docker: Docker) -> Finding:
    """Whether the service runs where the label is, and because of it."""
    answer = managed(docker)
    if isinstance(answer, Finding):
        return answer
    swarm = answer.swarm
    if CACHE not in swarm.services:
        return not_started(f"There is no service `{CACHE}` yet.", DISK_EXPECTED)
    return (
        _not_by_label(swarm)
        or _label_elsewhere(swarm)
        or _not_placed(swarm)
        or passed(f"`{CACHE}` runs where the disk is, and would move with it.")
    )


def _not_by_label(swarm: Swarm) -> Finding | None:
    constraints = swarm.services[CACHE].constraints
    if any(_BY_LABEL.fullmatch(each.strip()) for each in constraints):
        return None
    if any(_BY_NAME.search(each) for each in constraints):
        return not_yet(
            f"`{CACHE}` asks for a node by its name.",
            DISK_EXPECTED,
            "And when the disk moves to another machine? What should a service ask for instead?",
        )
    return not_yet(
        f"`{CACHE}` does not ask for {LABEL}={KIND}: its tasks are where there was room.",
        DISK_EXPECTED,
        "Which option of `service create` and `service update` tells where tasks may be?",
    )


def _label_elsewhere(swarm: Swarm) -> Finding | None:
    labelled = [name for name, node in swarm.nodes.items() if (LABEL, KIND) in node.labels]
    if labelled == [DISK]:
        return None
    if not labelled:
        return not_yet(
            f"`{CACHE}` is pending: no node has the label {LABEL}={KIND}.",
            DISK_EXPECTED,
            "A label of the *node*, given by a manager: which command changes a node?",
        )
    others = ", ".join(f"`{name}`" for name in labelled if name != DISK)
    return not_yet(
        f"The label {LABEL}={KIND} is at {others or 'no other node'}, and the disk in `{DISK}`.",
        DISK_EXPECTED,
        "`node update` has `--label-add` and `--label-rm`: who should have it?",
    )


def _not_placed(swarm: Swarm) -> Finding | None:
    running = swarm.running(CACHE)
    elsewhere = {swarm.node_name(task) for task in running} - {DISK}
    if not elsewhere and len(running) >= FEWEST_TASKS:
        return None
    where = f", and one on {', '.join(sorted(elsewhere))}" if elsewhere else ""
    return not_yet(
        f"{len(running)} tasks of `{CACHE}` run{where}.",
        DISK_EXPECTED,
        f"What does `%docker -c node-1 service ps {CACHE}` say of each?",
    )
