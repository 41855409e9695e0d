"""`bill_of_materials(image)` and `known_fixes(bill)`: what is in an image, and how old that is."""

from __future__ import annotations

from helpers.engine.bill.read_bill import bill_of
from helpers.engine.bill.security_suite import security_fixes
from helpers.engine.image.image import Image
from helpers.errors import Interrupted
from helpers.notebook.session import the_image
from helpers.views.bill.bill_table import BillTable
from helpers.views.bill.fixes_table import FixesTable


def bill_of_materials(image: Image | str) -> BillTable:
    """The packages that the image's own databases tell of; nothing in it is run.

    Its `to_cyclonedx(path)` writes it for other programs. Raises NoSuchImage, UnreadableImage,
    EngineGone.
    """
    return BillTable(bill_of(the_image(image)))


def known_fixes(bill: BillTable | Image | str) -> FixesTable:
    """What Debian's security team has mended since in the packages of a bill, or of an image.

    Asks Debian's mirror. Raises InvalidInput for an image of another system, SetupFailed without
    the mirror, Interrupted.
    """
    shown = bill if isinstance(bill, BillTable) else bill_of_materials(bill)
    try:
        return FixesTable(security_fixes(shown.bill))
    except KeyboardInterrupt:
        raise Interrupted("Interrupted while Debian was asked.", "Run the cell again.") from None
