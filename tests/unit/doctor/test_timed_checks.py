from __future__ import annotations

import threading
import time

import pytest

from helpers.doctor import timed_checks
from helpers.doctor.check import Check
from helpers.doctor.timed_checks import Job, TimedChecks
from helpers.errors import EngineRefused


def good(name: str) -> Check:
    return Check(name, name.title(), "ok", "All is well.")


def test_rows_come_in_the_order_of_the_jobs_however_long_each_takes() -> None:
    second_is_done = threading.Event()

    def slow() -> Check:
        assert second_is_done.wait(5)
        return good("slow")

    def quick() -> Check:
        second_is_done.set()
        return good("quick")

    rows = TimedChecks([Job("slow", "Slow", slow), Job("quick", "Quick", quick)]).results()
    assert rows == [good("slow"), good("quick")]


def test_a_check_that_hangs_is_cut_and_the_others_are_there() -> None:
    never = threading.Event()

    def hangs() -> Check:
        never.wait()
        return good("hangs")

    jobs = [
        Job("hangs", "Hangs", hangs, seconds=0.2, if_cut="problem"),
        Job("fine", "Fine", lambda: good("fine")),
    ]
    began = time.monotonic()
    cut, fine = TimedChecks(jobs).results()
    assert time.monotonic() - began < 2
    never.set()
    assert (cut.status, cut.observed) == ("problem", "No answer within 0.20 s.")
    assert cut.next_step
    assert fine == good("fine")


def test_the_limits_run_side_by_side() -> None:
    never = threading.Event()

    def hangs() -> Check:
        never.wait()
        return good("hangs")

    began = time.monotonic()
    TimedChecks([Job(f"{n}", f"{n}", hangs, seconds=0.3) for n in range(5)]).results()
    assert time.monotonic() - began < 1.2
    never.set()


def test_an_error_of_ours_becomes_a_row_with_its_next_step() -> None:
    def refused() -> Check:
        raise EngineRefused("It refuses.", "Join the group.")

    [row] = TimedChecks([Job("engine", "Engine", refused, if_cut="problem")]).results()
    assert row == Check("engine", "Engine", "problem", "It refuses.", "Join the group.")


def test_any_other_error_becomes_a_row_too() -> None:
    def broken() -> Check:
        raise ZeroDivisionError("by zero")

    [row] = TimedChecks([Job("x", "X", broken)]).results()
    assert row.status == "warning"
    assert "ZeroDivisionError: by zero" in row.observed
    assert "Traceback" not in row.observed


def test_after_an_interrupt_the_checks_may_clean_up(monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, cleaned = threading.Event(), threading.Event()

    def makes_something() -> Check:
        may_end.wait(5)
        cleaned.set()
        return good("it")

    checks = TimedChecks([Job("it", "It", makes_something)])
    real = threading.Thread.join
    calls: list[float | None] = []

    def interrupted(thread: threading.Thread, timeout: float | None = None) -> None:
        calls.append(timeout)
        if len(calls) == 1:
            may_end.set()
            raise KeyboardInterrupt
        real(thread, timeout)

    monkeypatch.setattr(timed_checks.threading.Thread, "join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        checks.results()
    monkeypatch.undo()
    assert cleaned.is_set()
