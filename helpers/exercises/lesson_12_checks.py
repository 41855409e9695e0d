"""What all checks of lesson 12 look at: a swarm of the nodes, by what its manager tells."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from helpers.errors import EngineError
from helpers.model.course.exercise import Finding, not_started
from helpers.model.swarm.task import Phase

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.engine.swarm.manager import Manager
    from helpers.model.swarm.swarm import Swarm

NO_NODES = "No nodes run: `nodes(3)`, at the top of the lesson, makes them."
NO_SWARM = "The nodes are no swarm: run the lesson's cells with `swarm init` and `swarm join`."

_REST_SECONDS, _PAUSE_SECONDS = 15.0, 0.3


class Managed(NamedTuple):
    """A swarm at one moment, and the manager that told it."""

    swarm: Swarm
    manager: Manager


def managed(docker: Docker) -> Managed | Finding:
    """The swarm of the nodes, or the finding where there is none.

    Tasks that are being started or ended, or are about to be, get some seconds for that.
    """
    until = time.monotonic() + _REST_SECONDS
    while True:
        answer = _managed(docker)
        if isinstance(answer, Finding) or _is_at_rest(answer.swarm) or time.monotonic() > until:
            return answer
        time.sleep(_PAUSE_SECONDS)


def _managed(docker: Docker) -> Managed | Finding:
    managers = docker.managers
    for manager in managers:
        with suppress(EngineError):
            return Managed(manager.swarm(), manager)
    return not_started(NO_SWARM if managers else NO_NODES)


def _is_at_rest(swarm: Swarm) -> bool:
    phases = {swarm.phase(task) for task in swarm.tasks}
    return not phases & {Phase.STARTING, Phase.ENDING} and not _is_moving(swarm)


def _is_moving(swarm: Swarm) -> bool:
    """Whether the manager has orders that it has not carried out yet: `-d` returns before that."""
    drained = {node.id for node in swarm.nodes.values() if node.availability == "drain"}
    for name, service in swarm.services.items():
        wanted = [task for task in swarm.tasks_of(name) if swarm.phase(task).is_wanted]
        if service.replicas not in (None, len(wanted)) or service.update == "updating":
            return True
        if any(task.node in drained for task in wanted if swarm.phase(task) is Phase.RUNNING):
            return True
    return False
