"""Names made fit to be shown: visible, on one line, and no longer than there is space."""

from __future__ import annotations

from helpers.outside import visible_line


def shown(name: str, longest: int = 0) -> str:
    """The name as a visible line, shortened where it is longer than that."""
    text = visible_line(name)
    return f"{text[: longest - 1]}…" if longest and len(text) > longest else text
