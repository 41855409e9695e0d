"""Each lesson once more under nbval, with the solution of every exercise put in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from helpers.engine.base.project_files import ROOT
from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook
from helpers.exercises import coursework, lessons_with_coursework
from helpers.model.course.exercise import Outcome
from helpers.model.course.progress import read_entries, standing
from tests.notebooks.compared_share import is_ignored

pytestmark = pytest.mark.engine

ASKED = re.compile(r'exercise\("([\d.]+)"\)')
IGNORE = "nbval-ignore-output"  # a tag: the first line may be a cell magic
# What solved exercises leave is checked, cleaned up and told in these.
DEPENDS_ON_SOLUTIONS = re.compile(
    r"\.check\(\)|docker\.clean_up\(\)|docker\.commands|\bmib\b"  # what was made, weighed in MiB
)


def solved(notebook: NotebookNode, solutions: dict[str, str]) -> list[str]:
    """Puts the solutions in, and gives the exercises that were solved, in order."""
    done: list[str] = []
    asked = ""
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        if found := ASKED.search(cell.source):
            asked = found[1]
        if "starter" in cell.metadata.get("tags", []):
            cell.source = solutions[asked]
            cell.metadata.tags.append(IGNORE)
            done.append(asked)
        elif not is_ignored(cell) and DEPENDS_ON_SOLUTIONS.search(cell.source):
            cell.metadata.setdefault("tags", []).append(IGNORE)
    return done


def beside_the_app(folder: Path) -> Path:
    """A folder for a notebook, from which `../sample_app` and its like are found."""
    for name in ("sample_app", "monitoring"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    (folder / "notebooks").mkdir()
    return folder / "notebooks"


ASKING = [number for number in committed_lessons() if number in lessons_with_coursework()]


@pytest.mark.parametrize("number", ASKING)
def test_every_solution_passes_where_it_is_asked_for(number: str, tmp_path: Path) -> None:
    notebook = read_notebook(committed_lessons()[number])
    exercises = coursework(number).exercises
    done = solved(notebook, {exercise.number: exercise.solution for exercise in exercises})
    assert done == [exercise.number for exercise in exercises]
    path = beside_the_app(tmp_path) / f"solved_{number}.ipynb"
    nbformat.write(notebook, path)
    progress = tmp_path / "progress.jsonl"
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval",
        "--nbval-current-env", "--nbval-cell-timeout=180",
        f"--nbval-sanitize-with={ROOT / 'tests/notebooks/sanitize.cfg'}", path.name,
    ]  # fmt: skip
    environment = {**os.environ, "WORKBOOK_PROGRESS": str(progress)}
    run = subprocess.run(command, cwd=path.parent, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    reached = standing(read_entries(progress.read_text(encoding="utf-8"))).outcomes
    assert [reached.get(exercise) for exercise in done] == [Outcome.PASSED] * len(done)
