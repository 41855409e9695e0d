"""The cluster: its programs started and stopped, its objects read, its images loaded."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext, Ensure
from helpers.engine.base.exec_output import STDOUT, exec_exit_code, exec_frames, prepared_exec
from helpers.engine.base.needed_parts import needed_rows, unfit
from helpers.engine.kubernetes.made import container_state, make_container
from helpers.engine.kubernetes.start import start_container
from helpers.engine.node.made import MISSING
from helpers.engine.node.node import Node
from helpers.engine.supply.own_image import ensure_own
from helpers.errors import CommandFailed, Interrupted, InvalidInput, NotReady
from helpers.model.image.tool_image import KUBERNETES_IMAGE
from helpers.model.kubernetes.container import FIRST_PUBLISHED, NAME, published
from helpers.model.kubernetes.kubectl_words import kubectl_line, kubectl_outcome, kubectl_step
from helpers.model.kubernetes.programs import (
    PROGRAMS,
    Started,
    Stopped,
    check_needs,
    checked_programs,
)
from helpers.model.text.answer_parts import error_in
from helpers.model.text.command_line import docker_line

ANSWER_SECONDS = 90
NO_CLUSTER = "Run the cell with `cluster = kubernetes()`: it makes one, or starts the one there is."


_INTERRUPTED = "Run the cell again: what was started meanwhile is found."


class Cluster:
    """The cluster in the container `kubernetes`; `before` is called ahead of what makes it."""

    def __init__(
        self, context: EngineContext, ensure: Ensure, before: Callable[[], object]
    ) -> None:
        self._context = context
        self._ensure = ensure
        self._before = before
        self._node = Node(context, NAME, FIRST_PUBLISHED)

    def __repr__(self) -> str:
        return f"<Cluster {NAME}>"

    def up(self, port: int = FIRST_PUBLISHED) -> None:
        """Returns when its container's engine answers, and what ran before a restart runs again.

        A new one publishes its nodePorts 30080 and 30081 at `port` of this machine and the next.
        Raises InvalidInput, NameInUse, PortInUse, ImageUnavailable, NotReady and Interrupted.
        """
        published(port)
        state = container_state(self._context.client)
        if state != "running":
            self._node.close()
            self._node.port = port
            if state == MISSING:
                self._before()
                ensure_own(self._context.client, KUBERNETES_IMAGE, self._ensure)
                make_container(self._context, self._ensure, port)
            start_container(self._context, self._node, state)
        wanted = self._scripted("wanted").split()
        if missing := [name for name in wanted if name not in self.programs()]:
            self.start(*missing)

    @property
    def state(self) -> str:
        """That of its container, such as 'running'; 'missing' where there is none."""
        return container_state(self._context.client)

    def start(self, *names: str) -> Started:
        """These programs, or all, are started and answer; raises InvalidInput and NotReady."""
        wanted, running = checked_programs(names), self.programs()
        check_needs(wanted, running)
        began = time.monotonic()
        new = tuple(name for name in wanted if name not in running)
        if new:
            self._scripted("start", *new)
            self._wait(new)
        before = tuple(name for name in wanted if name in running)
        return Started(new, before, time.monotonic() - began)

    def stop(self, *names: str) -> Stopped:
        """These programs, or all, have ended, and are not started again after a restart."""
        wanted, running = checked_programs(names), self.programs()
        self._scripted("stop", *wanted)
        before = tuple(name for name in wanted if name not in running)
        return Stopped(tuple(name for name in wanted if name in running), before)

    def programs(self) -> list[str]:
        """Those that run, in the order of PROGRAMS."""
        running = self._scripted("programs").split()
        return [name for name in PROGRAMS if name in running]

    @property
    def version(self) -> str:
        """Kubernetes' own, such as '1.20.2'."""
        return self._scripted("version").strip().removeprefix("Kubernetes v")

    def load(self, *images: str) -> str:
        """Images of the learner's engine are in the cluster's; what came of it, in words.

        Raises ImageUnavailable, NoSuchImage, NotReady and EngineError.
        """
        self.check_running()
        for image in images:
            self._ensure(image)
        began = time.monotonic()
        for image in images:
            line = docker_line("save", image)
            with translated(line), _interruptible():
                archive = self._context.client.api.get_image(image)
                for message in self._node.client.api.load_image(archive):
                    if error := error_in(message):
                        raise NotReady(f"The cluster did not take {image}.", excerpt=error)
            self._context.log.add(line)
        return f"{', '.join(images)} loaded in {time.monotonic() - began:.1f} s"

    def get(self, *kinds: str, namespace: str | None = "default") -> list[dict[str, Any]]:
        """The objects of these kinds, as the API has them; with namespace=None those of all.

        Raises CommandFailed and NotReady.
        """
        where = ["--all-namespaces"] if namespace is None else ["--namespace", namespace]
        words = ("get", ",".join(kinds), *where, "--output", "json")
        line = kubectl_line(words)
        code, printed, answer = self._inside(("kubectl", *words))
        if code:
            raise CommandFailed(
                kubectl_outcome(words, answer, code),
                kubectl_step(answer),
                exit_code=code,
                command=line,
                answer=answer,
            )
        try:
            return needed_rows(json.loads(printed), line, "items")
        except ValueError:
            raise unfit(line, "is no JSON") from None

    def containers(self) -> list[dict[str, Any]]:
        """What its own engine runs, or has run, as `docker ps --all` has it; raises EngineGone."""
        self.check_running()
        line = docker_line("ps", "--all")
        with translated(line):
            return needed_rows(self._node.client.api.containers(all=True), line)

    def close(self) -> None:
        """Ends its connections; they are made anew when they are used again."""
        self._node.close()

    def _wait(self, names: tuple[str, ...]) -> None:
        words = ("cluster", "wait", str(ANSWER_SECONDS), *names)
        code, printed, answer = self._inside(words)
        if code:
            late, _, log = printed.partition("\n")
            raise NotReady(
                f"{late or 'A program'} does not answer; its last words:",
                f"See all of them with `%docker exec {NAME} cat /var/log/kubernetes/{late}.log`.",
                excerpt=log.strip() or answer,
            )

    def _scripted(self, *words: str) -> str:
        code, printed, answer = self._inside(("cluster", *words))
        if code:
            line = docker_line("exec", NAME, "cluster", *words)
            raise CommandFailed(
                f"The cluster's own script ended with exit code {code}.",
                NO_CLUSTER,
                exit_code=code,
                command=line,
                answer=answer,
            )
        return printed

    def _inside(self, words: tuple[str, ...]) -> tuple[int, str, str]:
        """The exit code, standard output and standard error of a command in the container."""
        self.check_running()
        client, output = self._context.client, {True: bytearray(), False: bytearray()}
        with translated(docker_line("exec", NAME, *words)), _interruptible():
            made = prepared_exec(client, NAME, words)
            for stream, piece in exec_frames(client, made):
                output[stream == STDOUT] += piece
            code = exec_exit_code(client, made)
        printed, answer = (bytes(output[each]).decode("utf-8", "replace") for each in (True, False))
        return code or 0, printed, answer

    def check_running(self) -> None:
        """Raises InvalidInput where there is no cluster, NotReady where its container is down."""
        state = container_state(self._context.client)
        if state == MISSING:
            raise InvalidInput("There is no cluster yet.", NO_CLUSTER)
        if state != "running":
            raise NotReady(f"The cluster's container is {state}, not running.", NO_CLUSTER)


@contextmanager
def _interruptible() -> Iterator[None]:
    """A block in which an interrupt is told as one; what was begun in the cluster goes on."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted("The cluster was not waited for.", _INTERRUPTED) from None
