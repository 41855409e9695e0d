"""Texts in which backticks stand for code, and nothing else has a meaning."""

from __future__ import annotations

from html import escape

from helpers.outside import visible_text
from helpers.views.kit.inert import inert_html


def marked_html(text: str) -> str:
    """The text as text, with what stands between backticks as <code>."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(
        f"<code>{escape(visible_text(part))}</code>" if at % 2 else inert_html(part)
        for at, part in enumerate(parts)
    )


def folded_html(summary: str, html: str) -> str:
    """A fold that opens on a click, and by keyboard; it needs no kernel."""
    return f"<details><summary>{inert_html(summary)}</summary>{html}</details>"
