"""A lesson run headless: which cell failed, what it said, and that no file and no kernel stays."""

from __future__ import annotations

import os
from ast import literal_eval
from pathlib import Path

import psutil
import pytest
from nbformat import NotebookNode

from helpers.errors import InvalidInput, WorkbookError
from helpers.lessons.lesson_files import chosen
from helpers.lessons.notebook_file import new_cell, new_notebook
from helpers.lessons.notebook_run import NotebookRun, first_line
from tests.processes import kernels_below, still_alive


def lesson(*sources: str) -> NotebookNode:
    cells = [new_cell("markdown", "# Title", "start-t1")]
    cells += [new_cell("code", source, f"cell-{at}") for at, source in enumerate(sources)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells, {"kernelspec": kernel})


def run(folder: Path, *sources: str, seconds: int = 60, **variables: str) -> NotebookNode:
    return NotebookRun(lesson(*sources), "Lesson 99", folder, variables, seconds).execute()


def kernels() -> list[psutil.Process]:
    return still_alive(kernels_below(os.getpid()))


def test_runs_with_its_own_variables_and_folder(tmp_path: Path) -> None:
    done = run(tmp_path, "import os", "os.environ['MINE'], os.getcwd()", MINE="yes")
    text = done.cells[2].outputs[0].data["text/plain"]
    assert literal_eval(text) == ("yes", str(tmp_path))
    assert kernels() == []


def test_the_learners_progress_stays_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_PROGRESS", "/the/learner's")
    done = run(tmp_path, "import os; os.environ['WORKBOOK_PROGRESS']")
    assert "learner" not in done.cells[1].outputs[0].data["text/plain"]


def test_first_error_names_lesson_cell_id_line_and_error(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as caught:
        run(tmp_path, "1 + 1", "# why\nno_such_name", "open('made', 'w')")
    assert caught.value.message == (
        "Lesson 99 stopped at cell 3 of 4 (id cell-1): no_such_name\n"
        "  NameError: name 'no_such_name' is not defined"
    )
    assert caught.value.next_step
    assert not (tmp_path / "made").exists()
    assert kernels() == []


def test_a_cell_that_hangs_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"cell 2 of 2 .*\n  It took longer than 1 s"):
        run(tmp_path, "import threading; threading.Event().wait()", seconds=1)
    assert kernels() == []


def test_a_dead_kernel_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"cell 2 of 3 .*\n  The kernel died"):
        run(tmp_path, "import os; os._exit(3)", "1")


def test_ctrl_c_ends_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look at the running cell is interrupted, as a signal would."""
    from helpers.lessons import notebook_run

    real, cell_runs = notebook_run.wait, tmp_path / "cell-runs"

    def interrupted_once(futures: object, timeout: float | None = None) -> object:
        if timeout and cell_runs.exists():
            raise KeyboardInterrupt
        return real(futures, timeout)

    monkeypatch.setattr(notebook_run, "wait", interrupted_once)
    source = (
        "import pathlib, threading; pathlib.Path('cell-runs').touch(); threading.Event().wait()"
    )
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, source)
    assert kernels() == []


def test_first_line_is_the_first_that_does_something() -> None:
    assert first_line("# a comment\n\n  docker.run('x')\nmore") == "docker.run('x')"
    assert first_line("# only a comment") == "# only a comment"
    assert first_line("") == ""


def test_lessons_are_named_by_number_or_all() -> None:
    files = {"00": Path("00_a.ipynb"), "03": Path("03_b.ipynb")}
    assert chosen(["3"], files) == [Path("03_b.ipynb")]
    assert chosen(["all"], files) == chosen([], files) == list(files.values())
    with pytest.raises(InvalidInput, match="'07'"):
        chosen(["07"], files)
