"""`race(docker, "my-python-app")`: a container and a VM, started at once, to the first answer."""

from __future__ import annotations

from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.vm.race import RaceRun
from helpers.engine.vm.virtual_machine import VirtualMachine
from helpers.errors import NotReady
from helpers.views.footprint.race import RaceView, race_table
from helpers.views.kit.page import Page


class NotebookRace(RaceView):
    """A race that runs; `container` and `vm` go on after it."""

    def __init__(self, run: RaceRun) -> None:
        super().__init__(run)
        self._racing = run

    def finish(self) -> Page:
        """What each reached and when, once both have answered; raises what stopped one of them."""
        return race_table(self._racing.wait())

    @property
    def seconds(self) -> dict[str, float]:
        """When each gave its first answer, in seconds since the start; without whom has not."""
        answers = {lane.name: lane.answer_seconds for lane in self._racing.race.lanes}
        return {name: seconds for name, seconds in answers.items() if seconds is not None}

    @property
    def container(self) -> Container:
        """The container, once it was started; raises NotReady before."""
        if self._racing.container is None:
            raise NotReady("The container is not started yet.", "Run `finish()` first.")
        return self._racing.container

    @property
    def vm(self) -> VirtualMachine:
        """The virtual machine, once it was started; raises NotReady before."""
        if self._racing.vm is None:
            raise NotReady("The virtual machine is not started yet.", "Run `finish()` first.")
        return self._racing.vm


def race(
    docker: Docker,
    image: str,
    port: int = 80,
    names: tuple[str, str] = ("web", "vm"),
    ports: tuple[int, int] = (0, 0),
) -> NotebookRace:
    """The image as a container and as a VM, started at the same moment, in lanes that grow.

    `port` is where the app listens; `names` and `ports` (on 127.0.0.1, 0: any free one) are those
    of the container and the VM. Raises InvalidInput, ImageUnavailable or EngineError.
    """
    run = docker.race(image, port, names, ports)
    view = NotebookRace(run)
    run.start(lambda race: view.refresh())
    return view
