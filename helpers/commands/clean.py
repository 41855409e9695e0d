"""`./workbook clean`: puts the engine back as it was before the lessons."""

from __future__ import annotations

import argparse

from helpers.errors import EngineUnavailable
from helpers.launcher.engine_for import choose_engine, held
from helpers.launcher.removal import clean_engine, remove_cache, remove_own_engines
from helpers.launcher.screen import console


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `clean`."""
    parser.add_argument(
        "--all",
        action="store_true",
        help="also the images that the workbook brought, its own engine, and its cache; "
        "your progress is kept",
    )


def main(arguments: argparse.Namespace) -> int:
    """0, once what was removed has been said."""
    try:
        choice = choose_engine(install=False)
    except EngineUnavailable:
        console().print("No engine answers, so nothing of the lessons is on one.")
    else:
        with held(choice):
            clean_engine(everything=arguments.all and not choice.is_private)
    if arguments.all:
        remove_own_engines()
        remove_cache()
    return 0
