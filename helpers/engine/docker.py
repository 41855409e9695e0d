"""The learner's `docker`: one engine, spoken to in the grammar of the docker CLI."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from docker.errors import ImageNotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.command_log import CommandLog
from helpers.engine.base.labels import NO_LESSON
from helpers.engine.cleanup.cleanup import clean_up
from helpers.engine.cleanup.lesson_opening import go_on, open_lesson
from helpers.engine.container.container import Container
from helpers.engine.container.create import create_container
from helpers.engine.image.image import Image
from helpers.engine.registry.registries import Registries
from helpers.engine.tables import containers_table, images_table, stats_table
from helpers.errors import EngineError, Interrupted
from helpers.model.build.report import BuildReport
from helpers.model.build.settings import BuildOptions, BuildSettings
from helpers.model.container.outcome import Removed
from helpers.model.container.run_settings import RunOptions, RunSettings
from helpers.model.features.feature import Features
from helpers.model.registry.transfer import TransferProgress
from helpers.model.supply.supply import SupplyProgress
from helpers.model.text.command_line import docker_line, option
from helpers.model.vm.settings import VmOptions, VmSettings

if TYPE_CHECKING:
    import pandas
    from docker import DockerClient

    from helpers.engine.connection.endpoint import Endpoint
    from helpers.engine.supply import ImageSupply
    from helpers.engine.vm.start import VmMaker
    from helpers.engine.vm.virtual_machine import VirtualMachine

PRIVATE_LABEL = "workbook.engine=private"


class Docker(Registries):
    """An engine; what it makes for a lesson carries the label `workbook.lesson=NN`.

    `names` are what learners make in the lesson by hand, without that label.
    """

    def __init__(
        self,
        client: DockerClient,
        endpoint: Endpoint,
        lesson: str = NO_LESSON,
        names: tuple[str, ...] = (),
        on_supply: Callable[[SupplyProgress], None] | None = None,
        on_build: Callable[[BuildReport], None] | None = None,
        on_transfer: Callable[[TransferProgress], None] | None = None,
    ) -> None:
        self.client = client
        self.endpoint = endpoint
        self.lesson = lesson
        self.commands = CommandLog()
        self._names = names
        self._is_cleaned_up = False
        self._reopening = threading.Lock()
        self.on_supply = on_supply
        self._on_build = on_build
        self.on_transfer = on_transfer
        with translated("docker info"):
            open_lesson(client, lesson, names)

    def __repr__(self) -> str:
        return f"Docker Engine {self.version} at {self.endpoint.host}"

    @cached_property
    def info(self) -> dict[str, Any]:
        """What the engine says of itself (`docker info`), asked once."""
        with translated("docker info"):
            found: dict[str, Any] = self.client.info()
        return found

    @property
    def version(self) -> str:
        """The engine's version."""
        return str(self.info["ServerVersion"])

    @property
    def is_private(self) -> bool:
        """Whether this is the engine that the workbook itself runs."""
        return PRIVATE_LABEL in (self.info.get("Labels") or [])

    @cached_property
    def supply(self) -> ImageSupply:
        """Where images come from that this engine does not have."""
        from helpers.engine.supply import ImageSupply

        return ImageSupply(self.client)

    @cached_property
    def vms(self) -> VmMaker:
        """What it takes to boot virtual machines on this engine."""
        from helpers.engine.vm.start import VmMaker

        return VmMaker(self.client, lambda: self.supply, self.lesson, self.on_supply)

    @cached_property
    def features(self) -> Features:
        """What this engine and its kernel can do, found by trying."""
        from helpers.engine.features.features import features_of

        return features_of(self.client)

    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        **options: Unpack[RunOptions],
    ) -> Container:
        """A new container of that image, started; with detach=False, ended too.

        The options are those of `docker run`: see RunSettings. A missing image is supplied first.
        Raises NameInUse, PortInUse, ImageUnavailable, DiskFull, InvalidInput or EngineError; what
        was half made by then is removed, as it is after an interrupt.
        """
        settings = RunSettings.of(options)
        line = settings.line(image, command)
        with translated(line):
            self._reopen()
            made = self._created(image, command, settings)
            with self._or_removed(made, line):
                self.client.api.start(made)
                if not settings.detach:
                    self.client.api.wait(made)
                return Container(self.client, made, self.commands, self.commands.add(line))

    def build(
        self, path: str | Path, tag: str | None = None, **options: Unpack[BuildOptions]
    ) -> BuildReport:
        """The report of an image built from the Dockerfile in that folder.

        With the path "-" nothing but a Dockerfile is sent, as `docker build -` does:
        build("-", stdin="FROM busybox:1.37"). The options are those of `docker build`: see
        BuildSettings. Images to build on are supplied first. Raises BuildFailed, which carries the
        report, ImageUnavailable, InvalidInput, Interrupted or EngineGone; then nothing has the tag.
        """
        from helpers.engine.build.builder import Builder

        settings = BuildSettings.of(path, tag, options)
        line = settings.line()
        with translated(line.partition("\n")[0]):
            self._reopen()
            builder = Builder(
                self.client,
                str(self.info["ID"]),
                self.lesson,
                self.supply,
                self.on_supply,
                self._on_build,
            )
            report = builder.build(settings)
        self.commands.add(line)
        return report

    def vm(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        **options: Unpack[VmOptions],
    ) -> VirtualMachine:
        """A new virtual machine that boots that image's files under a kernel of its own.

        The options are those of VmSettings. The tools and the image's disk are made at the first
        time and kept. Raises what `run` raises; what was half made by then is removed.
        """
        settings = VmSettings.of(options)
        self._reopen()
        made, line = self.vms.create(image, command, settings)
        with translated(line), self._or_removed(made, line):
            self.client.api.start(made)
            return self.vms.machine(made, self.commands, self.commands.add(line), image)

    def ps(self, all: bool = False) -> pandas.DataFrame:
        """The running containers, or all of them: name, image, status and ports."""
        line = docker_line("ps", option("--all", all))
        with translated(line):
            found = self.client.api.containers(all=all)
        self.commands.add(line)
        return containers_table(found)

    def stats(self) -> pandas.DataFrame:
        """What the running containers use now; 100 % CPU is one full core.

        Raises EngineGone without an engine.
        """
        from helpers.engine.usage import first_tick

        line = docker_line("stats", "--no-stream")
        with translated(line):
            self.client.ping()
        table = stats_table(first_tick(self.client))
        self.commands.add(line)
        return table

    def images(self) -> pandas.DataFrame:
        """The images: name, id, size, and what a stand-in was made of."""
        line = docker_line("images")
        with translated(line):
            found = self.client.api.images()
        self.commands.add(line)
        return images_table(found)

    def container(self, name: str) -> Container:
        """The container of that name or id, whoever made it; raises NoSuchContainer."""
        with translated(docker_line("inspect", name)):
            found = self.client.api.inspect_container(name)
        return Container(self.client, found["Id"], self.commands)

    def image(self, name: str) -> Image:
        """The image of that name or id; raises NoSuchImage."""
        return Image(self.client, name)

    def clean_up(self) -> Removed:
        """What was removed: only what this lesson made."""
        removed = clean_up(self.client, self.lesson, self._names)
        self._is_cleaned_up = True
        return removed

    def _reopen(self) -> None:
        """After a clean-up in the middle of the lesson, the lesson goes on."""
        with self._reopening:
            if self._is_cleaned_up:
                go_on(self.client, self.lesson)
                self._is_cleaned_up = False

    def _created(
        self, image: str, command: str | Sequence[str] | None, settings: RunSettings
    ) -> str:
        try:
            return create_container(self.client, image, command, settings, self.lesson)
        except ImageNotFound:
            self.supply.ensure(image, self.on_supply)
            return create_container(self.client, image, command, settings, self.lesson)

    @contextmanager
    def _or_removed(self, made: str, line: str) -> Iterator[None]:
        """A block that starts a container; an error or an interrupt in it takes that away again."""
        try:
            yield
        except BaseException as error:
            with suppress(EngineError), translated(line):
                self.client.api.remove_container(made, v=True, force=True)
            if isinstance(error, KeyboardInterrupt):
                raise Interrupted(f"`{line}` was undone.", "Run the cell again.") from None
            raise
