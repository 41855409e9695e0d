"""Waiting for a state of a container, of which each look is played from a list."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from requests.exceptions import ConnectionError, ReadTimeout
from urllib3.exceptions import ReadTimeoutError

from helpers.engine.base.answers import translated
from helpers.engine.base.http_probe import wait_for_answer
from helpers.engine.container import waiting
from helpers.errors import Interrupted, NotReady


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PAUSE_SECONDS", 0)


def looks(*changes: dict[str, object]) -> Any:
    """A container that is so at each look, and stays as it was at the last."""
    usual = {"name": "web", "status": "running", "health": "", "exit_code": None,
             "may_be_restarted": False, "started": "first"}  # fmt: skip
    states = [SimpleNamespace(**{**usual, "restart_count": 0, **change}) for change in changes]
    left = iter(states)
    return lambda: next(left, states[-1])


def test_a_health_is_waited_for_until_it_is_that() -> None:
    look = looks({"health": "starting"}, {"health": "starting"}, {"health": "healthy"})
    assert waiting.until_health(look, "healthy", 10) == "healthy"


@pytest.mark.parametrize(
    "change", [{}, {"health": "healthy", "status": "exited"}, {"health": "", "status": "created"}]
)
def test_no_health_comes_without_a_check_or_a_process(change: dict[str, object]) -> None:
    with pytest.raises(NotReady, match="web has no health check, or does not run"):
        waiting.until_health(looks(change), "healthy", 100)


def test_another_health_is_told_when_the_time_is_up() -> None:
    with pytest.raises(NotReady, match="web is unhealthy"):
        waiting.until_health(looks({"health": "unhealthy"}), "healthy", 0)


def test_an_end_is_an_exit_code() -> None:
    assert waiting.until_ended(looks({}, {"status": "exited", "exit_code": 0}), 10) == 0
    with pytest.raises(NotReady, match="web is running after 0 s"):
        waiting.until_ended(looks({}), 0)


def test_an_end_between_two_tries_is_not_the_end() -> None:
    between = {"status": "exited", "exit_code": 3, "may_be_restarted": True}
    again = {"started": "again"}
    last = {"status": "exited", "exit_code": 4, "may_be_restarted": False}
    assert waiting.until_ended(looks(between, between, again, {**again, **last}), 10) == 4


def test_an_end_after_which_nobody_starts_it_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_RESTART_SECONDS", 0)
    asked = {"status": "exited", "exit_code": 137, "may_be_restarted": True}
    assert waiting.until_ended(looks(asked), 10) == 137


def test_a_restart_is_counted() -> None:
    assert waiting.until_restarted(looks({}, {"restart_count": 2}), 10) == 2
    with pytest.raises(NotReady, match="web was not started again within 0 s"):
        waiting.until_restarted(looks({}), 0)


def engine_that(answer: Any) -> Any:
    """A client whose wait gives that, or raises it."""

    def wait(_: str, timeout: float | None) -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return SimpleNamespace(api=SimpleNamespace(wait=wait))


def test_the_time_that_one_waits_is_not_the_engines_end() -> None:
    late = ConnectionError(ReadTimeoutError(None, "/wait", "Read timed out."))  # type: ignore[arg-type]
    for error in (late, ReadTimeout("late")):
        with pytest.raises(NotReady, match="web has not ended within 1 s"):
            waiting.first_exit_code(engine_that(error), "c0ffee", "web", 1)
    with pytest.raises(ConnectionError):
        waiting.first_exit_code(engine_that(ConnectionError("refused")), "c0ffee", "web", 1)
    assert waiting.first_exit_code(engine_that({"StatusCode": 3}), "c0ffee", "web", 1) == 3


def test_an_interrupt_of_any_wait_is_two_lines() -> None:
    def interrupted() -> Any:
        raise KeyboardInterrupt

    waits: list[Callable[[], object]] = [
        lambda: waiting.until_ended(interrupted, 10),
        lambda: waiting.until_health(interrupted, "healthy", 10),
        lambda: waiting.until_restarted(interrupted, 10),
        lambda: wait_for_answer("http://127.0.0.1:1/", 10, interrupted),
    ]
    for wait in waits:
        with pytest.raises(Interrupted) as caught:
            wait()
        assert len(caught.value._render_traceback_()) == 2


def test_an_interrupt_of_any_command_is_two_lines() -> None:
    with (
        pytest.raises(Interrupted, match="`docker stop web` was interrupted") as caught,
        translated("docker stop web"),
    ):
        raise KeyboardInterrupt
    assert len(caught.value._render_traceback_()) == 2
    with pytest.raises(Interrupted, match="its own words"), translated("docker run web"):
        raise Interrupted("its own words")
