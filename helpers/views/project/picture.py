"""The starts of a project as bars on a scale of seconds, the newest at the top, as PNG."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from helpers.model.project.lane import Lane, Phase
from helpers.model.project.run import Run
from helpers.model.project.startup import Startup
from helpers.views.kit.figure import COLOURS, INK, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.project import words
from helpers.views.project.layout import (
    Bar,
    answer_of,
    bars_of,
    breaks_of,
    scale_end,
)

BLUE, ORANGE, GREEN = COLOURS[0], "#D55E00", COLOURS[2]
GRID = "#80808040"
WIDTH = 900
ROW_INCHES, HEAD_INCHES, FOOT_INCHES = 0.3, 0.56, 0.3
NAMES_INCHES, BARS_INCHES, MARGIN_INCHES = 1.6, 6.4, 0.15
_LONGEST_NAME, _LONGEST_LINE = 20, 120
_NEAR = 0.05  # of the scale: an exit code is left out where the next one stands so near
LOOKS: dict[Phase, dict[str, Any]] = {
    Phase.CREATED: {"height": 0.08, "facecolor": INK},
    Phase.RUNNING: {"height": 0.5, "facecolor": "none", "edgecolor": BLUE, "hatch": "////"},
    Phase.HEALTHY: {"height": 0.5, "facecolor": GREEN},
    Phase.UNHEALTHY: {"height": 0.5, "facecolor": "none", "edgecolor": ORANGE, "hatch": "xxxx"},
    Phase.DOWN: {"height": 0.03, "facecolor": ORANGE},
}


def png(now: Startup) -> bytes:
    """The picture; all starts have the same scale, each from its own first moment on."""
    rows = [run.lanes[: words.MOST_LANES] for run in now.shown]
    heights = [HEAD_INCHES + ROW_INCHES * len(lanes) + FOOT_INCHES for lanes in rows]
    top = sum(heights)
    end = scale_end(now)
    figure = clear_figure(MARGIN_INCHES * 2 + NAMES_INCHES + BARS_INCHES, top, None)
    for position, (run, lanes, height) in enumerate(zip(now.shown, rows, heights, strict=True)):
        _head(figure, top, words.run_title(position), words.verdict(run, now.now))
        axes = figure.add_axes(_axes_box(figure, top - HEAD_INCHES, ROW_INCHES * len(lanes)))
        last = run.seconds(now.now) if run.is_going(now.now) else end
        for row_at, lane in enumerate(lanes):
            _draw(axes, row_at, run, lane, last, end)
        _finish(axes, len(lanes), end)
        top -= height
    return png_of(figure)


def _head(figure: Any, top: float, title: str, line: str) -> None:
    wide, high = figure.get_size_inches()
    style = {"color": INK, "va": "top"}
    left = MARGIN_INCHES / wide
    figure.text(left, (top - 0.08) / high, title, weight="bold", size=9.5, **style)
    figure.text(left, (top - 0.29) / high, shown(line, _LONGEST_LINE), size=9, **style)


def _axes_box(figure: Any, top: float, height: float) -> tuple[float, float, float, float]:
    """Where the bars stand, as shares of the figure."""
    wide, high = figure.get_size_inches()
    left = MARGIN_INCHES + NAMES_INCHES
    return left / wide, (top - height) / high, BARS_INCHES / wide, height / high


def _draw(axes: Any, row_at: int, run: Run, lane: Lane, last: float, end: float) -> None:
    """What goes on is drawn until `last`, in seconds as all is."""
    _name(axes, row_at, run, lane)
    for bar in bars_of(run, lane):
        _bar(axes, row_at, bar, last, end)
    for mark, following in pairwise((*breaks_of(run, lane), None)):
        if mark is None:
            continue
        axes.plot(mark.at, row_at, marker="X", color=ORANGE, markersize=7, markeredgecolor="white")
        if following is None or following.at - mark.at > _NEAR * end:
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            style = {"va": "center", "size": 8, "color": "black", "weight": "bold", "bbox": box}
            axes.text(mark.at + 0.013 * end, row_at, mark.text, **style)
    if answer := answer_of(run, lane, end):
        at = end if answer.is_beyond else answer.at
        sign = ">" if answer.is_beyond else "D"
        axes.plot(at, row_at, marker=sign, color="black", markersize=7, markeredgecolor="white",
                  clip_on=False)  # fmt: skip


def _name(axes: Any, row_at: int, run: Run, lane: Lane) -> None:
    left = -NAMES_INCHES / BARS_INCHES
    style = {"color": INK, "va": "center", "size": 8.5,
             "transform": axes.get_yaxis_transform()}  # fmt: skip
    axes.text(left + 0.01, row_at, words.MARKS[words.outcome_of(lane)], weight="bold", **style)
    name = shown(words.lane_name(run, lane), _LONGEST_NAME)
    axes.text(left + 0.04, row_at, name, family="monospace", **style)


def _bar(axes: Any, row_at: int, bar: Bar, last: float, end: float) -> None:
    since, until = min(bar.since, end), min(last if bar.until is None else bar.until, end)
    wide = max(until - since, 0.002 * end)
    axes.barh(row_at, wide, left=since, linewidth=1.2, **LOOKS[bar.phase])


def _finish(axes: Any, rows: int, end: float) -> None:
    axes.set_xlim(0, end)
    axes.set_ylim(max(rows, 1) - 0.5, -0.5)
    axes.set_yticks([])
    axes.patch.set_alpha(0)
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=8, length=0)
    axes.xaxis.set_major_formatter("{x:g} s")
    for side in axes.spines.values():
        side.set_visible(False)
