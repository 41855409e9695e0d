"""The labels that people know by what the workbook made; what decides is the ledger of origins."""

from __future__ import annotations

LESSON = "workbook.lesson"
TOKEN = "workbook.token"
NO_LESSON = "none"
# What a stand-in is made of; and that an image has settings of one machine in it, which stay there.
STAND_IN = "workbook.stand-in"
TRUST = "workbook.trust"
# What an image of the workbook's own is made of, and a hash of how.
MADE_OF = "workbook.made-of"
RECIPE = "workbook.recipe"
PRIVATE_LABEL = "workbook.engine=private"  # of the engine that the workbook runs itself


def labels_for(lesson: str) -> dict[str, str]:
    """The labels of an image that is made in that lesson."""
    return {LESSON: lesson}
