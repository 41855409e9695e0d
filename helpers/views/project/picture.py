"""The starts of a project as bars on a scale of seconds, the newest at the top, as PNG."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from helpers.model.project.lane import Lane, Phase
from helpers.model.project.run import Run
from helpers.model.project.startup import Startup
from helpers.views.kit.figure import COLOURS, INK, VERMILION
from helpers.views.kit.printable import shown
from helpers.views.kit.time_bars import TimeBars
from helpers.views.project import words
from helpers.views.project.layout import (
    Bar,
    answer_of,
    bars_of,
    breaks_of,
    scale_end,
)

BLUE, ORANGE, GREEN = COLOURS[0], VERMILION, COLOURS[2]
WIDTH = 900
ROW_INCHES, NAMES_INCHES, BARS_INCHES = 0.3, 1.6, 6.4
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
    end = scale_end(now)
    counts = [len(lanes) for lanes in rows]
    picture = TimeBars(counts, ROW_INCHES, NAMES_INCHES, BARS_INCHES, end)
    for position, (run, lanes) in enumerate(zip(now.shown, rows, strict=True)):
        line = shown(words.verdict(run, now.now), _LONGEST_LINE)
        axes = picture.panel(words.run_title(position), line, len(lanes))
        last = run.seconds(now.now) if run.is_going(now.now) else end
        for row_at, lane in enumerate(lanes):
            _draw(axes, row_at, run, lane, last, end)
    return picture.png()


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
