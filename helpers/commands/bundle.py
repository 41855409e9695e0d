"""`./workbook bundle save|load FILE`: the images of the lessons in one file, and out of it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.bundle.save import save_bundle
from helpers.engine.image.platform import engine_platform
from helpers.engine.supply import ImageSupply
from helpers.engine.supply.load_bundle import load_bundle
from helpers.engine.vm.tools import ensure_tools
from helpers.errors import ImageUnavailable
from helpers.launcher.engine_for import Choice, choose_engine, held
from helpers.launcher.screen import console, image_bars
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import image_names, open_chosen, supply_images
from helpers.model.course.lesson import lesson
from helpers.model.image.platform import Platform
from helpers.model.supply.catalogue import CATALOGUE, VM_TOOLS
from helpers.model.supply.supply import Source, Supplied
from helpers.model.text.units import format_bytes, format_seconds

if TYPE_CHECKING:
    from docker import DockerClient

    from helpers.engine.supply.image_supply import OnProgress


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
    add_engine_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 when the bundle was made, or the engine has its images."""
    allow_stand_ins(arguments)
    choice = choose_engine(install=not arguments.no_install)
    with signals_as_interrupts(), held(choice):
        if arguments.action == "save":
            _save(choice, arguments)
        else:
            _load(choice, arguments.file)
    return 0


def _save(choice: Choice, arguments: argparse.Namespace) -> None:
    lessons = _lessons(arguments.lesson)
    platforms = [Platform.parse(platform) for platform in arguments.platform]
    started = time.monotonic()
    supply_images(choice, lessons)
    client = open_chosen(choice)
    try:
        with image_bars() as bars:
            names = _packable(client, image_names(lessons), platforms, bars)
            bundle = save_bundle(client, names, arguments.file, bars, platforms)
    finally:
        client.close()
    if VM_TOOLS in image_names(lessons) and VM_TOOLS not in names:
        console().print(f"Without {VM_TOOLS}, which could not be made anew.", markup=False)
    took = format_seconds(time.monotonic() - started)
    count = len(bundle.images)
    size = format_bytes(bundle.size_bytes)
    console().print(f"{arguments.file}: {count} images, {size}, in {took}.", markup=False)
    console().print(f"→ Elsewhere: `./workbook bundle load {arguments.file.name}`", markup=False)
    console().print(f"→ For a room: `./workbook serve {arguments.file.name}`", markup=False)


def _packable(
    client: DockerClient,
    names: Sequence[str],
    platforms: Sequence[Platform],
    on_progress: OnProgress,
) -> list[str]:
    """These images; without the VM tools where there are but those of an earlier version, which
    nobody else would take.
    """
    own = engine_platform(client)
    is_for_own = not platforms or any(platform.matches(own) for platform in platforms)
    if VM_TOOLS in names and is_for_own:
        try:
            supply = ImageSupply(client)
            ensure_tools(client, lambda name: supply.ensure(name, on_progress))
        except ImageUnavailable:
            return [name for name in names if name != VM_TOOLS]
    return list(names)


def _load(choice: Choice, path: Path) -> None:
    client = open_chosen(choice)
    try:
        with image_bars() as bars:
            found = load_bundle(client, path, bars)
    finally:
        client.close()
    for supplied in found:
        console().print(f"  {_words(supplied)}", markup=False)
    loaded = sum(supplied.source is Source.BUNDLE for supplied in found)
    console().print(f"{loaded} of {len(found)} images loaded from {path}.", markup=False)


def _words(supplied: Supplied) -> str:
    if supplied.source is Source.BUNDLE:
        return f"{supplied.name}: loaded, {format_bytes(supplied.size_bytes)}, {supplied.note}"
    return f"{supplied.name}: {supplied.note or 'was here already'}"


def _lessons(wanted: list[str]) -> list[str]:
    if wanted:
        return [lesson(number).number for number in wanted]
    return sorted({number for image in CATALOGUE for number in image.lessons})
