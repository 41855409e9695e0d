"""A committed lesson with the solution of each exercise put in; its cells stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from helpers.lessons.notebook_file import new_cell
from helpers.model.course.exercise import Exercise
from tests.notebooks.compared_share import is_ignored

ASKED = re.compile(r'exercise\("([\d.]+)"\)')
CHECKED = re.compile(r"\.check\(\)\s*$")
# What these show depends on what is solved: they run once more where it is.
WEIGHED = re.compile(r"\bmib\b")


def put_solutions(notebook: NotebookNode, exercises: Mapping[str, Exercise[Any]]) -> list[str]:
    """The exercises that are solved now, in order: each where the lesson has asked for its check.

    Every cell of the lesson is compared in a state in which nothing is solved, as it was when the
    lesson was rendered. So each solution is taken back before the lesson goes on; where no later
    clean-up is compared, what it made is left to the lesson's own clean-up.
    """
    cells, solved, asked = [], [], ""
    weighed = [cell.source for cell in notebook.cells if _is_code(cell, WEIGHED)]
    clean_up = next(cell for cell in reversed(notebook.cells) if cell.cell_type == "code")
    for cell in notebook.cells:
        cells.append(cell)
        if match := ASKED.search(cell.source):
            asked = match[1]
        if _is_code(cell, CHECKED):
            kept = is_ignored(clean_up)
            cells += [
                new_cell("code", source, f"{asked}-{number}".replace(".", "-"))
                for number, source in enumerate(_visit(exercises[asked], weighed, kept))
            ]
            solved.append(asked)
    notebook.cells = cells
    return solved


def _visit(exercise: Exercise[Any], weighed: list[str], kept: bool) -> list[str]:
    """The sources of the extra cells; they have no execution count, so no output is compared."""
    names = exercise.names
    begin = "from tests.notebooks.aside import Aside\n_aside = Aside(globals())"
    if not kept:
        # With a connection of its own, so that engine.commands has the lesson's commands alone; for
        # no lesson, since whoever opens one takes what stands there for somebody else's.
        begin += "\nengine = connect()"
    again = weighed if any(name in source for name in names for source in weighed) else []
    end = "_aside.restore_variables()"
    if not kept:
        end += f"\n_aside.remove_made({names!r})"
    return [begin, exercise.solution, f'exercise("{exercise.number}").check()', *again, end]


def _is_code(cell: NotebookNode, pattern: re.Pattern[str]) -> bool:
    return cell.cell_type == "code" and pattern.search(cell.source) is not None
