"""A container and a VM of one image, started at the same moment, each followed to its answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from docker.errors import APIError
from requests.exceptions import RequestException

from helpers.errors import Interrupted, NotReady, WorkbookError
from helpers.model.footprint import CONTAINER, VM
from helpers.model.race import ANSWERED, STARTED, Lane, Race
from helpers.model.vm_console import clean, stage_of

if TYPE_CHECKING:
    from helpers.engine.container import Container
    from helpers.engine.engine import Docker
    from helpers.engine.vm.virtual_machine import VirtualMachine

LONGEST_SECONDS = 170.0
OnChange = Callable[[Race], None]


class RaceRun:
    """One race, under way on threads of its own once `start` was called.

    The tools and the disk are made before it begins: they are made once and kept. So both clocks
    start with the creation of one container. What takes part goes on afterwards, as `container` and
    `vm`. Raises InvalidInput or ImageUnavailable at once.
    """

    def __init__(
        self,
        docker: Docker,
        image: str,
        port: int = 80,
        names: tuple[str, str] = ("web", "vm"),
        ports: tuple[int, int] = (0, 0),
    ) -> None:
        how = f"QEMU {docker.vms.ready(image).words}"
        lanes = (Lane(CONTAINER, "on the engine's kernel"), Lane(VM, how))
        self._docker, self._image, self._inside = docker, image, port
        self._names, self._outside = names, ports
        self.race = Race(image, lanes)
        self.container: Container | None = None
        self.vm: VirtualMachine | None = None
        self._errors: list[WorkbookError] = []
        self._on_change: OnChange = lambda race: None
        self._changing = threading.Lock()
        self._begun = 0.0
        self._over = threading.Event()

    def start(self, on_change: OnChange) -> None:
        """Begins; `on_change` is called on other threads, at each mark that is reached."""
        self._on_change = on_change
        self._begun = time.monotonic()
        for way in (self._run_container, self._run_vm):
            threading.Thread(target=self._guarded, args=(way,), name="race", daemon=True).start()

    def wait(self, seconds: float = LONGEST_SECONDS) -> Race:
        """The race once it is over; raises what stopped a lane, NotReady or Interrupted."""
        try:
            is_over = self._over.wait(seconds)
        except KeyboardInterrupt:
            raise Interrupted("The race goes on by itself.", "Run the cell again.") from None
        if self._errors:
            raise self._errors[0]
        if not is_over:
            raise NotReady(f"The race was not over within {seconds:g} s.", "Run the cell again.")
        return self.race

    @property
    def elapsed(self) -> float:
        """Seconds since it began, or that it took."""
        return self.race.seconds if self._over.is_set() else self._now()

    def _run_container(self) -> None:
        outside = ("127.0.0.1", self._outside[0])
        made = self._docker.run(self._image, name=self._names[0], ports={self._inside: outside})
        self.container = made
        self._mark(CONTAINER, STARTED)
        made.wait_until_ready("/", seconds=LONGEST_SECONDS)
        self._mark(CONTAINER, ANSWERED)

    def _run_vm(self) -> None:
        outside = ("127.0.0.1", self._outside[1])
        made = self._docker.vm(self._image, name=self._names[1], ports={self._inside: outside})
        self.vm = made
        self._mark(VM, STARTED)
        follower = threading.Thread(target=self._follow, args=(made,), name="race", daemon=True)
        follower.start()
        made.wait_until_ready("/", seconds=LONGEST_SECONDS)
        self._mark(VM, ANSWERED)

    def _follow(self, vm: VirtualMachine) -> None:
        """Marks each stage that the console tells of; it ends with the race."""
        try:
            for line in _lines(self._docker, vm.id):
                if stage := stage_of(clean(line)):
                    self._mark(VM, stage)
                if self._over.is_set():
                    return
        except (APIError, RequestException):
            return

    def _mark(self, name: str, mark: str) -> None:
        self._change(name, lambda lane: lane if lane.is_over else lane.reached(mark, self._now()))

    def _change(self, name: str, change: Callable[[Lane], Lane]) -> None:
        with self._changing:
            lane = next(lane for lane in self.race.lanes if lane.name == name)
            self.race = self.race.with_lane(change(lane), self._now())
            if self.race.is_over:
                self._over.set()
            race = self.race
        self._on_change(race)

    def _guarded(self, way: Callable[[], None]) -> None:
        name = CONTAINER if way == self._run_container else VM
        try:
            way()
        except WorkbookError as error:
            self._errors.append(error)
            words = error.message.splitlines()[0]
            self._change(name, lambda lane: Lane(lane.name, lane.detail, lane.marks, words))

    def _now(self) -> float:
        return time.monotonic() - self._begun if self._begun else 0.0


def _lines(docker: Docker, id: str) -> Iterator[str]:
    """The console's lines as they come."""
    waiting = ""
    for chunk in docker.client.api.logs(id, stream=True, follow=True):
        *lines, waiting = (waiting + chunk.decode(errors="replace")).split("\n")
        yield from lines
