"""What all checks of lesson 11 look at: the parts of a Compose project."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.errors import NotReady
from helpers.exercises.lookup import find_container
from helpers.model.container.published import is_loopback
from helpers.model.course.exercise import Finding, not_started, not_yet
from helpers.model.project.member import PROJECT, SERVICE, is_one_off
from helpers.model.text.answer_parts import (
    count_in,
    count_or_none,
    moment_in,
    part_of,
    table_of_texts,
    tables_of,
    text_in,
    texts_of,
)
from helpers.outside import visible_line

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

WEB, DB = "web", "db"
CAFE_PORT = 4111
DEV_PORT = 4112
_ANSWER_SECONDS, _PAUSE_SECONDS = 5.0, 0.1
_UNTIL_HEALTHY = re.compile(r":service_healthy\b")


@dataclass(frozen=True)
class Part:
    """One container of a project; all is read from what `docker inspect` shows of it."""

    inspected: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The container's name."""
        return text_in(self.inspected, "Name").removeprefix("/")

    @property
    def service(self) -> str:
        """The service that it is of."""
        return self.labels.get(SERVICE, "")

    @property
    def labels(self) -> Mapping[str, str]:
        """Its labels, those of Compose among them."""
        return table_of_texts(self.inspected, "Config", "Labels")

    @property
    def status(self) -> str:
        """created, running, paused, restarting, removing, exited or dead."""
        return text_in(self.inspected, "State", "Status")

    @property
    def exit_code(self) -> int:
        """The exit code of its first process, 0 before it has ended."""
        return count_in(self.inspected, "State", "ExitCode")

    @property
    def created(self) -> float:
        """When it was made, in seconds since 1970 by the engine's clock."""
        return moment_in(self.inspected, "Created")

    @property
    def started(self) -> float:
        """When it was started last, in the same seconds."""
        return moment_in(self.inspected, "State", "StartedAt")

    @property
    def restarts(self) -> int:
        """How often its restart policy has started it anew."""
        return count_in(self.inspected, "RestartCount")

    @property
    def environment(self) -> dict[str, str]:
        """The variables that it was given, those of its image among them."""
        pairs = (line.partition("=") for line in texts_of(self.inspected, "Config", "Env"))
        return {name: value for name, _, value in pairs}

    @property
    def words(self) -> str:
        """Its entry point and its command, as one text."""
        config = part_of(self.inspected, "Config")
        return " ".join((*texts_of(config, "Entrypoint"), *texts_of(config, "Cmd")))

    @property
    def health_check(self) -> str:
        """What its health check runs, as one text; '' for none."""
        first, *rest = texts_of(self.inspected, "Config", "Healthcheck", "Test") or ["NONE"]
        return "" if first == "NONE" else " ".join(rest)

    @property
    def waits_for_health(self) -> bool:
        """Whether Compose starts it only once another service is healthy."""
        depends = self.labels.get("com.docker.compose.depends_on", "")
        return bool(_UNTIL_HEALTHY.search(depends))

    @property
    def file(self) -> str:
        """The first of the compose files that it was made from."""
        return self.labels.get("com.docker.compose.project.config_files", "").partition(",")[0]

    @property
    def wanted(self) -> list[tuple[str, int]]:
        """The addresses and ports of this machine that it is to have, held or not."""
        bindings = part_of(self.inspected, "HostConfig", "PortBindings")
        return [
            (text_in(each, "HostIp"), port)
            for key in bindings
            for each in tables_of(bindings, key)
            if (port := count_or_none(each, "HostPort"))
        ]

    def volume_at(self, target: str) -> str:
        """The name of the volume that is mounted there; '' where none is."""
        mounts = tables_of(self.inspected, "Mounts")
        there = (each for each in mounts if text_in(each, "Destination") == target)
        return next((text_in(each, "Name") for each in there), "")


def parts_of(docker: Docker, project: str) -> dict[str, Part]:
    """{service: its newest container} of a project, one-off containers left out."""
    api: Any = docker.client.api
    parts = []
    listed = tables_of(api.containers(all=True, filters={"label": f"{PROJECT}={project}"}))
    for identity in filter(None, (text_in(each, "Id") for each in listed)):
        if find_container(docker, identity):
            part = Part(api.inspect_container(identity))
            parts += [] if is_one_off(part.labels) else [part]
    return {part.service: part for part in sorted(parts, key=lambda part: part.created)}


def not_whole(parts: Mapping[str, Part], project: str, expected: str) -> Finding | None:
    """The finding where the project has no container, or none of one of its two services."""
    if not parts:
        return not_started(f"There is no container of the project `{project}` yet.", expected)
    for service in (WEB, DB):
        if service not in parts:
            return not_yet(
                f"`{project}` has no container of the service `{service}`.",
                expected,
                "Does its file have both services, and were both of them started?",
            )
    return None


def not_running(
    docker: Docker,
    part: Part,
    name: str,
    expected: str,
    questions: Sequence[tuple[re.Pattern[str], str]] = (),
) -> Finding | None:
    """The finding where it does not run, with the first question that its last word fits."""
    if part.status == "running":
        return None
    word = _last_word(docker, part)
    fitting = (question for pattern, question in questions if pattern.search(word))
    return not_yet(
        f"`{name}` is {part.status}, with exit code {part.exit_code}.{word}",
        expected,
        next(fitting, "What does it miss?"),
    )


def _last_word(docker: Docker, part: Part) -> str:
    """' Its last word: `…`.', from its log; '' where it said nothing."""
    lines = docker.container(part.name).logs(tail=1).strip().splitlines()
    return f" Its last word: `{visible_line(lines[-1])}`." if lines else ""


def not_published(part: Part, port: int, expected: str) -> Finding | None:
    """The finding where it does not have that port, for this machine alone."""
    wanted = part.wanted
    if port not in {there for _, there in wanted}:
        return not_yet(
            f"`{part.name}` does not publish port {port} of this machine.",
            expected,
            "What does its line under `ports` come to? `%docker compose config` shows it.",
        )
    if all(is_loopback(address) for address, there in wanted if there == port):
        return None
    return not_yet(
        f"`{part.name}` publishes port {port} for the whole neighbourhood.",
        expected,
        "Which address before the port keeps it on this machine?",
    )


def not_answered(docker: Docker, part: Part, path: str, port: int, expected: str) -> Finding | None:
    """The finding where nothing good comes back at that port of this machine, in some seconds."""
    bindings = part_of(part.inspected, "HostConfig", "PortBindings")
    inside = next(
        int(key.partition("/")[0])
        for key in bindings
        if port in (count_or_none(each, "HostPort") for each in tables_of(bindings, key))
    )
    status = _status(docker.container(part.name), path, inside)
    if status and status < 400:
        return None
    came = f"is answered with {status}" if status else "is not answered"
    return not_yet(
        f"http://127.0.0.1:{port}{path} {came}.",
        expected,
        f"What does `%docker logs {part.name}` say, and where does it listen?",
    )


def _status(box: Container, path: str, port: int) -> int:
    """The status of its first answer; 0 where none comes in some seconds."""
    end = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < end:
        with suppress(NotReady):
            return box.get(path, port, seconds=2).status
        time.sleep(_PAUSE_SECONDS)
    return 0
