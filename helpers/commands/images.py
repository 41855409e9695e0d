"""`./workbook images`: what the lessons need, what is here and from where; fetched on demand."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table

from helpers.commands.engine_arguments import add_engine_arguments, allow_stand_ins
from helpers.engine.supply.ledger import LedgerEntry, supplied
from helpers.launcher.engine_for import Choice, choose_engine, held
from helpers.launcher.screen import console
from helpers.launcher.signals import signals_as_interrupts
from helpers.launcher.supply_images import open_chosen, supply_images
from helpers.model.supply.catalogue import CATALOGUE, LessonImage
from helpers.model.supply.supply import Source
from helpers.model.text.units import format_bytes


@dataclass(frozen=True)
class Row:
    """One image that lessons need; `size_bytes` is None where the engine does not have it."""

    image: LessonImage
    size_bytes: int | None
    origin: str


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
    choice = choose_engine(install=arguments.action == "fetch" and not arguments.no_install)
    with signals_as_interrupts(), held(choice):
        if arguments.action == "fetch":
            supply_images(choice, _all_lessons())
        show(rows(choice))
    return 0


def rows(choice: Choice) -> list[Row]:
    """Every image of the catalogue, with what the engine and the ledger say of it."""
    client = open_chosen(choice)
    try:
        here = {
            name: (image["Id"], int(image["Size"]))
            for image in client.api.images()
            for name in image["RepoTags"] or []
        }
        known = supplied(str(client.info()["ID"]))
    finally:
        client.close()
    return [_row(image, here.get(image.name), known) for image in CATALOGUE]


def origin(image_id: str, known: Iterable[LedgerEntry]) -> str:
    """Where the image came from, by the newest entry of the ledger that names it."""
    names = [entry.source for entry in known if entry.image_id == image_id]
    return Source[names[-1]].value if names else "was on this engine before"


def show(lines: list[Row]) -> None:
    """The table on the screen."""
    table = Table(box=None, pad_edge=False)
    for column in ("Image", "Lessons", "Size", "From", "For"):
        table.add_column(column, justify="right" if column == "Size" else "left")
    for line in lines:
        missing = line.size_bytes is None
        size = f"about {format_bytes(line.image.size_bytes)}" if missing else _size(line)
        table.add_row(
            line.image.name, " ".join(line.image.lessons), size, line.origin, line.image.purpose
        )
    console().print(table)
    if any(line.size_bytes is None for line in lines):
        console().print("→ `./workbook images fetch` brings what is missing.", markup=False)


def _row(image: LessonImage, here: tuple[str, int] | None, known: list[LedgerEntry]) -> Row:
    if here is None:
        return Row(image, None, "not here yet")
    return Row(image, here[1], origin(here[0], known))


def _size(line: Row) -> str:
    return format_bytes(line.size_bytes or 0)


def _all_lessons() -> list[str]:
    return sorted({number for image in CATALOGUE for number in image.lessons})
