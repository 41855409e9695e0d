"""The learner's `docker`: one engine, spoken to in the grammar of the docker CLI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from helpers.engine.base.answers import translated
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext, Listeners
from helpers.engine.base.labels import NO_LESSON
from helpers.engine.cleanup.opened_lesson import OpenedLesson
from helpers.engine.connected_engine import ConnectedEngine
from helpers.engine.container.container import Container
from helpers.engine.container.launcher import Launcher, existing_container
from helpers.engine.image.image import Image
from helpers.engine.image.size import listed_images
from helpers.engine.tables import containers_table, images_table, stats_table
from helpers.model.build.settings import BuildOptions, BuildSettings
from helpers.model.container.outcome import Removed
from helpers.model.container.run_options import RunOptions
from helpers.model.text.command_line import docker_line, option
from helpers.model.vm.settings import VmOptions

if TYPE_CHECKING:
    import pandas
    from docker import DockerClient

    from helpers.engine.command.typed_docker import TypedDocker
    from helpers.engine.kubernetes.cluster import Cluster
    from helpers.engine.kubernetes.typed_kubectl import TypedKubectl
    from helpers.engine.node.nodes import Nodes
    from helpers.engine.registry.hub import Hub
    from helpers.engine.registry.registry import Registry
    from helpers.engine.supply import ImageSupply
    from helpers.engine.swarm.manager import Manager
    from helpers.engine.vm.launcher import VmLauncher
    from helpers.engine.vm.race import RaceRun
    from helpers.engine.vm.virtual_machine import VirtualMachine
    from helpers.engine.volume.volume import Volume
    from helpers.model.build.report import BuildReport
    from helpers.model.footprint.footprint import FootprintComparison

# An import inside of a method is for speed: `connect()` would take twice as long with all of them.


class Docker(ConnectedEngine):
    """An engine; what it makes for a lesson carries the label `workbook.lesson=NN`.

    `names` are what learners make in the lesson by hand, without that label.
    """

    def __init__(
        self,
        client: DockerClient,
        endpoint: Endpoint,
        lesson: str = NO_LESSON,
        names: tuple[str, ...] = (),
        listeners: Listeners | None = None,
    ) -> None:
        listeners = listeners or Listeners()
        super().__init__(EngineContext(client, endpoint, lesson, listeners=listeners))
        self._opened = OpenedLesson(client, lesson, names)
        self._launcher = Launcher(self._context, self._ensure, self._opened.go_on)

    @cached_property
    def typed(self) -> TypedDocker:
        """Runs commands as they are typed in a terminal (`%docker` in a cell)."""
        from helpers.engine.command.typed_docker import TypedDocker

        return TypedDocker(self._context, lambda: self._supply, self._opened, lambda: self.nodes)

    @cached_property
    def nodes(self) -> Nodes:
        """The engines in containers that the workbook made on this one, for a cluster."""
        from helpers.engine.node.nodes import Nodes

        return Nodes(self._context, self._ensure, self._opened.go_on)

    @cached_property
    def cluster(self) -> Cluster:
        """The cluster of Kubernetes in a container of this engine, there or not."""
        from helpers.engine.kubernetes.cluster import Cluster

        return Cluster(self._context, self._ensure, self._opened.go_on)

    @cached_property
    def kubectl(self) -> TypedKubectl:
        """Runs kubectl commands as they are typed in a terminal (`%kubectl` in a cell)."""
        from helpers.engine.kubernetes.typed_kubectl import TypedKubectl

        return TypedKubectl(self._context, self.cluster)

    @property
    def managers(self) -> list[Manager]:
        """The engines of those nodes that run: one of them may be a swarm's manager."""
        from helpers.engine.swarm.manager import Manager

        return [Manager(client) for client in self.nodes.clients()]

    @cached_property
    def vms(self) -> VmLauncher:
        """What it takes to boot virtual machines on this engine."""
        from helpers.engine.vm.launcher import VmLauncher

        return VmLauncher(self._launcher)

    def run(
        self, image: str, command: str | Sequence[str] | None = None, **options: Unpack[RunOptions]
    ) -> Container:
        """A new container of that image, started; with detach=False, ended too.

        The options are those of `docker run`: see RunSettings. A missing image is supplied first.
        Raises NameInUse, PortInUse, ImageUnavailable, DiskFull, InvalidInput or EngineError; what
        was half made by then is removed, as it is after an interrupt.
        """
        return self._launcher.run(image, command, **options)

    def build(
        self, path: str | Path, tag: str | None = None, **options: Unpack[BuildOptions]
    ) -> BuildReport:
        """The report of an image built from the Dockerfile in that folder.

        With the path "-" nothing but `stdin`, a Dockerfile, is sent. The options are those of
        `docker build`: see BuildSettings. Images to build on are supplied first. Raises BuildFailed
        (with the report), ImageUnavailable, InvalidInput, Interrupted or EngineGone.
        """
        from helpers.engine.build.builder import Builder

        settings = BuildSettings.of(path, tag, options)
        line = settings.line()
        with translated(line.partition("\n")[0]):
            self._opened.go_on()
            report = Builder(self._context, self._supply).build(settings)
        self.commands.add(line)
        return report

    def vm(
        self, image: str, command: str | Sequence[str] | None = None, **options: Unpack[VmOptions]
    ) -> VirtualMachine:
        """A new virtual machine that boots that image's files under a kernel of its own.

        The options are those of VmSettings. Raises what `run` raises, after which nothing is left.
        """
        return self.vms.run(image, command, **options)

    def race(
        self,
        image: str,
        port: int = 80,
        names: tuple[str, str] = ("web", "vm"),
        ports: tuple[int, int] = (0, 0),
    ) -> RaceRun:
        """A container and a VM of that image, ready to be started at the same moment."""
        from helpers.engine.vm.race import RaceRun

        return RaceRun(self._launcher, self.vms, image, port, names, ports)

    def compare_with_vm(
        self,
        image: str,
        port: int = 80,
        runs: int = 3,
        together: int = 0,
        on_step: Callable[[str], None] | None = None,
    ) -> FootprintComparison:
        """What a container and a VM of that image cost, each started so many times, in turns."""
        from helpers.engine.footprint import compare

        return compare(self._launcher, self.vms, image, port, runs, together, on_step=on_step)

    def registry(
        self, port: int | None = None, *, cache_of: Registry | str | None = None
    ) -> Registry:
        """A registry on localhost, in a container with a volume of its own: there, or started.

        With `cache_of` a pull-through cache of another registry ('docker.io' is Docker Hub).
        Raises NameInUse, PortInUse, ImageUnavailable, NotReady or RegistryGone.
        """
        from helpers.engine.registry.cache import cache
        from helpers.engine.registry.container import PORT, local_registry

        if cache_of is not None:
            return cache(self._launcher, cache_of, port)
        return local_registry(self._launcher, PORT if port is None else port)

    def registry_at(self, address: str, seconds: float = 10) -> Registry:
        """The registry that answers at 'localhost:5004', by whomever; raises RegistryGone."""
        from helpers.engine.registry.attached import registry_at

        return registry_at(self._context, address, seconds)

    def hub(self) -> Hub:
        """Docker Hub as it is now; what cannot be asked of it comes with the reason."""
        from helpers.engine.registry.hub import Hub

        return Hub()

    def ps(self, all: bool = False) -> pandas.DataFrame:
        """The running containers, or all of them: name, image, status and ports."""
        line = docker_line("ps", option("--all", all))
        return containers_table(self._asked(line, lambda: self.client.api.containers(all=all)))

    def stats(self) -> pandas.DataFrame:
        """What the running containers use now; 100 % CPU is one full core. Raises EngineGone."""
        from helpers.engine.usage import first_tick

        self._asked(docker_line("stats", "--no-stream"), self.client.ping)
        return stats_table(first_tick(self.client))

    def images(self) -> pandas.DataFrame:
        """The images: name, id, size, and what a stand-in was made of."""
        return images_table(self._asked("docker images", lambda: listed_images(self.client.api)))

    def container(self, name: str) -> Container:
        """The container of that name or id, whoever made it; raises NoSuchContainer."""
        return existing_container(self._context, name)

    def image(self, name: str) -> Image:
        """The image of that name or id; raises NoSuchImage."""
        return Image(self.client, name)

    def volume(self, name: str) -> Volume:
        """The volume of that name, whoever made it; raises NoSuchVolume."""
        from helpers.engine.volume.volume import Volume

        return Volume(self._context, name, self._ensure)

    def clean_up(self) -> Removed:
        """What was removed: only what this lesson made."""
        if "nodes" in vars(self):
            self.nodes.close()
        if "cluster" in vars(self):
            self.cluster.close()
        return self._opened.clean_up()

    @cached_property
    def _supply(self) -> ImageSupply:
        from helpers.engine.supply import ImageSupply

        return ImageSupply(self.client)

    def _ensure(self, image: str) -> object:
        """Brings that image to the engine, unless it is there."""
        return self._supply.ensure(image, self._context.listeners.on_supply)
