"""A build's messages followed to its end, whatever that is; the engine's side is made up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from docker.errors import ImageNotFound

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_context import EngineContext, Listeners
from helpers.engine.build import request
from helpers.engine.build.builder import Builder
from helpers.engine.build.stream import Received
from helpers.engine.build.throttle import Throttle
from helpers.errors import InvalidInput
from helpers.model.build.failure import BuildFailed
from helpers.model.build.report import BuildReport
from helpers.model.build.settings import BuildSettings
from helpers.model.build.step import LINES_ON_THE_WAY

DOCKERFILE = "FROM scratch\nRUN seq\n"
IMAGE = {"Id": "sha256:1", "Size": 1, "RootFS": {"Layers": ["a"]}}
LINES = 3000


def flood() -> Iterator[Received]:
    """A build that took five minutes, all of whose messages wait already."""
    yield Received(0.1, {"stream": "Step 1/2 : FROM scratch"})
    yield Received(0.2, {"stream": "Step 2/2 : RUN seq"})
    for number in range(LINES):
        yield Received(0.2 + number / 10, {"stream": f"{number}\n"})
    yield Received(300.3)


Build = Callable[..., BuildReport]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Build:
    """build(listener, problem, inspect) -> the report of that flood."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))

    def build_it(
        listener: Callable[[BuildReport], None],
        problems: tuple[Exception, ...] = (),
        inspect: Callable[[str], dict[str, Any]] = lambda _: IMAGE,
        messages: Callable[[], Iterator[Received]] = flood,
    ) -> BuildReport:
        session = SimpleNamespace(problems=problems, identity="1", close=lambda: None)
        stream = SimpleNamespace(messages=messages, stop=lambda: None)
        monkeypatch.setattr(request, "open_session", lambda *_: session)
        monkeypatch.setattr(request, "BuildStream", lambda *_: stream)
        api = SimpleNamespace(inspect_image=inspect, history=lambda _: [{"Size": 1}])
        client = cast("Any", SimpleNamespace(api=api, info=lambda: {"ID": "engine"}))
        engine = EngineContext(client, Endpoint("", ""), "00", listeners=Listeners(None, listener))
        one = Builder(engine, cast("Any", None))
        return one.build(BuildSettings(context="-", tag="t", stdin=DOCKERFILE))

    return build_it


def test_a_slow_listener_holds_up_no_build(build: Build) -> None:
    seen: list[BuildReport] = []

    def listen(report: BuildReport) -> None:
        seen.append(report)
        time.sleep(0.05)

    began = time.monotonic()
    report = build(listen)
    took = time.monotonic() - began
    assert report.seconds == 300.3
    assert len(seen) < 3 + took / 0.1
    assert seen[-1] == report
    assert [line.text for line in report.own_steps[-1].log] == [str(n) for n in range(LINES)]
    for received in seen[:-1]:
        for step in received.own_steps:
            assert len(step.log) <= LINES_ON_THE_WAY


def test_a_file_that_could_not_be_sent_ends_what_the_listener_sees(build: Build) -> None:
    seen: list[BuildReport] = []
    problem = FileNotFoundError(2, "No such file or directory", "/x/brief")
    with pytest.raises(InvalidInput, match="'/x/brief' is in the build context and changed"):
        build(seen.append, (problem,))
    assert (seen[-1].is_over, seen[-1].own_steps[-1].status) == (True, "canceled")
    assert "/x/brief" in seen[-1].error
    assert [report.is_over for report in seen].count(True) == 1


def test_an_image_that_is_gone_again_ends_what_the_listener_sees(build: Build) -> None:
    def inspect(_: str) -> dict[str, Any]:
        raise ImageNotFound("No such image: t")

    seen: list[BuildReport] = []
    with pytest.raises(ImageNotFound):
        build(seen.append, inspect=inspect)
    assert (seen[-1].is_over, seen[-1].error) == (True, "No such image: t")


def test_who_is_slow_is_told_half_of_the_time_and_who_is_quick_ten_times_a_second() -> None:
    for takes, expected in ((0.0, 10), (0.5, 1), (0.2, 3)):
        clock, received = SimpleNamespace(now=0.0), []

        def listen(
            _: object,
            clock: SimpleNamespace = clock,
            takes: float = takes,
            received: list[float] = received,
        ) -> None:
            received.append(clock.now)
            clock.now += takes

        throttle = Throttle(listen, lambda clock=clock: clock.now)
        while clock.now < 0.995:
            throttle.offer(lambda: cast("BuildReport", None))
            clock.now += 0.01
        assert len(received) == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("times", [1, 2])
def test_a_layer_that_the_engine_lost_is_built_once_more(build: Build, times: int) -> None:
    """As the engine does with containerd's store, now and then: its cache has all steps."""
    left = [lost] * times

    def messages() -> Iterator[Received]:
        return (left.pop() if left else flood)()

    seen: list[BuildReport] = []
    if times == 1:
        assert build(seen.append, messages=messages).image_id == "sha256:1"
    else:
        with pytest.raises(BuildFailed, match="parent snapshot"):
            build(seen.append, messages=messages)
    assert not left
    assert [report.is_over for report in seen].count(True) == 1


def lost() -> Iterator[Received]:
    """A build whose export fails."""
    yield Received(0.1, {"error": "parent snapshot sha256:5 does not exist: not found"})
