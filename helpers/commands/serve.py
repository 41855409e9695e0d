"""`./workbook serve`: the images of the lessons offered to a room, over the local network."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.launcher.bundle_offer import offer
from helpers.launcher.engine_for import engine_for
from helpers.launcher.lesson_bundle import save_lessons
from helpers.launcher.signals import signals_as_interrupts
from helpers.model.bundle.server_address import PORT
from helpers.model.supply.catalogue import lessons_with_images


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`."""
    parser.epilog = (
        f"Others type `./workbook lab --from http://ADDRESS:{PORT}/#…`, as it is printed here. "
        "Anyone on this network can read it. Ctrl-C ends it."
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a bundle of `bundle save` (default: one is made of what this engine has)",
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"(default: {PORT})")
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when it was stopped with Ctrl-C."""
    allow_stand_ins(arguments)
    with tempfile.TemporaryDirectory(
        prefix="workbook-serve-", ignore_cleanup_errors=True
    ) as folder:
        path = arguments.file or Path(folder) / "lessons.tar"
        if not arguments.file:
            with (
                signals_as_interrupts(),
                engine_for(not arguments.no_install, arguments.engine) as choice,
            ):
                save_lessons(choice, lessons_with_images(), path)
        offer(path, arguments.port)
    return 0
