"""In which order the tests of a run are handed out, what stays together, and what keeps apart."""

from __future__ import annotations

import re

# Each lesson publishes ports of its own, so its page and its exercises take turns.
OF_LESSONS = (
    "notebooks/",
    "tests/browser/test_lessons.py",
    "tests/engine/test_exercises.py",
)
# Its files have the machine alone, so one process runs them all.
ALONE = "tests/engine/private"
# They go on while another test has the machine alone.
TOUCH_NOTHING = ("tests/unit", "sample_app")
_NUMBER = re.compile(r"(?:^notebooks/|\[)(\d\d)[._]")
# First what wants the machine for itself, which holds up nobody while the other process runs what
# needs no engine; then what takes minutes (on a new machine Kubernetes is compiled for its tests);
# last what takes seconds, so that both end together.
_ORDER = (
    ALONE, *TOUCH_NOTHING, "tests/hostile", "tests/engine/test_kubernetes.py",
    "tests/notebooks/test_notebooks.py",
    "tests/engine/test_exercises.py [06]", "tests/engine/test_vm.py",
    "tests/browser/test_lessons.py [06]", "tests/browser/test_lessons.py", "tests/notebooks",
    "notebooks", "tests/browser", "tests/engine/test_exercises.py",
    "tests/engine/test_usage", "tests/engine",
)  # fmt: skip


def lesson_of(test: str) -> str:
    """The number of the lesson whose ports the test publishes, such as '02'; '' where none."""
    number = _NUMBER.search(test) if test.startswith(OF_LESSONS) else None
    return number[1] if number else ""


def unit_of(test: str) -> str:
    """What a test is handed out with: its file, a part of it, or several that belong together."""
    file, lesson = test.split("::")[0], lesson_of(test)
    if file.startswith(ALONE):
        return ALONE
    return f"{file} [{lesson}]" if lesson else file


def lesson_of_unit(unit: str) -> str:
    """The number of the lesson that the unit is of; '' where it is of none."""
    return unit[-3:-1] if unit.endswith("]") else ""


def rank(unit: str) -> int:
    """The smaller, the sooner it is handed out."""
    positions = (position for position, part in enumerate(_ORDER) if unit.startswith(part))
    return next(positions, len(_ORDER))
