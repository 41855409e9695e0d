"""`./workbook run NN`: lessons from top to bottom, each in a fresh kernel, without a browser."""

from __future__ import annotations

import argparse

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.errors import SetupFailed
from helpers.launcher.engine_for import engine_for
from helpers.launcher.lesson_run import run_lesson
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import supply_images
from helpers.lessons.lesson_files import NOTEBOOKS, chosen, committed_lessons
from helpers.lessons.notebook_run import CELL_SECONDS


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
    with signals_as_interrupts(), engine_for(not arguments.no_install, arguments.engine) as choice:
        supply_images(choice, [path.name[:2] for path in paths])
        for path in paths:
            run_lesson(path, choice.environment(), arguments.timeout)
    return 0
