"""Tables of pandas whose cells are text of others: no formulas, nothing that is not seen."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from helpers.outside import visible_text

if TYPE_CHECKING:
    import pandas


def text_frame(frame: pandas.DataFrame) -> pandas.DataFrame:
    """The same table, and whatever is made of it, shown as text."""
    kind: type[pandas.DataFrame] = _kind()
    return kind(frame)


@functools.cache
def _kind() -> Any:
    import pandas

    class TextFrame(pandas.DataFrame):
        """A table that JupyterLab's typesetter leaves alone where it would find a formula."""

        @property
        def _constructor(self) -> Any:
            return TextFrame

        def __repr__(self) -> str:
            return visible_text(super().__repr__())

        def _repr_html_(self) -> str | None:
            html = _html(super())
            if html and ("$" in html or "\\" in html):
                with pandas.option_context("display.html.use_mathjax", False):
                    html = _html(super())
            return visible_text(html) if html else html

    return TextFrame


def _html(frame: Any) -> str | None:
    """What pandas gives to a notebook; None where its options say so."""
    html: str | None = frame._repr_html_()
    return html
