"""A container and a VM of one image, started at the same moment, each followed to its answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.events import LOST, close_stream
from helpers.engine.base.leased_thread import give
from helpers.engine.container.launcher import Launcher
from helpers.engine.vm.launcher import VmLauncher
from helpers.errors import EngineError, Interrupted, NotReady, WorkbookError
from helpers.model.footprint.footprint import CONTAINER, VM
from helpers.model.footprint.race import ANSWERED, STARTED, Lane, Race
from helpers.model.vm.console import clean, stage_of

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
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
        launcher: Launcher,
        vms: VmLauncher,
        image: str,
        port: int = 80,
        names: tuple[str, str] = ("web", "vm"),
        ports: tuple[int, int] = (0, 0),
    ) -> None:
        how = f"QEMU {vms.ready(image).words}"
        lanes = (Lane(CONTAINER, "on the engine's kernel"), Lane(VM, how))
        self._launcher, self._vms, self._image, self._inside = launcher, vms, image, port
        self._names, self._outside = names, ports
        self.race = Race(image, lanes)
        self.container: Container | None = None
        self.vm: VirtualMachine | None = None
        self._errors: list[WorkbookError] = []
        self._on_change: OnChange = lambda race: None
        self._console: Any = None
        self._is_followed = True
        self._changing = threading.Lock()
        self._begun = 0.0
        self._over = threading.Event()

    def start(self, on_change: OnChange) -> None:
        """Begins; `on_change` is called on other threads, at each mark that is reached."""
        self._on_change = on_change
        self._begun = time.monotonic()
        for name, way in ((CONTAINER, self._run_container), (VM, self._run_vm)):
            lane = threading.Thread(
                target=self._guarded, args=(name, way), name="race", daemon=True
            )
            lane.start()

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
        made = self._launcher.run(self._image, name=self._names[0], ports={self._inside: outside})
        self.container = made
        self._mark(CONTAINER, STARTED)
        made.wait_until_ready("/", seconds=LONGEST_SECONDS)
        self._mark(CONTAINER, ANSWERED)

    def _run_vm(self) -> None:
        outside = ("127.0.0.1", self._outside[1])
        made = self._vms.run(self._image, name=self._names[1], ports={self._inside: outside})
        self.vm = made
        self._mark(VM, STARTED)
        follower = threading.Thread(target=self._follow, args=(made,), name="race", daemon=True)
        follower.start()
        try:
            made.wait_until_ready("/", seconds=LONGEST_SECONDS)
            self._mark(VM, ANSWERED)
        finally:
            with self._changing:
                self._is_followed = False
                close_stream(self._console)

    def _follow(self, vm: VirtualMachine) -> None:
        """Marks each stage that the console tells of; it ends with the lane, which closes it."""
        try:
            stream = self._launcher.context.client.api.logs(vm.id, stream=True, follow=True)
            with self._changing:
                self._console = stream
                if not self._is_followed:
                    close_stream(stream)
            for line in _lines(stream):
                if stage := stage_of(clean(line)):
                    self._mark(VM, stage)
        except LOST:
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
        give(self._on_change, race)

    def _guarded(self, name: str, way: Callable[[], None]) -> None:
        """Goes that way; whatever stops it ends the lane, which would be waited for otherwise."""
        try:
            with translated("docker run"):
                way()
        except WorkbookError as error:
            self._fail(name, error)
        except Exception as error:
            what = f"The {name} was lost in the race: {error or type(error).__name__}."
            self._fail(name, EngineError(what, "Run the cell again."))

    def _fail(self, name: str, error: WorkbookError) -> None:
        self._errors.append(error)
        words = error.message.splitlines()[0]
        self._change(name, lambda lane: Lane(lane.name, lane.detail, lane.marks, words))

    def _now(self) -> float:
        return time.monotonic() - self._begun if self._begun else 0.0


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    """The console's lines as they come."""
    waiting = ""
    for chunk in stream:
        *lines, waiting = (waiting + chunk.decode(errors="replace")).split("\n")
        yield from lines
