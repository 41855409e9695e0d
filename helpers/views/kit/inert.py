"""Text that stays text in a page: neither HTML nor mathematics."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from helpers.outside import visible_text

# JupyterLab typesets what stands between dollars, or behind a backslash, in any HTML output;
# a formula never goes on across the border of an element, in MathJax 2, 3 and 4 alike.
_MARK = re.compile(r"[$\\]")


def inert_html(text: str) -> str:
    """The text as the content of an element: escaped, visible, and no formula."""
    return _MARK.sub(r"<span>\g<0></span>", escape(visible_text(text)))


def visible_values(value: Any) -> Any:
    """The values for a widget, each text in them visible, the keys of what others name too."""
    if isinstance(value, str):
        return visible_text(value)
    if isinstance(value, dict):
        return {visible_values(key): visible_values(item) for key, item in value.items()}
    return [visible_values(item) for item in value] if isinstance(value, list) else value
