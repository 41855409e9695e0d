"""Texts in which backticks stand for code, and nothing else has a meaning."""

from __future__ import annotations

from html import escape


def marked_html(text: str) -> str:
    """The text escaped, with what stands between backticks as <code>."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))


def folded_html(summary: str, html: str) -> str:
    """A fold that opens on a click, and by keyboard; it needs no kernel."""
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"
