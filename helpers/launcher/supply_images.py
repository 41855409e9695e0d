"""The images that lessons need, brought to the engine with a bar for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from helpers.engine.connection.client import open_client
from helpers.engine.supply import ImageSupply
from helpers.launcher.engine_for import Choice
from helpers.launcher.screen import OnProgress, image_bars
from helpers.model.supply.catalogue import images_for
from helpers.model.supply.supply import Supplied

if TYPE_CHECKING:
    from docker import DockerClient


def image_names(lessons: Sequence[str], without: Collection[str] = ()) -> list[str]:
    """The names of the images that these lessons use, each once, but for some."""
    return [image.name for image in images_for(lessons) if image.name not in without]


def supply_images(
    choice: Choice,
    lessons: Sequence[str],
    on_progress: OnProgress | None = None,
    without: Collection[str] = (),
) -> list[Supplied]:
    """What the engine now has for these lessons; bars unless something else is told the progress.

    Raises ImageUnavailable.
    """
    if on_progress:
        return supply_all(choice, image_names(lessons, without), on_progress)
    with image_bars() as bars:
        return supply_all(choice, image_names(lessons, without), bars)


def open_chosen(choice: Choice) -> DockerClient:
    """A client of the chosen engine."""
    return open_client(choice.endpoint)


def supply_all(choice: Choice, names: Sequence[str], tell: OnProgress) -> list[Supplied]:
    """What the engine now has under these names; raises ImageUnavailable."""
    client = open_chosen(choice)
    try:
        return ImageSupply(client).ensure_all(names, tell)
    finally:
        client.close()
