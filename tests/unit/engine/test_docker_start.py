"""From a created container to one that the learner holds: what goes wrong between takes it away."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from docker.errors import APIError
from requests.exceptions import ConnectionError

from helpers.engine import connect as way_in
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.cleanup import opened_lesson as module
from helpers.engine.docker import Docker
from helpers.errors import EngineGone, Interrupted, WorkbookError
from tests.unit.vm_engine import IMAGE, VmEngine


@pytest.fixture
def docker(vm_engine: VmEngine) -> Docker:
    made = Docker(vm_engine.client, Endpoint("", "a test"))
    made.__dict__["_supply"] = vm_engine
    return made


@pytest.mark.parametrize("way", ["run", "vm"])
@pytest.mark.parametrize("step", ["start", "inspect_container"])
@pytest.mark.parametrize(
    ("error", "comes"), [(KeyboardInterrupt(), Interrupted), (ConnectionError("x"), EngineGone)]
)
def test_what_was_started_goes_when_the_rest_is_broken_off(
    vm_engine: VmEngine,
    docker: Docker,
    way: str,
    step: str,
    error: BaseException,
    comes: type[WorkbookError],
) -> None:
    docker.vms.ready(IMAGE)
    vm_engine.fails[step] = error
    with pytest.raises(comes):
        getattr(docker, way)(IMAGE)
    assert vm_engine.containers == {}


def test_a_container_that_cannot_go_does_not_hide_what_happened(
    vm_engine: VmEngine, docker: Docker
) -> None:
    vm_engine.fails = {"start": KeyboardInterrupt(), "remove_container": APIError("stuck")}
    with pytest.raises(Interrupted, match="was undone"):
        docker.run(IMAGE)


def test_a_lesson_is_opened_once_by_two_that_start_at_the_same_moment(
    docker: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []

    def go_on(*_: Any) -> None:
        opened.append(1)
        threading.Event().wait(0.2)

    monkeypatch.setattr(module, "go_on", go_on)
    lesson = docker._opened
    lesson._is_cleaned_up = True
    both = [threading.Thread(target=lesson.go_on) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert opened == [1]


@pytest.mark.parametrize("number", ["02", "2", 2])
def test_a_lesson_may_be_named_by_its_number(
    vm_engine: VmEngine, number: str | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clean-up knows what was made by the label, so there is one way to write it."""
    opened: list[str] = []
    monkeypatch.setattr(module, "open_lesson", lambda _, lesson, names: opened.append(lesson))
    monkeypatch.setattr(way_in, "find_client", lambda: (vm_engine.client, Endpoint("", "a test")))
    assert way_in.connect(number).lesson == "02"
    assert opened == ["02"]
