"""Which images that others packed may be loaded here, by what their labels say."""

from __future__ import annotations

from helpers.engine.supply.own_source import RECIPE
from helpers.engine.supply.source_failed import SourceFailed
from helpers.engine.supply.vm_tools import recipe_key
from helpers.model.catalogue import lesson_image
from helpers.model.image_labels import labels_in
from helpers.model.image_name import ImageReference


def check_accepted(reference: ImageReference, config: bytes) -> None:
    """Returns when an image of that config may be loaded under that name.

    Raises SourceFailed where it may not, UnreadableImage where the config is none.
    """
    labels, known = labels_in(config), lesson_image(reference)
    if known and known.own and labels.get(RECIPE) != recipe_key():
        raise SourceFailed("its image was made by another version of the workbook")
