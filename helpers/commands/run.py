"""`./workbook run NN`: lessons from top to bottom, each in a fresh kernel, without a browser."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.errors import SetupFailed
from helpers.launcher.engine_for import Choice, engine_for
from helpers.launcher.notebook_run import CELL_SECONDS, NotebookRun
from helpers.launcher.screen import console
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import supply_images
from helpers.lessons.lesson_files import NOTEBOOKS, chosen, committed_lessons
from helpers.lessons.notebook_file import read_notebook
from helpers.model.text.units import format_seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    parser.add_argument("lessons", nargs="+", metavar="NN", help="00, 01 … or all")
    parser.add_argument(
        "--timeout", type=int, default=CELL_SECONDS, metavar="SECONDS", help="for each cell"
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when every cell ran; raises WorkbookError at the first that did not."""
    paths = chosen(arguments.lessons, committed_lessons(NOTEBOOKS))
    if not paths:
        raise SetupFailed("There is no lesson in notebooks/.", "Make them: `./workbook render`.")
    allow_stand_ins(arguments)
    with signals_as_interrupts(), engine_for(install=not arguments.no_install) as choice:
        supply_images(choice, [path.name[:2] for path in paths])
        for path in paths:
            run_lesson(path, choice, arguments.timeout)
    return 0


def run_lesson(path: Path, choice: Choice, cell_seconds: int = CELL_SECONDS) -> None:
    """Runs that notebook and says how long it took; raises WorkbookError, naming the cell."""
    notebook = read_notebook(path)
    terminal = console()
    columns = (
        TextColumn("Lesson {task.fields[number]}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    started = time.monotonic()
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as progress:
        task = progress.add_task("", total=len(notebook.cells), number=path.name[:2])
        NotebookRun(
            notebook,
            f"Lesson {path.name[:2]}",
            path.parent,
            choice.environment(),
            cell_seconds,
            lambda number, line: progress.update(task, completed=number, description=line[:60]),
        ).execute()
    count = sum(cell.cell_type == "code" for cell in notebook.cells)
    took = format_seconds(time.monotonic() - started)
    terminal.print(f"Lesson {path.name[:2]}: all {count} code cells ran, in {took}.")
