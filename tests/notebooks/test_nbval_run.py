"""nbval from its command line, as the README has it, on the first lesson.

tests/browser/test_lessons.py has nbval compare every lesson, while the page runs it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook, write_notebook
from tests.notebooks.nbval_run import beside_the_app, validated

pytestmark = pytest.mark.engine


def test_every_cell_passes_but_one_whose_output_was_another(tmp_path: Path) -> None:
    lesson = committed_lessons()["00"]
    notebook = read_notebook(lesson)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    said = next(cell for cell in code if cell.source == "%docker logs hello")
    said.outputs[0].text = "Hello from somewhere else\n"
    path = beside_the_app(tmp_path) / lesson.name
    write_notebook(notebook, path)
    run = validated(path, tmp_path / "progress.jsonl")
    assert run.returncode == 1
    assert "Hello from somewhere else" in run.stdout
    assert f"1 failed, {len(code) - 1} passed" in run.stdout
