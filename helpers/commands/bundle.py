"""`./workbook bundle save|load FILE`: the images of the lessons in one file, and out of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.launcher.engine_for import choose_engine, held
from helpers.launcher.lesson_bundle import load_lessons, save_lessons
from helpers.launcher.signals import signals_as_interrupts
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.course.lesson import lesson
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
        "--sha256",
        metavar="DIGEST",
        help="load: the bundle's digest, from whoever made it, in full or as five words; "
        "`save` prints it",
    )
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when the bundle was made, or the engine has its images."""
    allow_stand_ins(arguments)
    digest = IndexDigest.parse(arguments.sha256) if arguments.sha256 else None
    choice = choose_engine(not arguments.no_install, arguments.engine)
    with signals_as_interrupts(), held(choice):
        if arguments.action == "save":
            lessons = [lesson(number).number for number in arguments.lesson]
            platforms = [Platform.parse(platform) for platform in arguments.platform]
            save_lessons(choice, lessons or lessons_with_images(), arguments.file, platforms)
        else:
            load_lessons(choice, arguments.file, digest)
    return 0
