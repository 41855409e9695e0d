"""A comparison under way: what comes before its clocks, and what stays when it is broken off."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.container.launcher import Launcher
from helpers.engine.footprint import compare
from helpers.engine.footprint.group import running
from helpers.engine.vm.launcher import VmLauncher
from helpers.engine.vm.race import RaceRun
from helpers.errors import EngineError, Interrupted, NotReady
from helpers.model.vm.acceleration import SOFTWARE, Acceleration


class Maker(VmLauncher):
    """One that notes what it is asked for."""

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    def prepared(self, image: str) -> Any:
        self._asked.append("disk")
        return "volume", None

    @property
    def acceleration(self) -> Acceleration:
        self._asked.append("acceleration")
        return Acceleration(SOFTWARE, "")


class Docker(Launcher):
    """One on which nothing starts, with what boots its VMs."""

    def __init__(self) -> None:
        client: Any = SimpleNamespace(api=None, info=lambda: {})
        super().__init__(EngineContext(client, Endpoint("", "")), str)
        self.asked: list[str] = []
        self.interrupted = False
        self.vms = Maker(self.asked)

    def run(self, *_: object, **__: object) -> Any:
        self.asked.append("run")
        if self.interrupted:
            raise KeyboardInterrupt
        raise NotReady("Nothing starts here.")


def test_disk_and_acceleration_are_there_before_the_first_clock_starts() -> None:
    docker = Docker()
    with pytest.raises(NotReady, match="Nothing starts here"):
        compare(docker, docker.vms, "app")
    assert docker.asked == ["disk", "acceleration", "run"]


def test_a_race_has_disk_and_acceleration_before_it_begins() -> None:
    docker = Docker()
    RaceRun(docker, docker.vms, "app")
    assert docker.asked == ["disk", "acceleration"]


class Made:
    """A container that answers at once, or waits for an answer until it is removed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._gone = threading.Event()
        world.there.add(self)

    def wait_until_ready(self, path: str, seconds: float) -> None:
        self._world.waiting.release()
        if self._world.answers or self._gone.wait(20):
            return
        raise AssertionError("it was waited for to the end")

    def remove(self, force: bool) -> None:
        self._world.removing.set()
        self._world.may_remove.wait(20)
        if self._world.stuck and self._world.stuck.pop():
            self._gone.set()
            raise EngineError("The engine does not remove it.")
        self._gone.set()
        self._world.there.discard(self)


class World:
    """All that was started, as a way to run an app; `last_may_start` holds back the last one."""

    name = "a way"

    def __init__(self, answers: bool = False) -> None:
        self.there: set[Made] = set()
        self.answers = answers
        self.stuck: list[bool] = []
        self.last_starts = True
        self.waiting = threading.Semaphore(0)
        self.removing, self.may_remove = threading.Event(), threading.Event()
        self.last_may_start = threading.Event()
        self.may_remove.set()
        self.last_may_start.set()
        self._starts = itertools.count(1)

    def start(self) -> Made:
        if next(self._starts) == COUNT:
            self.last_may_start.wait(20)
            if not self.last_starts:
                raise NotReady("The last one does not start.")
        return Made(self)


COUNT = 4


def interrupt() -> None:
    """What Jupyter and a terminal do."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def run(world: World) -> None:
    with running(world, COUNT, 20):  # type: ignore[arg-type]
        pass


def test_an_interrupt_ends_the_waiting_and_nothing_stays() -> None:
    world = World()
    world.last_may_start.clear()

    def press() -> None:
        for _ in range(COUNT - 1):
            world.waiting.acquire()
        interrupt()
        world.removing.wait(20)
        world.last_may_start.set()

    with others(press), pytest.raises(KeyboardInterrupt):
        run(world)
    assert world.there == set()


def test_a_second_interrupt_does_not_stop_the_removal() -> None:
    world = World()
    world.may_remove.clear()

    def press() -> None:
        for _ in range(COUNT):
            world.waiting.acquire()
        interrupt()
        world.removing.wait(20)
        interrupt()

    with others(press), pytest.raises(KeyboardInterrupt):
        run(world)
    assert len(world.there) == COUNT
    world.may_remove.set()
    for thread in threading.enumerate():
        if thread.name.startswith("footprint"):
            thread.join(20)
    assert world.there == set()


def test_one_that_cannot_be_removed_does_not_keep_the_others() -> None:
    world = World(answers=True)
    world.stuck = [False, True]
    with pytest.raises(EngineError, match="does not remove it"):
        run(world)
    assert len(world.there) == 1


def test_one_that_fails_takes_the_others_with_it_and_is_what_comes_out() -> None:
    world = World()
    world.stuck = [True]

    world.last_starts = False
    with pytest.raises(NotReady, match="does not start"):
        run(world)
    assert len(world.there) == 1


def test_a_comparison_that_is_interrupted_says_so() -> None:
    docker = Docker()
    docker.interrupted = True
    with pytest.raises(Interrupted, match="The comparison was broken off"):
        compare(docker, docker.vms, "app")


@contextmanager
def others(press: Callable[[], None]) -> Iterator[None]:
    """A block beside which somebody presses keys, and it is waited for them."""
    thread = threading.Thread(target=press)
    thread.start()
    yield
    thread.join()
