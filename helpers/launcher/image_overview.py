"""The images that lessons need: which are here, how large, and from where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table

from helpers.engine.base.engine_identity import identity_of
from helpers.engine.base.engine_info import info_of
from helpers.engine.image.size import listed_images
from helpers.engine.supply.ledger import LedgerEntry, supplied
from helpers.launcher.engine_for import Choice
from helpers.launcher.screen import console
from helpers.launcher.supply_images import open_chosen
from helpers.model.supply.catalogue import CATALOGUE, LessonImage
from helpers.model.supply.supply import Source
from helpers.model.text.units import format_bytes


@dataclass(frozen=True)
class Row:
    """One image that lessons need; `size_bytes` is None where the engine does not have it."""

    image: LessonImage
    size_bytes: int | None
    origin: str


def rows(choice: Choice) -> list[Row]:
    """Every image of the catalogue, with what the engine and the ledger say of it."""
    client = open_chosen(choice)
    try:
        here = {
            name: (image.id, image.size_bytes)
            for image in listed_images(client.api)
            for name in image.tags
        }
        known = supplied(identity_of(info_of(client)))
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
