"""A build's steps as bars on a scale of seconds, or two builds above each other, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.model.build.report import BuildReport
from helpers.model.build.step import BuildStep
from helpers.views.build.content import is_shown, stage_titles
from helpers.views.build.words import SIGNS, command_of, note_of, one_line, verdict
from helpers.views.kit.figure import COLOURS, INK, clear_figure, png_of

BLUE, ORANGE, GREEN = COLOURS[0], "#D55E00", COLOURS[2]
GRID = "#80808040"
LONGEST = 46
CACHED_SHARE = 0.018  # of the scale: a step from the cache takes no time, and must be seen
ROW_INCHES, HEAD_INCHES, FOOT_INCHES = 0.28, 0.56, 0.3
LABELS_INCHES, BARS_INCHES, MARGIN_INCHES = 3.9, 4.4, 0.15
LOOKS: dict[str, dict[str, Any]] = {
    "done": {"facecolor": BLUE},
    "running": {"facecolor": "none", "edgecolor": BLUE, "hatch": "///"},
    "cached": {"facecolor": "none", "edgecolor": GREEN, "hatch": "//////"},
    "failed": {"facecolor": "none", "edgecolor": ORANGE, "hatch": "xxxx"},
    "canceled": {"facecolor": "none", "edgecolor": INK, "linestyle": "--"},
}


@dataclass(frozen=True)
class _Row:
    """A step, or the name of a stage above its steps."""

    step: BuildStep | None
    title: str = ""


def png(reports: Sequence[BuildReport], labels: Sequence[str]) -> bytes:
    """The picture; all builds have the same scale. Texts are drawn as they are."""
    rows = [_rows(report) for report in reports]
    heights = [HEAD_INCHES + ROW_INCHES * max(len(some), 1) + FOOT_INCHES for some in rows]
    figure = clear_figure(MARGIN_INCHES * 2 + LABELS_INCHES + BARS_INCHES, sum(heights), None)
    end = max([0.5, *(report.seconds for report in reports)])
    top = sum(heights)
    for report, label, some, height in zip(reports, labels, rows, heights, strict=True):
        axes = figure.add_axes(_axes_box(figure, top - HEAD_INCHES, ROW_INCHES * max(len(some), 1)))
        _head(figure, top, report, label)
        _draw(axes, some, end)
        top -= height
    return png_of(figure)


def _rows(report: BuildReport) -> list[_Row]:
    rows: list[_Row] = []
    stages, stage = stage_titles(report), None
    for step in report.steps:
        if not is_shown(report, step):
            continue
        if len(stages) > 1 and not step.is_internal and step.stage != stage:
            stage = step.stage
            rows.append(_Row(None, stages[stage]))
        rows.append(_Row(step))
    return rows


def _axes_box(figure: Any, top: float, height: float) -> tuple[float, float, float, float]:
    """Where the bars stand, as shares of the figure."""
    wide, high = figure.get_size_inches()
    left = MARGIN_INCHES + LABELS_INCHES
    return left / wide, (top - height) / high, BARS_INCHES / wide, height / high


def _head(figure: Any, top: float, report: BuildReport, label: str) -> None:
    wide, high = figure.get_size_inches()
    style = {"color": INK, "va": "top"}
    left = MARGIN_INCHES / wide
    command = f"{label}{command_of(report)}"
    figure.text(left, (top - 0.08) / high, command, weight="bold", size=9.5, **style)
    figure.text(left, (top - 0.29) / high, verdict(report), size=9, **style)


def _draw(axes: Any, rows: Sequence[_Row], end: float) -> None:
    for row_at, row in enumerate(rows):
        _label(axes, row_at, row)
        if row.step is not None:
            _bar(axes, row_at, row.step, end)
    axes.set_xlim(0, end)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.set_yticks([])
    axes.patch.set_alpha(0)
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=8, length=0)
    axes.xaxis.set_major_formatter("{x:g} s")
    for side in axes.spines.values():
        side.set_visible(False)


def _label(axes: Any, row_at: int, row: _Row) -> None:
    left = -LABELS_INCHES / BARS_INCHES
    style = {"color": INK, "va": "center", "size": 8.5,
             "transform": axes.get_yaxis_transform()}  # fmt: skip
    if row.step is None:
        axes.text(left, row_at, row.title, weight="bold", **style)
        return
    step = row.step
    axes.text(left + 0.02, row_at, SIGNS[step.status], weight="bold", **style)
    axes.text(left + 0.105, row_at, str(step.line or ""), ha="right", **style)
    title = one_line(step.title, LONGEST)
    slant = "italic" if step.is_internal else "normal"
    axes.text(left + 0.125, row_at, title, family="monospace", style=slant, **style)


def _bar(axes: Any, row_at: int, step: BuildStep, end: float) -> None:
    if step.started_seconds is None:
        return
    start = min(step.started_seconds, end)
    last = end if step.completed_seconds is None else min(step.completed_seconds, end)
    wide = max(last - start, end * (CACHED_SHARE if step.status != "done" else 0.004))
    axes.barh(row_at, wide, left=start, height=0.6, linewidth=1.2, **LOOKS[step.status])
    note, right = note_of(step), start + wide
    style = {"va": "center", "size": 8, "color": INK}
    if right <= 0.72 * end:
        axes.text(right, row_at, f" {note}", ha="left", **style)
    elif start >= 0.28 * end:
        axes.text(start, row_at, f"{note} ", ha="right", **style)
    else:
        if step.status == "done":
            style["color"] = "white"
        elif step.status == "failed":
            style |= {
                "color": ORANGE,
                "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1},
            }
        axes.text(right - 0.012 * end, row_at, note, ha="right", weight="bold", **style)
