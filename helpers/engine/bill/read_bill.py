"""The bill of materials of an image on an engine, read from the databases in its layers."""

from __future__ import annotations

from helpers.engine.image.image import Image
from helpers.model.bill.bill import Bill
from helpers.model.bill.databases import database_of


def bill_of(image: Image) -> Bill:
    """What the image's own package databases say; nothing in it is run.

    Raises UnreadableImage or EngineGone.
    """
    files = image.contents(lambda path: database_of(path) is not None)
    return Bill.of(image.name, image.id, files)
