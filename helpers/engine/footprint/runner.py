"""The ways to run an app that are compared, each started and looked at in the same manner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.container.launcher import Launcher
from helpers.engine.image.image import Image
from helpers.engine.vm.disk import size_bytes
from helpers.engine.vm.launcher import VmLauncher
from helpers.model.footprint.footprint import CONTAINER, SANDBOX, VM, Subject
from helpers.model.text.answer_parts import count_in, lists_of, part_of, tables_of, text_in

if TYPE_CHECKING:
    from helpers.engine.container.container import Container


RUNSC = "runsc"


@dataclass(frozen=True)
class Inside:
    """What is found in one that runs: its processes, its kernel, and how much that wrote.

    None is what it does not tell.
    """

    processes: int | None
    kernel: str
    messages: int | None


class Runner(Protocol):
    """One way to run the app of an image, with one port published."""

    name: str

    def start(self) -> Container:
        """One more of them, on a port of 127.0.0.1 that the engine chooses; clocks start here.

        Whatever is made only once is there before, so what is timed of each is the same: one
        container, created and started on the engine, and then its app.
        """

    def look(self, made: Container) -> Inside:
        """What is in it."""

    def disk_bytes(self, made: Container) -> int:
        """What it takes on the engine's disk."""

    def subject(self, kernel: str) -> Subject:
        """What it is, in words."""


class ContainerRunner:
    """A plain container; with a runtime of another name, one that is put up by that."""

    name = CONTAINER

    def __init__(self, launcher: Launcher, image: str, port: int) -> None:
        self._launcher = launcher
        self._image = image
        self._port = port

    def start(self) -> Container:
        """`docker run`."""
        return self._launcher.run(self._image, ports={self._port: ("127.0.0.1", 0)})

    def look(self, made: Container) -> Inside:
        """By `docker top`; its kernel is the engine's, and boots for nobody."""
        with translated("docker top"):
            listed = lists_of(self._launcher.context.client.api.top(made.id), "Processes")
        kernel = text_in(self._launcher.context.info, "KernelVersion")
        return Inside(len(listed) or None, kernel, 0)

    def disk_bytes(self, made: Container) -> int:
        """The image's layers, and what the container wrote."""
        with translated("docker ps --size"):
            api = self._launcher.context.client.api
            listed = tables_of(api.containers(size=True, filters={"id": made.id}))
        return count_in(listed[0], "SizeRootFs") if listed else 0

    def subject(self, kernel: str) -> Subject:
        """A container on the engine's kernel."""
        return Subject(self.name, "processes on the engine's own kernel", kernel)


class SandboxRunner(ContainerRunner):
    """A container whose calls are answered by gVisor, a kernel that is a program (`runsc`).

    Its own kernel has processes that `docker top` cannot tell from the host's, so none are counted.
    """

    name = SANDBOX

    def start(self) -> Container:
        """`docker run --runtime runsc`."""
        return self._launcher.run(self._image, ports={self._port: ("127.0.0.1", 0)}, runtime=RUNSC)

    def look(self, made: Container) -> Inside:
        """The release that its kernel claims to be."""
        return Inside(None, made.exec("uname -r").strip(), None)

    def disk_bytes(self, made: Container) -> int:
        """The image's layers: what gVisor itself keeps there is a file full of holes."""
        return Image(self._launcher.context.client, self._image).size_bytes

    def subject(self, kernel: str) -> Subject:
        """A container with a kernel of its own kind."""
        return Subject(self.name, "a container whose calls a program answers (runsc)", kernel)


def sandbox_note(context: EngineContext) -> str:
    """Why there is no gVisor here; empty where there is."""
    if RUNSC in part_of(context.info, "Runtimes"):
        return ""
    return (
        "gVisor was not measured: this engine has no runtime named runsc "
        "(https://gvisor.dev/docs/user_guide/install/ says how to add it)."
    )


class VmRunner:
    """A virtual machine with that image's files and a kernel of its own."""

    name = VM

    def __init__(self, vms: VmLauncher, image: str, port: int, memory: str = "128m") -> None:
        self._vms = vms
        self._image = image
        self._port = port
        self._memory = memory

    def start(self) -> Container:
        """`engine.vm`, after `ready`: two short questions more than `docker run`."""
        return self._vms.run(self._image, ports={self._port: ("127.0.0.1", 0)}, memory=self._memory)

    def look(self, made: Container) -> Inside:
        """By its first process, which sees all of the VM."""
        processes, messages, kernel = made.exec("workbook-look").split()
        return Inside(int(processes), kernel, int(messages))

    def disk_bytes(self, made: Container) -> int:
        """Its disk with the image's files and a file system, its kernel and its initrd."""
        volume, _ = self._vms.prepared(self._image)
        engine = self._vms.context
        return sum(size_bytes(engine.client, volume, engine.lesson).values())

    def subject(self, kernel: str) -> Subject:
        """A VM, and how it runs here."""
        how = self._vms.acceleration.words
        return Subject(self.name, f"QEMU {how}, {self._memory} of memory, 1 CPU", kernel)
