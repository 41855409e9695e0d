"""Figures of matplotlib as still pictures: no screen, and matplotlib loaded when one is drawn."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from helpers.outside import visible_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Of the palette of Okabe and Ito, told apart by colour-blind eyes; hatches say it a second time.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
VERMILION = "#D55E00"  # of the same palette, for what failed
HATCHES = ("", "///", "...", "xxx")
INK = "#808080"  # reads on white and on black


def clear_figure(
    width: float, height: float, layout: Literal["constrained"] | None = "constrained"
) -> Figure:
    """An empty figure of so many inches, with no background: it lies on a light or a dark page."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=110, layout=layout)
    figure.patch.set_alpha(0)
    return figure


def png_of(figure: Figure) -> bytes:
    """The figure as PNG, in the dots per inch that it was made with.

    Every text is drawn as it is: a name with a dollar in it is no formula.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    FigureCanvasAgg(figure)
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    out = BytesIO()
    figure.savefig(out, format="png", dpi="figure")
    return out.getvalue()


def picture_bundle(png: bytes, text: str, alt: str = "") -> tuple[dict[str, str], dict[str, Any]]:
    """The MIME bundle of a picture and its metadata; `alt` is what it says where nobody sees it."""
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": visible_text(text)}
    return data, {"image/png": {"alt": alt or text}}
