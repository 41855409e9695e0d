"""The labels by which what the workbook makes is known again."""

from __future__ import annotations

LESSON = "workbook.lesson"
NO_LESSON = "none"
# What a stand-in is made of; and that an image has settings of one machine in it, which stay there.
STAND_IN = "workbook.stand-in"
TRUST = "workbook.trust"


def labels_for(lesson: str) -> dict[str, str]:
    """The labels of what is made in that lesson."""
    return {LESSON: lesson}


def label_filter(lesson: str | None) -> dict[str, list[str]]:
    """The engine's filter for what was made in that lesson; None for every lesson."""
    return {"label": [LESSON if lesson is None else f"{LESSON}={lesson}"]}
