"""Which images that others packed may be loaded here, by what their labels say."""

from __future__ import annotations

from helpers.engine.base.labels import RECIPE, STAND_IN, TRUST
from helpers.engine.supply.own_image import key_of_own
from helpers.engine.supply.source_failed import SourceFailed
from helpers.engine.supply.stand_in import trust_for
from helpers.engine.supply.stand_in_source import NOT_ALLOWED
from helpers.model.image.config import labels_in
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import lesson_image
from helpers.model.supply.recipe import StandInRecipe

REMARK = "; a stand-in, not the official image"


def accepted(reference: ImageReference, config: bytes, allows_stand_ins: bool) -> str:
    """What to add to the note on an image of that config and name, which may be loaded here.

    Raises SourceFailed where it may not, UnreadableImage where the config is none.
    """
    known = lesson_image(reference)
    if known and known.own and labels_in(config).get(RECIPE) != key_of_own(known):
        raise SourceFailed("its image was made by another version of the workbook")
    if not is_stand_in(reference, config):
        return ""
    if not allows_stand_ins:
        raise SourceFailed(f"its image is a stand-in, {NOT_ALLOWED}")
    theirs = labels_in(config).get(TRUST)
    if theirs and known and theirs != _own_settings(known.stand_in):
        raise SourceFailed("its image has settings of another machine in it")
    return REMARK


def _own_settings(recipe: StandInRecipe | None) -> str:
    """What the label of an image says that has this machine's settings."""
    return trust_for(recipe).fingerprint if recipe else ""


def is_stand_in(reference: ImageReference, config: bytes) -> bool:
    """Whether an image of that config would take the name of an official one; what is built on a
    stand-in has its label too, and a name of its own.
    """
    return lesson_image(reference) is not None and STAND_IN in labels_in(config)
