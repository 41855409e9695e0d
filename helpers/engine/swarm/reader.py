"""A service, its tasks and the nodes, read from a manager of the swarm."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from docker.errors import NotFound
from requests.exceptions import RequestException

from helpers.engine.base.answers import took_too_long, translated
from helpers.engine.base.events import clock_of
from helpers.engine.base.sdk import asked, refuse_failure, url_of
from helpers.errors import EngineError, WorkbookError
from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import Rollout, rollout_from
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Task
from helpers.model.swarm.trouble import TOO_LATE, WORKERS_ONLY, step_after, swarm_trouble, worst_of
from helpers.model.text.answer_parts import tables_of, text_in

if TYPE_CHECKING:
    from docker import DockerClient

Candidate = Callable[[], "DockerClient"]
Candidates = Callable[[], Sequence[Candidate]]
_ANSWER_SECONDS = 3.0
_LINE = "docker node ls"


class NoManager(EngineError):
    """None of the engines that were asked is a manager that can answer."""


class SwarmReader:
    """Reads one service from the first of some engines that is a manager and knows it.

    The one that answered last is asked first; the candidates are asked for where it does not
    answer, and each gives its client or raises a WorkbookError.
    """

    def __init__(self, candidates: Candidates, name: str) -> None:
        self._candidates = candidates
        self._name = name
        self._last: DockerClient | None = None
        self._ahead_seconds: dict[int, float] = {}

    def read(self, before: Rollout | None = None) -> Rollout:
        """The rollout as it is now; versions that were known stay known.

        Raises NoManager, whose message says why.
        """
        without: Rollout | None = None
        troubles: list[str] = []
        for candidate in self._in_order():
            try:
                client = candidate()
                with translated(_LINE):
                    now = self._read_in_time(client, before)
            except WorkbookError as error:
                answer = error.answer if isinstance(error, EngineError) else ""
                troubles.append(swarm_trouble(answer, error.message))
                continue
            if now.service is not None or client is self._last:
                self._last = client
                return now
            without = without or now
        if without is not None and self._last is None:
            return without
        trouble = worst_of(troubles, self._last is not None)
        raise NoManager(trouble, step_after(trouble), command=_LINE)

    def _in_order(self) -> Iterator[Candidate]:
        last = self._last
        if last is not None:
            yield lambda: last
        yield from self._candidates()

    def _read_in_time(self, client: DockerClient, before: Rollout | None) -> Rollout:
        try:
            return self._read(client, before)
        except RequestException as error:
            if took_too_long(error):
                raise NoManager(TOO_LATE) from None
            raise

    def _read(self, client: DockerClient, before: Rollout | None) -> Rollout:
        try:
            nodes = [Node.from_answer(each) for each in _tables(_asked(client, "/nodes"))]
        except NotFound:  # Podman, which has no swarms
            raise NoManager(WORKERS_ONLY) from None
        service, tasks, others = self._service(client), [], []
        if service is None:
            every = _tables(_asked(client, "/services"))
            others = [text_in(each, "Spec", "Name") for each in every]
        else:
            wanted = json.dumps({"service": [service.id]})
            every = _tables(_asked(client, "/tasks", filters=wanted))
            tasks = [Task.from_answer(each) for each in every]
        known = before.versions if before and service and _is_same(before, service) else ()
        at = self._now(client)
        return rollout_from(self._name, service, nodes, tasks, at, known, others)

    def _service(self, client: DockerClient) -> Service | None:
        try:
            return Service.from_answer(_asked(client, "/services/{0}", self._name))
        except NotFound:
            return None

    def _now(self, client: DockerClient) -> float:
        """The engine's clock, compared with this machine's once."""
        if id(client) not in self._ahead_seconds:
            self._ahead_seconds[id(client)] = clock_of(_asked(client, "/info")) - time.time()
        return time.time() + self._ahead_seconds[id(client)]


def _is_same(before: Rollout, service: Service) -> bool:
    return before.service is not None and before.service.id == service.id


def _asked(client: DockerClient, path: str, *words: str, **query: str) -> Any:
    """The JSON at that path; a manager without a leader would be silent for twenty seconds."""
    answer = asked(client, url_of(client, path, *words), params=query, timeout=_ANSWER_SECONDS)
    with closing(answer):
        refuse_failure(client, answer)
        return answer.json()


def _tables(answer: object) -> list[Mapping[str, Any]]:
    return tables_of({"": answer}, "")
