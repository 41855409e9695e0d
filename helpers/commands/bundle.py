"""`./workbook bundle save|load FILE`: what lessons need in one file, and out of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.launcher.all_in import AllIn
from helpers.launcher.engine_for import choose_engine, held
from helpers.launcher.lesson_bundle import load_lessons, save_lessons
from helpers.launcher.signals import signals_as_interrupts
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.course.lesson import lesson
from helpers.model.debian.tree_recipe import DOCKER_TREE
from helpers.model.image.platform import Platform
from helpers.model.supply.catalogue import lessons_with_images


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `bundle`."""
    parser.epilog = "Example: `./workbook bundle save lessons.tar`"
    parser.add_argument(
        "action",
        choices=("save", "load"),
        help="save: pack every image that the lessons need; load: bring them to this engine",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="such as lessons.tar")
    _add_what_is_saved(parser)
    parser.add_argument(
        "--sha256",
        metavar="DIGEST",
        help="load: the bundle's digest, from whoever made it, in full or as five words; "
        "`save` prints it",
    )
    add_engine_arguments(parser)


def _add_what_is_saved(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--platform",
        action="append",
        default=[],
        metavar="OS/ARCH",
        help="save: for machines of that kind, such as linux/arm64; may be given several times "
        "(default: the engine's own; other machines make the VM tools themselves)",
    )
    parser.add_argument(
        "--lesson",
        action="append",
        default=[],
        metavar="NN",
        help="save: only what that lesson needs; may be given several times",
    )
    parser.add_argument(
        "--all-in",
        action="store_true",
        help="save: also the workbook's own engine and the Python packages, for machines that "
        "reach no network: `./workbook lab --from FILE` needs nothing else",
    )
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="3.N",
        help="save --all-in: packages for that version of Python; may be given several times "
        "(default: this one's)",
    )


def main(arguments: argparse.Namespace) -> int:
    """0 when the bundle was made, or the engine has its images."""
    allow_stand_ins(arguments)
    digest = IndexDigest.parse(arguments.sha256) if arguments.sha256 else None
    choice = choose_engine(not arguments.no_install, arguments.engine)
    with signals_as_interrupts(), held(choice):
        if arguments.action == "save":
            lessons = [lesson(number).number for number in arguments.lesson]
            platforms = [Platform.parse(platform) for platform in arguments.platform]
            all_in = None
            if arguments.all_in:
                all_in = AllIn.wanted(DOCKER_TREE, platforms, arguments.python)
            lessons = lessons or list(lessons_with_images())
            save_lessons(choice, lessons, arguments.file, platforms, all_in)
        else:
            load_lessons(choice, arguments.file, digest)
    return 0
