"""Resetting progress asks first, says what it did, and loses nothing in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InvalidInput
from helpers.model.course.progress import Kind
from helpers.notebook.progress import ProgressFile, progress_file
from helpers.notebook.reset import reset_progress


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProgressFile:
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))
    file = progress_file()
    file.add(Kind.EXERCISE, "00.1", "passed")
    file.add(Kind.HINT, "00.1", 1)
    file.add(Kind.EXERCISE, "02.1", "not yet")
    return file


def answers(monkeypatch: pytest.MonkeyPatch, answer: str | type[Exception]) -> list[str]:
    """What is asked from now on; each question is answered like that."""
    asked: list[str] = []

    def reply(question: str) -> str:
        asked.append(question)
        if isinstance(answer, str):
            return answer
        raise answer

    monkeypatch.setattr("builtins.input", reply)
    return asked


@pytest.mark.parametrize("answer", ["", "y", "no", "nes", EOFError, NotImplementedError, OSError])
def test_nothing_but_yes_is_yes(
    monkeypatch: pytest.MonkeyPatch, file: ProgressFile, answer: str | type[Exception]
) -> None:
    before = file.path.read_bytes()
    asked = answers(monkeypatch, answer)
    assert reset_progress("0.1").text == (
        'Nothing was changed. `reset_progress("00.1", sure=True)` does not ask.'
    )
    assert "`reset_progress(sure=True)`" in reset_progress().text
    assert file.path.read_bytes() == before
    assert asked == [
        "Forget the progress of 00.1 (1 kept)? Type yes to go on: ",
        "Forget the progress of all lessons (2 kept)? Type yes to go on: ",
    ]


def test_one_exercise_is_forgotten_after_a_yes(
    monkeypatch: pytest.MonkeyPatch, file: ProgressFile
) -> None:
    answers(monkeypatch, " Yes ")
    assert "The progress of 00.1 is forgotten" in reset_progress("00.1").text
    assert file.standing().outcomes.keys() == {"02.1"}
    assert file.standing().hints == {}
    assert reset_progress("00.1").text == "There is no progress to forget for 00.1."


def test_a_lesson_and_everything_when_sure(file: ProgressFile) -> None:
    assert "lesson 02 is forgotten" in reset_progress("02", sure=True).text
    assert file.standing().outcomes.keys() == {"00.1"}
    text = reset_progress(sure=True).text
    (aside,) = file.path.parent.glob("*.bak")
    assert f"`{aside}`" in text
    assert file.standing().outcomes == {}
    assert ProgressFile(aside).standing().outcomes.keys() == {"00.1"}


@pytest.mark.parametrize("what", ["77", "00.9", "everything", ""])
def test_what_is_not_there_is_said(what: str) -> None:
    with pytest.raises(InvalidInput, match="There is nothing"):
        reset_progress(what, sure=True)
