"""`./workbook render`: the executed notebooks, made again from their text sources."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.launcher.engine_for import engine_for
from helpers.launcher.environment import Environment
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import supply_images
from helpers.lessons.lesson_files import NOTEBOOKS, chosen, lesson_sources
from helpers.lessons.render import out_of_date, render


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
    with signals_as_interrupts(), engine_for(not arguments.no_install, arguments.engine) as choice:
        supply_images(choice, [path.name[:2] for path in sources])
        for path in sources:
            with ProgressLine(f"Rendering lesson {path.name[:2]}") as line:
                render(path, choice.environment(), lambda _, text: line.update(text[:60]))
    return 0


def check(sources: list[Path], notebooks: Path = NOTEBOOKS) -> int:
    """1 when a notebook is not what its source says, with where they part."""
    parted = out_of_date(sources, notebooks)
    for name, where in parted.items():
        print(f"{name} is out of date at {where}\n→ Run `./workbook render {name[:2]}`.")
    return 1 if parted else 0
