"""The label by which everything that the workbook makes is known again."""

from __future__ import annotations

LESSON = "workbook.lesson"
NO_LESSON = "none"


def labels_for(lesson: str) -> dict[str, str]:
    """The labels of what is made in that lesson."""
    return {LESSON: lesson}


def label_filter(lesson: str | None) -> dict[str, list[str]]:
    """The engine's filter for what was made in that lesson; None for every lesson."""
    return {"label": [LESSON if lesson is None else f"{LESSON}={lesson}"]}
