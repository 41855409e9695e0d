"""A comparison as a still picture: one panel for each measure, a dot for each run."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from helpers.model.footprint.footprint import (
    CONTAINER,
    VM,
    FootprintComparison,
    Measure,
    in_words,
    times,
)
from helpers.views.kit.figure import COLOURS, HATCHES, png_of

INK, FAINT, PAPER = "#1a1a1a", "#767676", "#ffffff"
_DOTS_PER_INCH = 144
_WIDTH = 8.2
_HEAD, _PANEL = 0.75, 0.98
_MOST_BAR = 0.42  # of the width: words stand right of it


def png(comparison: FootprintComparison, title: str) -> bytes:
    """The picture on white paper, so that it reads on a dark page too."""
    from matplotlib.figure import Figure

    measures = comparison.measures
    rows = max(len(comparison.subjects), 1)
    panel = _PANEL + 0.3 * (rows - 2)
    height = _HEAD + panel * len(measures)
    figure = Figure(figsize=(_WIDTH, height), dpi=_DOTS_PER_INCH, facecolor=PAPER)
    axes = figure.add_axes((0.02, 0.01, 0.96, 0.98), xlim=(0, 1), ylim=(height, 0))
    axes.set_axis_off()
    axes.text(0, 0.12, fill(title, 104), size=9.5, color=INK, va="top")
    for index, measure in enumerate(measures):
        _draw_panel(axes, comparison, measure, _HEAD + panel * index)
    return png_of(figure)


def _draw_panel(axes: Any, comparison: FootprintComparison, measure: Measure, top: float) -> None:
    title = comparison.title_of(measure)
    ratio = times(comparison.ratio(measure))
    axes.text(0, top, title, size=10.5, weight="bold", color=INK, va="top")
    if ratio:
        words = f"{VM} / {CONTAINER}: {ratio}"
        axes.text(1, top, words, size=9.5, color=INK, va="top", ha="right")
    spreads = [comparison.spread(subject.name, measure) for subject in comparison.subjects]
    highest = max((spread.high for spread in spreads if spread), default=0) or 1.0
    for row, (subject, spread) in enumerate(zip(comparison.subjects, spreads, strict=True)):
        y = top + 0.36 + 0.3 * row
        axes.text(0.17, y, subject.name, size=9.5, color=INK, va="center", ha="right")
        if spread is None:
            axes.text(0.19, y, "n/a", size=9.5, color=FAINT, va="center")
            continue
        scale = _MOST_BAR / highest
        axes.barh(
            [y], [spread.median * scale], left=0.18, height=0.2, color=COLOURS[row],
            hatch=HATCHES[row], edgecolor=PAPER, linewidth=0,
        )  # fmt: skip
        axes.plot([0.18 + spread.low * scale, 0.18 + spread.high * scale], [y, y], color=INK,
                  linewidth=1)  # fmt: skip
        axes.plot([0.18 + value * scale for value in spread.values], [y] * len(spread.values),
                  "o", color=INK, markersize=3.2)  # fmt: skip
        end = 0.18 + spread.high * scale + 0.012
        axes.text(end, y, in_words(measure, spread), size=9.5, color=INK, va="center")
