"""In which order the files of a run are handed out, and which must stay together."""

from __future__ import annotations

# They publish the ports that lessons name, so one process runs them, one after the other.
LESSONS = "lessons"
OF_LESSONS = (
    "tests/engine/test_exercises.py",
    "tests/engine/test_exercise_faults.py",
    "tests/notebooks/test_solved_lessons.py",
    "notebooks/",
    "tests/browser/test_lessons.py",
)
# They want the machine for themselves, which costs nobody anything while the other process runs
# what needs no engine; and the lessons are the longest of all.
_FIRST = ("tests/engine/private", "tests/unit", "sample_app", "tests/notebooks", LESSONS)
_LAST = "tests/engine"


def unit_of(test: str) -> str:
    """What a test is handed out with: its file, or all lessons."""
    file = test.split("::")[0]
    return LESSONS if file.startswith(OF_LESSONS) else file


def rank(unit: str) -> int:
    """The smaller, the sooner it is handed out: the tests of browser and engine fill up the end."""
    first = (place for place, part in enumerate(_FIRST) if unit.startswith(part))
    return next(first, len(_FIRST) + unit.startswith(_LAST))
