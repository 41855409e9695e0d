"""A race without an engine: every lane ends, and nothing of the race goes on after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from helpers.engine.vm.race import RaceRun
from helpers.errors import EngineError
from helpers.model.footprint.race import ANSWERED, Race
from helpers.model.vm.acceleration import SOFTWARE, Acceleration


class Console:
    """A VM's console that says one line and then nothing until it is closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        yield b"Linux version 6.12\n"
        self.closed.wait(20)

    def close(self) -> None:
        self.closed.set()


class Docker:
    """One whose container and VM answer as soon as `wait_for` lets them."""

    def __init__(self, wait_for: Callable[[], object] = lambda: None) -> None:
        self.console = Console()
        client = SimpleNamespace(api=SimpleNamespace(logs=lambda *_, **__: self.console))
        self.context = SimpleNamespace(client=client)
        acceleration = Acceleration(SOFTWARE, "")
        self.vms = SimpleNamespace(
            ready=lambda image: acceleration,
            prepared=lambda image: None,
            acceleration=acceleration,
            run=self.run,
        )
        self._wait_for = wait_for

    def run(self, *_: object, **__: object) -> Any:
        return SimpleNamespace(id="c", wait_until_ready=lambda *_, **__: self._wait_for())


def raced(docker: Docker, on_change: Callable[[Race], None] = lambda race: None) -> RaceRun:
    run = RaceRun(docker, docker.vms, "app")  # type: ignore[arg-type]
    run.start(on_change)
    return run


def test_the_console_is_not_followed_after_the_answer() -> None:
    docker = Docker()
    race = raced(docker).wait(10)
    assert [lane.marks[-1].name for lane in race.lanes] == [ANSWERED, ANSWERED]
    for thread in threading.enumerate():
        if thread.name == "race":
            thread.join(5)
            assert not thread.is_alive()
    assert docker.console.closed.is_set()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (APIError("gone"), "The engine answered: Gone"),
        (LookupError("odd"), "lost in the race: odd"),
    ],
)
def test_whatever_stops_a_lane_ends_it(error: Exception, says: str) -> None:
    def stop() -> None:
        raise error

    run = raced(Docker(stop))
    with pytest.raises(EngineError, match=says):
        run.wait(10)
    assert run._over.wait(10)
    assert all(lane.failed for lane in run.race.lanes)


def test_a_view_that_fails_does_not_stop_the_race() -> None:
    def fail(race: Race) -> None:
        raise ValueError("no such view")

    assert raced(Docker(), fail).wait(10).is_over
