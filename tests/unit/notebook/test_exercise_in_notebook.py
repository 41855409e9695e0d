"""An exercise as a cell meets it: whatever happens to the engine, words come back, and in time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpers.errors import EngineGone, Interrupted, NoSuchContainer, NotReady, WorkbookError
from helpers.model.course.exercise import Exercise, Finding, Outcome, not_started, not_yet, passed
from helpers.model.course.progress import Kind
from helpers.notebook import exercise as cell
from helpers.notebook import look as looking
from helpers.notebook.exercise import NotebookExercise
from helpers.notebook.look import hint_text, look
from helpers.notebook.patience import within
from helpers.notebook.progress import progress_file
from helpers.views.kit.widget_host import WIDGET_MIME

EVIL = "<img src=x onerror=alert(1)>"
Check = Callable[[Any], Finding]


class FakeDocker:
    """An engine connection of which only the clean-up matters."""

    def __init__(self) -> None:
        self.client = self
        self.api = self
        self.timeout = 0.0
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def fresh_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    docker = FakeDocker()
    monkeypatch.setattr(looking, "connect", lambda: docker)
    return docker


def exercise(check: Check, hint: Callable[[Any], str] | str = "two", seconds: float = 5) -> Any:
    return Exercise(
        "00.1", f"T {EVIL}", "Make `it`.", "# it", "it()", check, ("one", hint), seconds=seconds
    )


def raising(error: BaseException) -> Check:
    def check(docker: object) -> Finding:
        raise error

    return check


@pytest.mark.parametrize(
    ("error", "observed"),
    [
        (EngineGone("The engine went away.", "See."), "The engine went away."),
        (NoSuchContainer("No such container: x."), "Something went away while the check looked."),
        (WorkbookError("It is so.", "Do that."), "It is so."),
        (KeyError("Labels"), "The check itself failed: KeyError: 'Labels'."),
        (RecursionError(), "The check itself failed: RecursionError."),
        (AssertionError(EVIL), f"The check itself failed: AssertionError: {EVIL}."),
    ],
)
def test_a_check_that_fails_could_not_look(
    engine: FakeDocker, error: Exception, observed: str
) -> None:
    ex = NotebookExercise(exercise(raising(error)))
    page = ex.check()
    assert page.text.startswith("? could not look: exercise 00.1\n")
    assert observed in page.text
    assert page.text.splitlines()[-1] != f"Observed: {observed}", "it says what to do next"
    assert "<img" not in page.html
    assert "could not look" in repr(ex)
    assert engine.closed
    assert progress_file().entries() == [], "what nobody saw is no progress"


def test_a_check_that_takes_too_long_is_left_behind(engine: FakeDocker) -> None:
    go = threading.Event()
    started = time.monotonic()
    finding = look(exercise(lambda docker: (go.wait(30), passed("late"))[1], seconds=0.3))
    assert time.monotonic() - started < 5
    go.set()
    assert finding.outcome is Outcome.UNKNOWN
    assert finding.observed == "There was no answer within 0.3 s."
    assert engine.timeout == 0.3


def test_an_interrupt_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: threading.Thread, timeout: float | None = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", interrupted)
    with pytest.raises(Interrupted, match="Interrupted while it looked"):
        within(1, lambda: 1)


def test_within_gives_what_the_call_gives_and_raises_what_it_raises() -> None:
    assert within(5, lambda: None) is None
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)
    with pytest.raises(NotReady):
        within(0.05, threading.Event().wait)


@contextmanager
def mute_engine(path: Path) -> Iterator[str]:
    """An engine's address at which somebody accepts and never answers."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        yield f"unix://{path}"


def test_no_engine_and_a_mute_engine_are_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    finding = look(exercise(lambda docker: passed("it")))
    assert finding.outcome is Outcome.UNKNOWN
    assert "No Docker engine answers" in finding.observed
    assert finding.question.startswith("Start")
    with mute_engine(tmp_path / "mute.sock") as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        started = time.monotonic()
        finding = look(exercise(lambda docker: passed("it"), seconds=0.5))
        assert time.monotonic() - started < 5
    assert finding.observed == "There was no answer within 0.5 s."


def test_hints_come_one_after_the_other_and_are_counted(engine: FakeDocker) -> None:
    ex = NotebookExercise(exercise(lambda docker: not_started("no"), lambda docker: f"see {EVIL}"))
    assert [ex.hint().text for _ in range(3)] == [
        "Hint 1 of 2: one", f"Hint 2 of 2: see {EVIL}", f"Hint 2 of 2: see {EVIL}",
    ]  # fmt: skip
    assert "<img" not in ex.hint().html
    assert progress_file().standing().hints == {"00.1": 2}
    assert [entry.kind for entry in progress_file().entries()] == [Kind.HINT] * 4


@pytest.mark.parametrize(
    ("error", "words"),
    [(EngineGone("Gone.", "See."), "could not. Gone. See."), (KeyError("x"), "failed: KeyError")],
)
def test_a_hint_that_cannot_look_says_why(engine: FakeDocker, error: Exception, words: str) -> None:
    hint: Any = raising(error)
    assert words in hint_text(exercise(lambda docker: passed("it"), hint), 1)


def test_outcomes_are_kept_and_passed_before_is_remembered(engine: FakeDocker) -> None:
    findings = iter([not_started("no"), not_yet("half", "whole", "Why?"), passed("yes")])
    ex = NotebookExercise(exercise(lambda docker: next(findings)))
    assert [ex.check().text.splitlines()[0] for _ in range(3)] == [
        "○ not started: exercise 00.1", "◐ not yet: exercise 00.1", "● passed: exercise 00.1",
    ]  # fmt: skip
    assert [entry.value for entry in progress_file().entries()] == ["not yet", "passed"]
    again = NotebookExercise(exercise(lambda docker: not_started("no")))
    assert "before" in again._state().notes[0].lines[0]
    assert "before" not in repr(again), "what is compared by tests does not depend on the learner"


def test_progress_that_cannot_be_kept_is_one_more_line(
    engine: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "file/progress.jsonl"))
    page = NotebookExercise(exercise(lambda docker: passed("yes"))).check()
    assert page.text.startswith("● passed")
    assert "Your progress could not be kept" in page.text


def test_live_and_static_show_the_same_but_for_the_widget(
    engine: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ex = NotebookExercise(exercise(lambda docker: not_started("no")))
    static = ex._repr_mimebundle_()
    monkeypatch.setattr(cell, "is_live", lambda: True)
    live = ex._repr_mimebundle_()
    assert live.pop(WIDGET_MIME)["model_id"]
    assert live == static
    assert static.keys() == {"text/html", "text/plain"}
    assert static["text/plain"] == repr(ex)


def test_a_cell_and_a_click_are_the_same_and_the_card_shows_both(engine: FakeDocker) -> None:
    ex = NotebookExercise(exercise(lambda docker: not_yet(f"half {EVIL}", "whole", "Why?")))
    ex.solution()
    ex.hint()
    ex.check()
    state = ex._card._host.made().state
    assert state["mark"] == "◐ not yet"
    assert state["labels"] == {"hint": "Hint 2 of 2"}
    assert [note["lines"][0] for note in state["notes"]] == [
        "◐ not yet", "Hint 1 of 2", "A solution. There are others.",
    ]  # fmt: skip
    ex._card.click({"do": "hint", "ask": "h"}).join(10)
    assert [note["lines"][0] for note in ex._card._host.made().state["notes"]][2] == "Hint 2 of 2"
    assert ex._card._host.made().state["answered"] == "h"
