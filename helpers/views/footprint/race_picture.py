"""The end of a race as a still picture, for whoever reads with no kernel."""

from __future__ import annotations

from typing import Any

from helpers.model.footprint.race import Lane, Race
from helpers.model.text.units import format_seconds
from helpers.views.kit.figure import COLOURS, HATCHES, png_of

INK, PAPER = "#1a1a1a", "#ffffff"
_DOTS_PER_INCH = 144


def png(race: Race) -> bytes:
    """One bar for each lane, its marks numbered and named below; on white, for dark pages too."""
    from matplotlib.figure import Figure

    rows = sum(len(lane.marks) for lane in race.lanes)
    height = 1.0 + 0.62 * len(race.lanes) + 0.24 * rows
    figure = Figure(figsize=(8, height), dpi=_DOTS_PER_INCH, facecolor=PAPER)
    axes = figure.add_axes((0.03, 0.03, 0.94, 0.94))
    axes.set_axis_off()
    longest = max((mark.seconds for lane in race.lanes for mark in lane.marks), default=1.0)
    axes.set_xlim(0, 1)
    axes.set_ylim(height, 0)
    axes.text(0, 0.3, race.title, size=11.5, weight="bold", color=INK)
    y = 0.75
    for index, lane in enumerate(race.lanes):
        y = _draw_lane(axes, lane, index, y, longest)
    return png_of(figure)


def _draw_lane(axes: Any, lane: Lane, index: int, y: float, longest: float) -> float:
    """Draws one lane from y down; the y below it."""
    words = f"{lane.name} ({lane.detail}): {lane.result}"
    axes.text(0, y, words, size=10, color=INK, va="top")
    y += 0.26
    end = lane.marks[-1].seconds if lane.marks else 0.0
    axes.barh(
        [y + 0.1], [max(end / longest, 0.004)], height=0.2, color=COLOURS[index],
        hatch=HATCHES[index], edgecolor=PAPER, linewidth=0,
    )  # fmt: skip
    for number, mark in enumerate(lane.marks, 1):
        at = mark.seconds / longest
        axes.plot([at, at], [y - 0.02, y + 0.22], color=INK, linewidth=1.2)
        row = y + 0.3 + 0.24 * (number - 1)
        axes.text(0.12, row, format_seconds(mark.seconds), size=9, color=INK, va="top", ha="right")
        axes.text(0.14, row, mark.name, size=9, color=INK, va="top")
    return y + 0.3 + 0.24 * len(lane.marks) + 0.12
