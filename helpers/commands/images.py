"""`./workbook images`: what the lessons need, what is here and from where; fetched on demand."""

from __future__ import annotations

import argparse

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.launcher.engine_for import choose_engine, held
from helpers.launcher.image_overview import rows, show
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import supply_images
from helpers.model.supply.catalogue import lessons_with_images


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `images`."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("show", "fetch"),
        default="show",
        help="fetch: bring what is missing to the engine, before a class or a journey",
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when everything asked for was shown or fetched."""
    allow_stand_ins(arguments)
    choice = choose_engine(
        arguments.action == "fetch" and not arguments.no_install, arguments.engine
    )
    with signals_as_interrupts(), held(choice):
        if arguments.action == "fetch":
            supply_images(choice, lessons_with_images())
        show(rows(choice))
    return 0
