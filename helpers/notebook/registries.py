"""What lesson 05 looks at: names taken apart, and what pushes and pulls had to move."""

from __future__ import annotations

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference
from helpers.model.registry.transfer import Transfer
from helpers.model.text.output import Output
from helpers.notebook.session import current_engine
from helpers.views.kit.page import Page
from helpers.views.registry.layers_sent import LayersSent
from helpers.views.registry.name_parts import name_parts


def image_name(text: str) -> Page:
    """The parts of an image's name, with what Docker fills in; raises InvalidInput."""
    return name_parts(text, ImageReference.parse(text))


def layers_sent(*transfers: Transfer | Output) -> LayersSent:
    """Which layers these pushes and pulls moved, and which were there already.

    Give it what `push` and `pull` returned, or `sent = %docker push …`.
    """
    if not transfers:
        raise InvalidInput("There is nothing to show.", "Give it what `push` or `pull` returned.")
    return LayersSent([_whole(transfer) for transfer in transfers])


def _whole(transfer: Transfer | Output) -> Transfer:
    if isinstance(transfer, Transfer):
        return transfer
    address = ImageReference.parse((transfer.command.split() or [""])[-1]).registry
    return current_engine().registry_at(address).transfer(transfer)
