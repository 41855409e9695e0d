"""Whether a view may be a widget here, or must be its static twin."""

from __future__ import annotations

import os
import sys


def is_live() -> bool:
    """True in a notebook's kernel, unless WORKBOOK_STATIC=1 asks for static pictures."""
    return os.environ.get("WORKBOOK_STATIC", "") in ("", "0") and is_in_notebook()


def is_in_notebook() -> bool:
    """True in a notebook's kernel, whether or not its views may be widgets."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None
