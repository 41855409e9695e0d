"""Progress: what entries add up to, and the file that loses none of them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.base.file_lock import exclusive
from helpers.errors import WorkbookError
from helpers.model.course.exercise import Outcome
from helpers.model.course.progress import Kind, ProgressEntry, covers, read_entries, standing
from helpers.notebook import progress as on_disk
from helpers.notebook.progress import ProgressFile, keep, progress_file

ROOT = Path(__file__).resolve().parents[4]


def entry(
    key: str, value: str | int | float = "passed", kind: Kind = Kind.EXERCISE
) -> ProgressEntry:
    return ProgressEntry("2026-01-01T00:00:00+00:00", key[:2], kind, key, value)


def reset(target: str) -> ProgressEntry:
    return entry(target, "", Kind.RESET)


def test_passed_stays_passed_until_it_is_reset() -> None:
    entries = [entry("00.1"), entry("00.1", "not yet"), entry("02.1"), entry("02.2", "not yet")]
    assert standing(entries).outcomes == {
        "00.1": Outcome.PASSED, "02.1": Outcome.PASSED, "02.2": Outcome.NOT_YET,
    }  # fmt: skip
    assert standing([*entries, reset("02.1")]).outcomes.keys() == {"00.1", "02.2"}
    assert standing([*entries, reset("02")]).outcomes.keys() == {"00.1"}
    assert standing([*entries, reset("*")]).outcomes == {}
    assert standing([*entries, reset("*"), entry("00.1")]).outcomes.keys() == {"00.1"}


def test_a_reset_forgets_hints_and_answers_too() -> None:
    entries = [
        entry("02.1", 1, Kind.HINT), entry("02.a", 3.5, Kind.PREDICTION),
        entry("02.q1", "text", Kind.QUIZ),
    ]  # fmt: skip
    assert standing([*entries, reset("02")]) == standing([])
    assert not covers("02.1", "02.10")
    assert not covers("0", "02.1")


def test_hints_count_the_furthest_and_answers_the_last() -> None:
    hints = [entry("02.1", number, Kind.HINT) for number in (1, 2, 1)]
    guesses = [entry("02.a", 3.5, Kind.PREDICTION), entry("02.a", 4.0, Kind.PREDICTION)]
    total = standing([*hints, *guesses, entry("02.q1", "a", Kind.QUIZ)])
    assert (total.hints, total.predictions, total.quiz) == (
        {"02.1": 2}, {"02.a": 4.0}, {"02.q1": "a"},
    )  # fmt: skip


DAMAGED = [
    "{", "[1, 2]", '"text"', '{"time": "x"}', "\x00\x00", "", "[" * 5000,
    entry("00.1").to_line().replace("passed", "won").strip(),
    entry("00.1").to_line().replace("exercise", "newer than this program").strip(),
    entry("00.1").to_line().replace('"passed"', "[]").strip(),
    entry("00.1").to_line().replace('"passed"', "true").strip(),
    entry("00.1").to_line().replace('"00.1"', "7").strip(),
    entry("00.1", 1, Kind.HINT).to_line().replace("1}", "1.5}").strip(),
    entry("00.1").to_line()[:40],
]  # fmt: skip


@pytest.mark.parametrize("line", DAMAGED)
def test_damaged_lines_lose_nothing_else(line: str) -> None:
    good = entry("00.1")
    assert read_entries(f"{good.to_line()}{line}\n{good.to_line()}") == [good, good]


@given(st.text())
def test_whatever_an_answer_says_it_comes_back(text: str) -> None:
    kept = entry("02.a", text, Kind.PREDICTION)
    assert read_entries(entry("00.1").to_line() + kept.to_line())[1:] == [kept]


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    standing(read_entries(text))


def test_a_half_written_last_line_does_not_swallow_the_next(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "state" / "progress.jsonl")
    file.add(Kind.EXERCISE, "00.1", "not yet")
    with file.path.open("a") as out:
        out.write('{"time": "2026-01-01T00')
    file.add(Kind.EXERCISE, "00.1", "passed")
    assert [item.value for item in file.entries()] == ["not yet", "passed"]


def test_no_file_is_no_progress(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "none.jsonl")
    assert file.entries() == []
    assert file.reset("*") is None


def test_bytes_that_are_no_text_lose_only_their_line(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "progress.jsonl")
    file.path.write_bytes(b"\xff\xfe broken\n")
    file.add(Kind.EXERCISE, "00.1", "passed")
    assert file.standing().outcomes == {"00.1": Outcome.PASSED}


def test_resetting_everything_keeps_the_old_file(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "progress.jsonl")
    asides = []
    for _ in range(2):
        file.add(Kind.EXERCISE, "00.1", "passed")
        asides.append(file.reset("*"))
        assert file.entries() == []
    assert len(set(asides)) == 2
    for aside in asides:
        assert aside is not None
        assert json.loads(aside.read_text())["key"] == "00.1"


def test_resetting_one_task_takes_nothing_out_of_the_file(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "progress.jsonl")
    file.add(Kind.EXERCISE, "00.1", "passed")
    assert file.reset("00.1") is None
    assert file.path.read_text().count("\n") == 2
    assert file.standing().outcomes == {}


WRITER = """
import sys
from pathlib import Path
from helpers.model.course.progress import Kind
from helpers.notebook.progress import ProgressFile

file = ProgressFile(Path(sys.argv[1]))
for number in range(200):
    file.add(Kind.PREDICTION, f"{sys.argv[2]}.{number}", "x" * 5000)
"""


def test_two_kernels_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "progress.jsonl")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(file.path), name], cwd=ROOT)
        for name in ("01", "02")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    keys = [item.key for item in file.entries()]
    assert len(keys) == 400
    for name in ("01", "02"):
        assert [key for key in keys if key.startswith(name)] == [f"{name}.{n}" for n in range(200)]


def test_a_file_that_cannot_be_written_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "no-folder" / "progress.jsonl"))
    assert progress_file().entries() == []
    (line,) = keep(Kind.EXERCISE, "00.1", "passed")
    assert line.startswith("Your progress could not be kept in ")


def test_a_lock_that_is_never_given_back_ends_in_words_and_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_disk, "LOCK_SECONDS", 0.3)
    file = ProgressFile(tmp_path / "progress.jsonl")
    with exclusive(tmp_path / "progress.lock", threading.Event()):
        started = time.monotonic()
        with pytest.raises(WorkbookError, match="another program holds it"):
            file.add(Kind.EXERCISE, "00.1", "passed")
        assert time.monotonic() - started < 5
    file.add(Kind.EXERCISE, "00.1", "passed")
    assert len(file.entries()) == 1
