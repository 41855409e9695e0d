"""Stand-ins for others: of the archives in the cache, which have nothing of this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from helpers.engine.base.labels import STAND_IN
from helpers.engine.bundle.engine_images import PlainImage
from helpers.engine.image.platform import engine_platform
from helpers.engine.image.presence import inspected
from helpers.engine.supply.stand_in import StandIn, can_make, make
from helpers.engine.supply.stand_in_image import plain_config
from helpers.errors import SetupFailed
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.supply.bootstrap import BootstrapProgress
from helpers.model.supply.catalogue import lesson_image
from helpers.model.supply.recipe import StandInRecipe
from helpers.model.supply.supply import Source, SupplyProgress
from helpers.model.text.answer_parts import part_of

if TYPE_CHECKING:
    from docker import DockerClient

OnProgress = Callable[[SupplyProgress], None]


def plain_stand_ins(
    client: DockerClient, names: Iterable[str], on_progress: OnProgress
) -> dict[str, PlainImage]:
    """{name: a stand-in without this machine's settings} for those that the engine's may have.

    One that cannot be made here is not among them.
    """
    if not can_make()[0] or not engine_platform(client).matches(Platform.here()):
        return {}
    images: dict[str, PlainImage] = {}
    for name in names:
        recipe = _recipe(client, name)
        if recipe and (image := _image(name, recipe, on_progress)):
            images[name] = image
    return images


def _recipe(client: DockerClient, name: str) -> StandInRecipe | None:
    """How the engine's image of that name is made, where it is a stand-in that gets settings."""
    known = lesson_image(ImageReference.parse(name))
    labels = part_of(inspected(client, name), "Config", "Labels")
    recipe = known.stand_in if known else None
    return recipe if recipe and recipe.trusts and STAND_IN in labels else None


def _image(name: str, recipe: StandInRecipe, on_progress: OnProgress) -> PlainImage | None:
    def report(progress: BootstrapProgress) -> None:
        on_progress(SupplyProgress(name, Source.STAND_IN, progress.stage, share=progress.share))

    try:
        return plain_image(make(recipe, report, threading.Event()))
    except SetupFailed:
        return None


def plain_image(stand_in: StandIn) -> PlainImage:
    """The image of a stand-in's archive, with the date of the archive's root folder."""
    return PlainImage(plain_config(stand_in), stand_in.path)
