"""What lesson 05 looks at: names taken apart, and what pushes and pulls had to move."""

from __future__ import annotations

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference
from helpers.model.registry.transfer import Transfer
from helpers.views.kit.page import Page
from helpers.views.registry.layers_sent import LayersSent
from helpers.views.registry.name_parts import name_parts


def image_name(text: str) -> Page:
    """The parts of an image's name, with what Docker fills in; raises InvalidInput."""
    return name_parts(text, ImageReference.parse(text))


def layers_sent(*transfers: Transfer) -> LayersSent:
    """Which layers these pushes and pulls moved, and which were there already."""
    if not transfers:
        raise InvalidInput("There is nothing to show.", "Give it what `push` or `pull` returned.")
    return LayersSent(transfers)
