"""A lesson run from top to bottom in a terminal, with a bar that counts its cells."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from helpers.launcher.screen import console
from helpers.lessons.notebook_file import read_notebook
from helpers.lessons.notebook_run import CELL_SECONDS, NotebookRun
from helpers.model.text.units import format_seconds


def run_lesson(path: Path, variables: Mapping[str, str], cell_seconds: int = CELL_SECONDS) -> None:
    """Runs that notebook and says how long it took; raises WorkbookError, naming the cell.

    Its kernel gets the variables too.
    """
    notebook, number, terminal = read_notebook(path), path.name[:2], console()
    started = time.monotonic()
    with Progress(
        *_columns(), console=terminal, transient=True, disable=not terminal.is_terminal
    ) as progress:
        task = progress.add_task("", total=len(notebook.cells), number=number)
        NotebookRun(
            notebook,
            f"Lesson {number}",
            path.parent,
            dict(variables),
            cell_seconds,
            lambda count, line: progress.update(task, completed=count, description=line[:60]),
        ).execute()
    count = sum(cell.cell_type == "code" for cell in notebook.cells)
    took = format_seconds(time.monotonic() - started)
    terminal.print(f"Lesson {number}: all {count} code cells ran, in {took}.")


def _columns() -> tuple[TextColumn | BarColumn | MofNCompleteColumn | TimeElapsedColumn, ...]:
    return (
        TextColumn("Lesson {task.fields[number]}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
