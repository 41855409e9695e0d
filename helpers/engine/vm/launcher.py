"""`engine.vm(…)`: from an image to a VM that boots."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Unpack

from docker.errors import ImageNotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_identity import identity_of
from helpers.engine.base.needed_parts import id_in, needed_table
from helpers.engine.container.create import create_container
from helpers.engine.container.launcher import Launcher, removed_on_error
from helpers.engine.image.platform import engine_platform
from helpers.engine.vm.acceleration import DEVICE, VARIABLE, acceleration_of
from helpers.engine.vm.disk import MOUNT_POINT, birth_of, disk_of
from helpers.engine.vm.tools import ensure_tools
from helpers.engine.vm.virtual_machine import VirtualMachine
from helpers.errors import InvalidInput
from helpers.model.container.run_settings import RunSettings
from helpers.model.image.platform import Platform
from helpers.model.supply.catalogue import VM_TOOLS
from helpers.model.text.answer_parts import count_in
from helpers.model.text.command_line import docker_line, words_of
from helpers.model.text.units import format_memory
from helpers.model.vm.acceleration import KVM, Acceleration
from helpers.model.vm.guest import Guest
from helpers.model.vm.settings import VmOptions, VmSettings

_known: dict[str, Acceleration] = {}
_asking = threading.Lock()


class VmLauncher:
    """What it takes to boot VMs on one engine: the tools, and whether hardware helps.

    Each is made or found out once, then known: what `ready` leaves for `run` to ask are whose
    image the name is now, and whether the disk is still there.
    """

    def __init__(self, launcher: Launcher) -> None:
        self.context = launcher.context
        self._launcher = launcher
        self._client = launcher.context.client
        self._lesson = launcher.context.lesson
        self._disks: dict[str, tuple[str, str | None]] = {}

    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        **options: Unpack[VmOptions],
    ) -> VirtualMachine:
        """A new virtual machine that boots that image's files, started.

        Raises what `engine.run` raises; what was half made by then is removed.
        """
        settings = VmSettings.of(options)
        self._launcher.before()
        made, line = self._created(image, command, settings)
        client, log = self._client, self.context.log
        with translated(line), removed_on_error(client, made, line):
            client.api.start(made)
            how = self.acceleration
            return VirtualMachine(client, made, log, log.add(line), image, how)

    def ready(self, image: str) -> Acceleration:
        """How the image will run as a VM, once all is there that is made or found out only once.

        A VM created from now on takes no longer than its own container. Raises what `prepared`
        raises.
        """
        self.prepared(image)
        return self.acceleration

    @property
    def acceleration(self) -> Acceleration:
        """How VMs run on this engine; a probe boot tells, the first time it is asked."""
        with _asking:
            engine = identity_of(self.context.info)
            if engine not in _known:
                self._ensure_tools()
                _known[engine] = acceleration_of(self._client, self._lesson)
            return _known[engine]

    def prepared(self, image: str) -> tuple[str, Guest]:
        """The volume with the image's disk, and what the image says of its program.

        Raises InvalidInput for an image that no VM here can run, ImageUnavailable or EngineError.
        """
        inspected = self._inspected(image)
        guest = Guest.from_inspect(inspected)
        guest.check(image, self._platform)
        return self._disk(id_in(inspected, "docker image inspect"), guest), guest

    def _created(
        self, image: str, command: str | Sequence[str] | None, settings: VmSettings
    ) -> tuple[str, str]:
        """The id of a container that boots the image once it starts, and the line that it is."""
        self._check_memory(settings)
        volume, guest = self.prepared(image)
        accelerated = self.acceleration.is_hardware
        variables = RunSettings(environment=settings.environment).variables()
        own_guest = guest.with_program(words_of(command), variables)
        own = {"WORKBOOK_APP": own_guest.settings()} if own_guest != guest else {}
        run = RunSettings(
            name=settings.name,
            ports=settings.ports,
            environment={**({VARIABLE: KVM} if accelerated else {}), **own},
            volumes=((volume, f"{MOUNT_POINT}:ro"),),
            devices=(DEVICE,) if accelerated else (),
        )
        line = run.line(VM_TOOLS, settings.words)
        with translated(line):
            return self._of_tools(settings.words, run), line

    def _disk(self, image_id: str, guest: Guest) -> str:
        """The volume with the image's disk; looked into once, then known by name and birth."""
        if image_id in self._disks:
            volume, birth = self._disks[image_id]
            if birth is not None and birth_of(self._client, volume) == birth:
                return volume
        self._ensure_tools()
        volume = disk_of(self._client, image_id, guest, self._lesson)
        self._disks[image_id] = volume, birth_of(self._client, volume)
        return volume

    def _of_tools(self, words: Sequence[str], run: RunSettings) -> str:
        """The id of a container of the tools, which are supplied once more if they are gone."""
        try:
            return create_container(self._client, VM_TOOLS, words, run, self._lesson)
        except ImageNotFound:
            self._ensure_tools()
            return create_container(self._client, VM_TOOLS, words, run, self._lesson)

    def _ensure_tools(self) -> None:
        ensure_tools(self._client, self._launcher.ensure)

    def _inspected(self, image: str) -> dict[str, Any]:
        with translated(docker_line("image", "inspect", image)):
            try:
                answer = self._client.api.inspect_image(image)
            except ImageNotFound:
                self._launcher.ensure(image)
                answer = self._client.api.inspect_image(image)
            return needed_table(answer, "docker image inspect")

    @cached_property
    def _platform(self) -> Platform:
        return engine_platform(self._client)

    def _check_memory(self, settings: VmSettings) -> None:
        there = count_in(self.context.info, "MemTotal")
        if there and settings.memory_bytes > there:
            raise InvalidInput(
                f"The VM is to have {format_memory(settings.memory_bytes)}, and the engine's "
                f"machine has {format_memory(there)} in all.",
                "Give it less: memory='128m' is enough for the sample app.",
            )
