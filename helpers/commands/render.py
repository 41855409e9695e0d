"""`./workbook render`: the executed notebooks, made again from their text sources."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.launcher.engine_for import Choice, engine_for
from helpers.launcher.environment import Environment
from helpers.launcher.notebook_run import NotebookRun
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import supply_images
from helpers.lessons.lesson_files import NOTEBOOKS, chosen, lesson_sources
from helpers.lessons.notebook_file import read_notebook, write_notebook


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `render`."""
    parser.add_argument("lessons", nargs="*", metavar="NN", help="00, 01 … (default: all)")
    parser.add_argument(
        "--check", action="store_true", help="run nothing; only say which notebooks are out of date"
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when the notebooks agree with their sources (with --check) or were made anew."""
    Environment().ensure_tests()
    importlib.invalidate_caches()
    sources = chosen(arguments.lessons, lesson_sources())
    if arguments.check:
        return check(sources)
    allow_stand_ins(arguments)
    with signals_as_interrupts(), engine_for(install=not arguments.no_install) as choice:
        supply_images(choice, [path.name[:2] for path in sources])
        for path in sources:
            render(path, NOTEBOOKS / f"{path.stem}.ipynb", choice)
    return 0


def check(sources: list[Path], notebooks: Path = NOTEBOOKS) -> int:
    """1 when a notebook is not what its source says, with where they part."""
    parted = {path.stem: drift_of(path, notebooks / f"{path.stem}.ipynb") for path in sources}
    for name, where in parted.items():
        if where:
            print(f"{name} is out of date at {where}\n→ Run `./workbook render {name[:2]}`.")
    return 1 if any(parted.values()) else 0


def drift_of(source: Path, notebook: Path) -> str:
    """Where these two files part; empty when they agree."""
    from helpers.lessons.notebook_source import drift, read_source

    if not notebook.is_file():
        return "its first cell: there is no notebook"
    return drift(read_source(source), read_notebook(notebook))


def render(source: Path, target: Path, choice: Choice) -> None:
    """The notebook, executed in static mode and written only when every cell ran."""
    from helpers.lessons.notebook_source import read_source, settle

    notebook = read_source(source)
    variables = {**choice.environment(), "WORKBOOK_STATIC": "1"}
    with ProgressLine(f"Rendering lesson {source.name[:2]}") as line:
        NotebookRun(
            notebook,
            f"Lesson {source.name[:2]}",
            target.parent,
            variables,
            on_cell=lambda number, text: line.update(text[:60]),
        ).execute()
    settle(notebook)
    write_notebook(notebook, target)
