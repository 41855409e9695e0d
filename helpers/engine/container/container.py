"""One container on the engine, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.events import events_of
from helpers.engine.base.exec_output import exec_exit_code, exec_output, prepared_exec
from helpers.engine.base.http_probe import one_answer, wait_for_answer
from helpers.engine.base.log_text import log_of
from helpers.engine.base.sdk import machine_of
from helpers.engine.container.ending import ending, why_not_running
from helpers.engine.container.health import with_checks
from helpers.engine.container.waiting import (
    first_exit_code,
    until_ended,
    until_health,
    until_restarted,
)
from helpers.errors import InvalidInput, NotReady
from helpers.model.container.container_state import ContainerState
from helpers.model.container.event import EventLog
from helpers.model.container.file_changes import FileChanges
from helpers.model.container.option_values import count_of, text_of
from helpers.model.container.outcome import Answer, Done
from helpers.model.image.reference import familiar
from helpers.model.text.command_line import docker_line, option, words_of
from helpers.model.text.durations import seconds_of
from helpers.model.text.output import Output
from helpers.outside import visible_repr

if TYPE_CHECKING:
    from docker import DockerClient

    from helpers.engine.base.command_log import CommandLog
    from helpers.model.usage.usage import Usage


class Container:
    """A container, whoever made it; each method is the `docker` command of the same name.

    Every method raises NoSuchContainer once it was removed, and EngineGone without an engine.
    """

    def __init__(
        self,
        client: DockerClient,
        id: str,
        log: CommandLog,
        made_by: str = "",
        waited_for: bool = False,
    ) -> None:
        self._client = client
        self._log = log
        self.id = id
        self._made_by = made_by
        state = self.state
        self.name = state.name
        self._ending = ending(client, id, state) if waited_for else ""

    @visible_repr
    def __repr__(self) -> str:
        made = f"\n$ {self._made_by}" if self._made_by else ""
        return f"container {self.name}{made}{self._ending}"

    @property
    def command(self) -> str:
        """The line that made it; `docker inspect` where somebody else did."""
        return self._made_by or docker_line("inspect", self.name)

    @property
    def state(self) -> ContainerState:
        """What the engine says of it now."""
        with translated(docker_line("inspect", self.id[:12])):
            state = ContainerState.from_inspect(self._client.api.inspect_container(self.id))
        return replace(state, image=familiar(state.image))

    @property
    def image(self) -> str:
        """The name of its image, as it was given, and without Docker Hub's own."""
        return self.state.image

    @property
    def status(self) -> str:
        """created, running, paused, restarting, removing, exited or dead."""
        return self.state.status

    @property
    def exit_code(self) -> int | None:
        """The exit code of its first process; None while it runs or before it ran."""
        return self.state.exit_code

    def logs(self, tail: int | None = None) -> Output:
        """What it printed so far, standard output and error in the order of writing."""
        wanted = count_of("tail", tail)
        line = docker_line("logs", option("--tail", wanted), self.name)
        with translated(line):
            text = log_of(self._client, self.id, wanted)
        return Output(text.decode(errors="replace"), self._log.add(line))

    def usage(self, seconds: float = 10, every: float = 0.5) -> Iterator[Usage]:
        """What it uses, every so many seconds, for so long or until it ends (`docker stats`).

        Raises NotReady where it does not run.
        """
        # Loaded here: `connect()` would wait 30 ms for what most cells never ask for.
        from helpers.engine.usage import usages_of

        state = self.state
        if state.status not in ("running", "paused", "restarting"):
            raise NotReady(f"{self.name} is {state.status}, so it uses nothing.", "Start it first.")
        self._log.add(docker_line("stats", self.name))
        most, pace = seconds_of("seconds", seconds), seconds_of("every", every)
        return usages_of(self._client, self.id, most, pace)

    def exec(self, command: str | Sequence[str], user: str | None = None) -> Output:
        """What another process in it prints, with its exit code."""
        words, who = words_of(command), text_of("user", user) or ""
        line = docker_line("exec", option("--user", who or None), self.name, words)
        with translated(line):
            made = prepared_exec(self._client, self.id, words, user=who)
            text = exec_output(self._client, made)
            code = exec_exit_code(self._client, made)
        return Output(text.decode(errors="replace"), self._log.add(line), code)

    def stop(self, seconds: int | None = None) -> Done:
        """Its end: SIGTERM, and SIGKILL after so many seconds (10 where nothing is said)."""
        patience = count_of("seconds", seconds)
        return self._do(
            ["stop", *option("-t", patience)],
            lambda: self._client.api.stop(self.id, timeout=patience),
        )

    def start(self) -> Done:
        """Its first process, started again in the same container."""
        return self._do(["start"], lambda: self._client.api.start(self.id))

    def restart(self) -> Done:
        """Stopped, then started."""
        return self._do(["restart"], lambda: self._client.api.restart(self.id))

    def kill(self, signal: str | None = None) -> Done:
        """Its first process after a signal, SIGKILL where none is named."""
        name = text_of("signal", signal)
        return self._do(
            ["kill", *option("--signal", name)], lambda: self._client.api.kill(self.id, name)
        )

    def pause(self) -> Done:
        """Its processes frozen."""
        return self._do(["pause"], lambda: self._client.api.pause(self.id))

    def unpause(self) -> Done:
        """Its processes going on."""
        return self._do(["unpause"], lambda: self._client.api.unpause(self.id))

    def remove(self, force: bool = False) -> Done:
        """Its removal, writable layer and anonymous volumes included; `force` stops it first."""
        words = ["rm", "--volumes", *option("--force", force)]
        return self._do(
            words,
            lambda: self._client.api.remove_container(self.id, v=True, force=force),
            "removed",
        )

    def wait(self, seconds: float | None = None) -> int:
        """The exit code of its first process, once that has ended; raises NotReady in time."""
        line = docker_line("wait", self.name)
        most = None if seconds is None else seconds_of("seconds", seconds)
        with translated(line):
            code = first_exit_code(self._client, self.id, self.name, most)
        self._log.add(line)
        return code

    def url(self, port: int | str | None = None, path: str = "/") -> str:
        """The address at which this machine reaches that port of it.

        Raises InvalidInput where the port is not published, or several are and none is named.
        """
        state = self.state
        if port is None and len(state.published) == 1:
            port = next(iter(state.published))
        machine = machine_of(self._client)
        address = state.address_of(str(port) if "/" in str(port) else f"{port}/tcp", machine)
        if address is None:
            raise InvalidInput(*state.why_unreachable(port, machine))
        return f"http://{address}/{path.removeprefix('/')}"

    def wait_until_ready(
        self, path: str = "/", port: int | None = None, seconds: float = 10
    ) -> Answer:
        """The app's first good answer; raises NotReady when it ends first or takes too long."""
        most = seconds_of("seconds", seconds)
        return wait_for_answer(self.url(port, path), most, self._why_not_running)

    def answers(self, path: str = "/", port: int | None = None, seconds: float = 0) -> bool:
        """Whether the app answers now, or within so many seconds."""
        try:
            self.wait_until_ready(path, port, seconds)
        except NotReady:
            return False
        return True

    def get(self, path: str = "/", port: int | None = None, seconds: float = 60) -> Answer:
        """The app's answer to one request, as `curl` gets it; raises NotReady without one."""
        return one_answer(self.url(port, path), seconds_of("seconds", seconds))

    def wait_until_healthy(self, seconds: float = 30) -> str:
        """'healthy', once its health check says so; raises NotReady."""
        return self.wait_until_health("healthy", seconds)

    def wait_until_health(self, health: str, seconds: float = 30) -> str:
        """Its health (healthy, unhealthy), once it is that.

        Raises NotReady at once where it has no health check or does not run, else in time.
        """
        look = with_checks(self._client, self.id, lambda: self.state)
        return until_health(look, health, seconds_of("seconds", seconds))

    def wait_until_ended(self, seconds: float = 30) -> int:
        """Its exit code, once it has ended for good: no restart policy starts it again."""
        return until_ended(lambda: self.state, seconds_of("seconds", seconds))

    def wait_until_restarted(self, seconds: float = 20) -> int:
        """How often its restart policy started it again, once it did; raises NotReady."""
        return until_restarted(lambda: self.state, seconds_of("seconds", seconds))

    def diff(self) -> FileChanges:
        """What its writable layer holds over the image: files added, changed and deleted."""
        line = docker_line("diff", self.name)
        with translated(line):
            changes = self._client.api.diff(self.id)
        self._log.add(line)
        return FileChanges.from_answer(changes)

    def events(self) -> EventLog:
        """What the engine noted of it (it keeps the newest 256 events), but what labels hide."""
        with translated(docker_line("events", "--filter", f"container={self.name}")):
            now = self.state
            return EventLog(events_of(self._client, self.id, now.created, now.labels))

    def _do(self, words: list[str], action: Callable[[], object], status: str = "") -> Done:
        line = docker_line(words, self.name)
        started = time.monotonic()
        with translated(line):
            action()
        seconds = time.monotonic() - started
        return Done(self._log.add(line), self.name, status or self.status, seconds)

    def _why_not_running(self) -> str | None:
        return why_not_running(self._client, self.id, self.name, lambda: self.state)


def client_of(container: Container) -> DockerClient:
    """The client that a container is asked by: for whatever follows or measures it."""
    return container._client
