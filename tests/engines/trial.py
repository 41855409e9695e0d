"""One lesson tried on one engine: its cells run, its exercises solved, its outputs compared."""

from __future__ import annotations

import os
import re
import tempfile
import time
import xml.etree.ElementTree as Xml
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.exercises import coursework, lessons_with_coursework
from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook, write_notebook
from helpers.lessons.notebook_run import first_line
from helpers.model.course.exercise import Outcome
from helpers.model.course.progress import read_entries, standing
from tests.notebooks.nbval_run import beside_the_app, validated
from tests.notebooks.solved_lesson import put_solutions

# As terminals have them, and as they are written in XML.
_COLOURS = re.compile(r"(?:\x1b|#x1B)\[[0-9;]*m")
_INPUT = re.compile(r"Input:\n(.*?)\n+Traceback:", re.DOTALL)


@dataclass(frozen=True)
class Trial:
    """What came of it; `broken` are cells that failed (first line: error), `differing` are first
    lines of cells whose output is another than the committed one, `unsolved` are exercises.
    """

    lesson: str
    cells: int
    seconds: float
    broken: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    unsolved: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether every cell ran and every solution was accepted."""
        return not (self.broken or self.unsolved)


def try_lesson(number: str, environment: Mapping[str, str]) -> Trial:
    """The trial of that lesson on the engine that these variables lead to."""
    path, began = committed_lessons()[number], time.monotonic()
    notebook = read_notebook(path)
    known = coursework(number).exercises if number in lessons_with_coursework() else ()
    solved = put_solutions(notebook, {each.number: each for each in known})
    with tempfile.TemporaryDirectory(prefix="workbook-trial-") as name:
        folder = Path(name)
        progress, report = folder / "progress.jsonl", folder / "report.xml"
        copy = beside_the_app(folder) / path.name
        write_notebook(notebook, copy)
        os.environ.update(environment)
        done = validated(copy, progress, f"--junitxml={report}")
        if not report.is_file():
            raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
        entries = read_entries(progress.read_text("utf-8")) if progress.is_file() else []
        reached = standing(entries).outcomes
        unsolved = tuple(each for each in solved if reached.get(each) is not Outcome.PASSED)
        return _read(number, report, time.monotonic() - began, unsolved)


def _read(number: str, report: Path, seconds: float, unsolved: tuple[str, ...]) -> Trial:
    cells = list(Xml.parse(report).iter("testcase"))
    broken, differing = [], []
    for cell in cells:
        for problem in (*cell.findall("failure"), *cell.findall("error")):
            words = _COLOURS.sub("", problem.text or "")
            source = match[1] if (match := _INPUT.search(words)) else ""
            line = first_line(source.strip()) if source.strip() else "?"
            if "Cell outputs differ" in words:
                differing.append(line)
            else:
                broken.append(f"{line}: {_error(words)}")
    return Trial(
        number, len(cells), round(seconds, 1), tuple(broken), tuple(differing), unsolved
    )  # fmt: skip


def _error(words: str) -> str:
    """The line that says what went wrong."""
    said = [line.strip() for line in words.partition("Traceback:")[2].splitlines() if line.strip()]
    named = [line for line in said if re.match(r"[A-Z]\w+(Error|[a-z]): |Timeout", line)]
    return (named or said or ["it failed"])[0]
