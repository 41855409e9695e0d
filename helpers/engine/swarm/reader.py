"""A service, its tasks and the nodes, read from a manager of the swarm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from helpers.engine.swarm.manager import Manager, NoManager
from helpers.errors import EngineError, WorkbookError
from helpers.model.swarm.rollout import Rollout, rollout_from
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Task
from helpers.model.swarm.trouble import step_after, swarm_trouble, worst_of
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

Candidate = Callable[[], "DockerClient"]
Candidates = Callable[[], Sequence[Candidate]]
_LINE = docker_line("node", "ls")


class SwarmReader:
    """Reads one service from the first of some engines that is a manager and knows it.

    The one that answered last is asked first; the candidates are asked for where it does not
    answer, and each gives its client or raises a WorkbookError.
    """

    def __init__(self, candidates: Candidates, name: str) -> None:
        self._candidates = candidates
        self._name = name
        self._managers: dict[DockerClient, Manager] = {}
        self._last: Manager | None = None

    def read(self, before: Rollout | None = None) -> Rollout:
        """The rollout as it is now; versions that were known stay known.

        Raises NoManager, whose message says why.
        """
        without: Rollout | None = None
        troubles: list[str] = []
        for candidate in self._in_order():
            try:
                manager = candidate()
                now = self._read(manager, before)
            except WorkbookError as error:
                answer = error.answer if isinstance(error, EngineError) else ""
                troubles.append(swarm_trouble(answer, error.message))
                continue
            if now.service is not None or manager is self._last:
                self._last = manager
                return now
            without = without or now
        if without is not None and self._last is None:
            return without
        trouble = worst_of(troubles, self._last is not None)
        raise NoManager(trouble, step_after(trouble), command=_LINE)

    def _in_order(self) -> Iterator[Callable[[], Manager]]:
        last = self._last
        if last is not None:
            yield lambda: last
        for candidate in self._candidates():
            yield partial(self._manager, candidate)

    def _manager(self, candidate: Candidate) -> Manager:
        client = candidate()
        return self._managers.setdefault(client, Manager(client))

    def _read(self, manager: Manager, before: Rollout | None) -> Rollout:
        nodes, service = manager.nodes(), manager.service(self._name)
        tasks: list[Task] = []
        others: list[str] = []
        if service is None:
            others = [each.name for each in manager.services()]
        else:
            tasks = manager.tasks(service)
        known = before.versions if before and service and _is_same(before, service) else ()
        return rollout_from(self._name, service, nodes, tasks, manager.now(), known, others)


def _is_same(before: Rollout, service: Service) -> bool:
    return before.service is not None and before.service.id == service.id
