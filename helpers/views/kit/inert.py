"""Text that stays text in a page: neither HTML nor mathematics."""

from __future__ import annotations

import re
from html import escape

from helpers.outside import visible_text

# JupyterLab typesets what stands between dollars, or behind a backslash, in any HTML output;
# a formula never goes on across the border of an element, in MathJax 2, 3 and 4 alike.
_MARK = re.compile(r"[$\\]")


def inert_html(text: str) -> str:
    """The text as the content of an element: escaped, visible, and no formula."""
    return _MARK.sub(r"<span>\g<0></span>", escape(visible_text(text)))
