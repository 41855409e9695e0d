"""A load as a still picture: its strokes over time, failed ones tall, and the counts below."""

from __future__ import annotations

from typing import Any

from helpers.model.load.plan import Plan
from helpers.model.load.tally import Series, Tally
from helpers.views.kit.figure import INK, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.kit.stroke_picture import draw_strokes, style_of
from helpers.views.kit.strokes import looks_of, stroke_line
from helpers.views.load import words

_LONGEST = 120


def png(title: str, tally: Tally, plan: Plan, ended: str) -> bytes:
    """The picture, drawn on nothing, so that it reads on light and on dark."""
    series = tally.series
    rows = max(1, len(series))
    figure = clear_figure(8.6, 1.9 + 0.22 * rows, layout=None)
    height = 1.9 + 0.22 * rows
    axes = figure.add_axes((0.03, (0.45 + 0.22 * rows) / height, 0.94, 0.85 / height))
    looks = looks_of(series)
    draw_strokes(axes, tally, plan, looks)
    top = 1 - 0.16 / height
    counts = f"{words.counts_line(tally, ended)} {stroke_line(tally.strokes.each)}"
    figure.text(0.03, top, shown(title, _LONGEST), color=INK, size=10, weight="bold", va="top")
    figure.text(
        0.03, top - 0.2 / height, shown(counts, 2 * _LONGEST), color=INK, size=8.5, va="top"
    )
    for at, (each, look) in enumerate(zip(series, looks, strict=True)):
        _name(figure, each, look, tally, (0.06 + 0.22 * (rows - 1 - at)) / height)
    return png_of(figure)


def _name(figure: Any, one: Series, look: int, tally: Tally, y: float) -> None:
    from matplotlib.lines import Line2D

    colour, dashes = style_of(one.is_answer, look)
    line = Line2D([0.03, 0.055], [y + 0.02, y + 0.02], color=colour, linestyle=dashes, linewidth=3)
    figure.add_artist(line)
    name, count, share, span, median, *_ = words.row_of(one, tally)
    text = f"{name}: {count} ({share}), due {span}, median latency {median}"
    figure.text(0.065, y, shown(text, _LONGEST), color=INK, size=8.5)
