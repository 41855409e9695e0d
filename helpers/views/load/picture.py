"""A load as a still picture: its strokes over time, failed ones tall, and the counts below."""

from __future__ import annotations

from typing import Any

from helpers.model.load.plan import Plan
from helpers.model.load.tally import Series, Tally
from helpers.views.kit.figure import COLOURS, INK, VERMILION, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.load import words

LOOKS = 4
# Of a stroke from its foot to its head, one for each version and each kind of failure: the colour
# is not the only sign.
DASHES: tuple[Any, ...] = ("-", (0, (3, 1)), (0, (1, 1)), (0, (5, 1, 1, 1)))
_SHORT, _TALL = 0.34, 1.0
_LONGEST = 120


def png(title: str, tally: Tally, plan: Plan, ended: str) -> bytes:
    """The picture, drawn on nothing, so that it reads on light and on dark."""
    series = tally.series
    rows = max(1, len(series))
    figure = clear_figure(8.6, 1.9 + 0.22 * rows, layout=None)
    height = 1.9 + 0.22 * rows
    axes = figure.add_axes((0.03, (0.45 + 0.22 * rows) / height, 0.94, 0.85 / height))
    width = words.width_of(tally.strokes, True)
    axes.set(xlim=(-0.5, width), ylim=(0, 1.04))
    axes.set_yticks([])
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    scale = words.scale(tally.strokes, plan.per_second, width)
    axes.set_xticks([at for at, _ in scale], [text for _, text in scale], color=INK, size=8)
    axes.tick_params(color=INK)
    _draw(axes, tally, series)
    top = 1 - 0.16 / height
    counts = f"{words.counts_line(tally, ended)} {words.stroke_line(tally.strokes.each)}"
    figure.text(0.03, top, shown(title, _LONGEST), color=INK, size=10, weight="bold", va="top")
    figure.text(
        0.03, top - 0.2 / height, shown(counts, 2 * _LONGEST), color=INK, size=8.5, va="top"
    )
    for at, each in enumerate(series):
        _name(figure, each, series, tally, (0.06 + 0.22 * (rows - 1 - at)) / height)
    return png_of(figure)


def look_of(series: tuple[Series, ...], wanted: Series) -> tuple[str, Any]:
    """The colour and the dashes of that kind."""
    same = [each.kind for each in series if each.is_answer is wanted.is_answer]
    at = same.index(wanted.kind) % LOOKS
    return (COLOURS[at] if wanted.is_answer else VERMILION), DASHES[at]


def _draw(axes: Any, tally: Tally, series: tuple[Series, ...]) -> None:
    strokes = list(tally.strokes.strokes)
    for each in sorted(series, key=lambda one: one.is_answer):
        kind = "answer" if each.is_answer else "failure"
        at = [x for x, stroke in enumerate(strokes) if getattr(stroke, kind) == each.kind]
        colour, dashes = look_of(series, each)
        head = _SHORT if each.is_answer else _TALL
        axes.vlines(at, 0, head, colors=colour, linestyles=[dashes], linewidth=1.6)


def _name(figure: Any, one: Series, series: tuple[Series, ...], tally: Tally, y: float) -> None:
    from matplotlib.lines import Line2D

    colour, dashes = look_of(series, one)
    line = Line2D([0.03, 0.055], [y + 0.02, y + 0.02], color=colour, linestyle=dashes, linewidth=3)
    figure.add_artist(line)
    name, count, share, span, median, *_ = words.row_of(one, tally)
    text = f"{name}: {count} ({share}), due {span}, median latency {median}"
    figure.text(0.065, y, shown(text, _LONGEST), color=INK, size=8.5)
