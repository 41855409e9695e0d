"""The containers of a project and its past, read from the engine."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_identity import is_podman
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.events import clock_of
from helpers.engine.base.needed_parts import needed_rows
from helpers.model.container.event import EngineEvent
from helpers.model.project.member import PROJECT, Member
from helpers.model.project.remembered import ACTIONS
from helpers.model.text.answer_parts import table_of_texts, text_in
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

_AT_ONCE = 8
_MOST_MEMBERS = 200
# Podman ends its answer when that time has come, wherever it is in what it has noted by then.
_AHEAD_SECONDS = 0.3


class ProjectReader:
    """Reads one project on one engine; each raises EngineGone without it."""

    def __init__(self, client: DockerClient, project: str) -> None:
        self._client = client
        self._ahead_seconds = 0.0
        self.filters: dict[str, str | list[str]] = {
            "type": "container",
            "label": f"{PROJECT}={project}",
            "event": list(ACTIONS),
        }
        self._project = project
        self.others: tuple[str, ...] = ()

    def past(self) -> list[EngineEvent]:
        """What the engine still knows of what happened to its containers."""
        line = docker_line("events", "--since", "1", "--filter", f"label={PROJECT}={self._project}")
        with translated(line):
            info = info_of(self._client)
            now = clock_of(info)
            self._ahead_seconds = now - time.time()
            until = now + (_AHEAD_SECONDS if is_podman(info) else 1e-6)
            messages = self._client.api.events(
                since="1", until=f"{until:.6f}", filters=dict(self.filters), decode=True
            )
            return [EngineEvent.from_message(each) for each in messages if isinstance(each, dict)]

    def members(self) -> list[Member]:
        """Its containers; `others` are from now on the projects that there are beside it."""
        with translated(docker_line("ps", "--all", "--filter", f"label={PROJECT}")):
            answer = self._client.api.containers(all=True, filters={"label": PROJECT})
            listed = needed_rows(answer, "docker ps")
        projects = [(table_of_texts(each, "Labels").get(PROJECT), each) for each in listed]
        self.others = tuple(sorted({name for name, _ in projects if name} - {self._project}))
        own = [text_in(each, "Id") for name, each in projects if name == self._project]
        return self.looked_at(own[:_MOST_MEMBERS])

    def looked_at(self, identities: Iterable[str]) -> list[Member]:
        """Those of these containers that there are."""
        with translated("docker inspect"), ThreadPoolExecutor(_AT_ONCE) as pool:
            return [each for each in pool.map(self._member, identities) if each]

    def now(self) -> float:
        """The time by the engine's clock, as it was last compared with this machine's."""
        return time.time() + self._ahead_seconds

    def _member(self, identity: str) -> Member | None:
        try:
            return Member.from_inspect(self._client.api.inspect_container(identity))
        except NotFound:
            return None
