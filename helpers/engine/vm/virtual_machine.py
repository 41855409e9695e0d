"""One virtual machine: a container in which QEMU runs, and in that a kernel and the app."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.exec_output import exec_exit_code, exec_output, prepared_exec
from helpers.engine.base.http_probe import wait_for_answer
from helpers.engine.base.log_text import log_of
from helpers.engine.container.container import Container
from helpers.errors import NoSuchContainer, NotReady
from helpers.model.container.container_state import ENDED
from helpers.model.container.outcome import Answer
from helpers.model.text.command_line import docker_line, words_of
from helpers.model.text.output import Output
from helpers.model.text.units import format_seconds
from helpers.model.vm.acceleration import Acceleration
from helpers.model.vm.console import clean, console_end, has_started, strain_on, trouble_on
from helpers.outside import visible_repr

if TYPE_CHECKING:
    from docker import DockerClient

    from helpers.engine.base.command_log import CommandLog

BOOT_SECONDS = 120.0
NO_ANSWER = 70
_LOOK_SECONDS = 0.5


class VirtualMachine(Container):
    """A VM that boots an image's files; the engine knows it as a container with QEMU in it.

    Its `logs()` are its console, its `exec()` runs a program of the image inside of it. What it
    writes to its disk is gone when it stops.
    """

    def __init__(
        self,
        client: DockerClient,
        id: str,
        log: CommandLog,
        made_by: str,
        boots: str,
        acceleration: Acceleration,
    ) -> None:
        super().__init__(client, id, log, made_by)
        self._boots = boots
        self.acceleration = acceleration
        self._tries = 1
        self._next_look = 0.0

    @visible_repr
    def __repr__(self) -> str:
        return (
            f"virtual machine {self.name} ({self.acceleration.words}), boots {self._boots}\n"
            f"$ {self.command}"
        )

    def console(self) -> str:
        """All that its console showed in this boot, as plain text."""
        with translated(docker_line("logs", self.name)):
            text = log_of(self._client, self.id)
        return clean(text.decode(errors="replace")).rpartition("workbook: power on")[2]

    def exec(self, command: str | Sequence[str], user: str | None = None) -> Output:
        """What another program of the image prints in the VM, with its exit code.

        `user` is the one that the image names; no other can be given. Raises NotReady where the VM
        does not answer.
        """
        words = words_of(command)
        line = docker_line("exec", self.name, "vm-inside", words)
        with translated(line):
            made = prepared_exec(self._client, self.id, ["vm-inside", *words])
            text = exec_output(self._client, made)
            code = exec_exit_code(self._client, made)
        self._log.add(line)
        if code == NO_ANSWER:
            raise NotReady(text.decode(errors="replace").strip(), "Call `wait_until_ready()`.")
        return Output(text.decode(errors="replace"), line, code)

    def wait_until_ready(
        self, path: str = "/", port: int | None = None, seconds: float = BOOT_SECONDS
    ) -> Answer:
        """The app's first good answer from inside the VM.

        A boot that hangs is tried once more. A VM that does not answer in time is stopped; then
        this raises NotReady with the end of its console.
        """
        if self.status in ENDED:
            raise self._abandoned(NotReady(f"{self.name} is off."), "it is off")
        try:
            return self._answer(path, port, seconds)
        except NotReady as error:
            if self._is_hung() and self._tries == 1:
                self._tries = 2
                self.restart()
                return self.wait_until_ready(path, port, seconds)
            late = f"there was no answer within {format_seconds(seconds)}"
            raise self._abandoned(error, late) from None

    def _answer(self, path: str, port: int | None, seconds: float) -> Answer:
        url = self.url(port, path)
        return wait_for_answer(url, seconds, self._why_not_running, patience_seconds=None)

    def _is_hung(self) -> bool:
        """Whether it runs, and its boot did not come as far as the app."""
        return self.status == "running" and not has_started(self.console())

    def _abandoned(self, error: NotReady, why: str) -> NotReady:
        """The error to raise, once the VM is off; its console and its container stay."""
        try:
            console = self.console()
            if self.status == "running":
                self.stop(seconds=1)
        except NoSuchContainer:
            return error
        strain = strain_on(console)
        what = trouble_on(console) or (f"{why}, and {strain}" if strain else why)
        step = "See all of it with `logs()`; `remove()` it, mend that, and boot another."
        if strain:
            step = "`remove()` it, and boot another with more memory: memory='256m'."
        end = console_end(console) or "(nothing)"
        return NotReady(
            f"The VM {self.name} was given up: {what}.",
            step,
            excerpt=f"Its console ends with:\n{end}",
        )

    def _why_not_running(self) -> str | None:
        """As for a container; and a kernel that gave up is not waited for either.

        Looked for twice a second: looking costs the processor that the VM needs.
        """
        if time.monotonic() < self._next_look:
            return None
        self._next_look = time.monotonic() + _LOOK_SECONDS
        if (reason := super()._why_not_running()) is not None:
            return reason
        return trouble_on(self.console()) if self._may_be_in_trouble() else None

    def _may_be_in_trouble(self) -> bool:
        """Whether the newest lines of the console tell of trouble; the whole of it is long."""
        with translated(docker_line("logs", self.name)):
            text = log_of(self._client, self.id, tail=30)
        return trouble_on(text.decode(errors="replace")) is not None
