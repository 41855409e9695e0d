"""A build's steps as bars on a scale of seconds, or two builds above each other, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.model.build.report import BuildReport
from helpers.model.build.step import BuildStep
from helpers.views.build.content import is_shown, stage_titles
from helpers.views.build.words import SIGNS, command_of, note_of, one_line, verdict
from helpers.views.kit.figure import COLOURS, INK, VERMILION
from helpers.views.kit.time_bars import TimeBars

BLUE, ORANGE, GREEN = COLOURS[0], VERMILION, COLOURS[2]
LONGEST = 46
CACHED_SHARE = 0.018  # of the scale: a step from the cache takes no time, and must be seen
ROW_INCHES, LABELS_INCHES, BARS_INCHES = 0.28, 3.9, 4.4
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
    end = max([0.5, *(report.seconds for report in reports)])
    counts = [len(some) for some in rows]
    picture = TimeBars(counts, ROW_INCHES, LABELS_INCHES, BARS_INCHES, end)
    for report, label, some in zip(reports, labels, rows, strict=True):
        axes = picture.panel(f"{label}{command_of(report)}", verdict(report), len(some))
        for row_at, row in enumerate(some):
            _label(axes, row_at, row)
            if row.step is not None:
                _bar(axes, row_at, row.step, end)
    return picture.png()


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
