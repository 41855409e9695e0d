"""Rows of bars on a scale of seconds, in panels one below the other, as a still picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers.views.kit.figure import INK, clear_figure, png_of

HEAD_INCHES, FOOT_INCHES, MARGIN_INCHES = 0.56, 0.3, 0.15
GRID = "#80808040"


class TimeBars:
    """The picture, and its panels from the top down: a title, a line, and so many rows below it.

    `names_inches` is the room left of the bars; all panels have the scale from 0 to `end_seconds`.
    """

    def __init__(
        self,
        rows: Sequence[int],
        row_inches: float,
        names_inches: float,
        bars_inches: float,
        end_seconds: float,
    ) -> None:
        self._row_inches = row_inches
        self._names_inches, self._bars_inches = names_inches, bars_inches
        self._end_seconds = end_seconds
        self._top = sum(HEAD_INCHES + self._inches(count) + FOOT_INCHES for count in rows)
        width = MARGIN_INCHES * 2 + names_inches + bars_inches
        self._figure = clear_figure(width, self._top, None)

    def panel(self, title: str, line: str, rows: int) -> Any:
        """The axes of the next one, in which row 0 is the upmost; texts are drawn as they are."""
        wide, high = self._figure.get_size_inches()
        style: dict[str, Any] = {"color": INK, "va": "top"}
        left = MARGIN_INCHES / wide
        self._figure.text(left, (self._top - 0.08) / high, title, weight="bold", size=9.5, **style)
        self._figure.text(left, (self._top - 0.29) / high, line, size=9, **style)
        height = self._inches(rows)
        left = (MARGIN_INCHES + self._names_inches) / wide
        foot = self._top - HEAD_INCHES - height
        axes = self._figure.add_axes((left, foot / high, self._bars_inches / wide, height / high))
        _put_on_scale(axes, max(rows, 1), self._end_seconds)
        self._top = foot - FOOT_INCHES
        return axes

    def png(self) -> bytes:
        """The whole of it."""
        return png_of(self._figure)

    def _inches(self, rows: int) -> float:
        return self._row_inches * max(rows, 1)


def _put_on_scale(axes: Any, rows: int, end_seconds: float) -> None:
    axes.set_xlim(0, end_seconds)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.patch.set_alpha(0)
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=8, length=0)
    axes.xaxis.set_major_formatter("{x:g} s")
    for side in axes.spines.values():
        side.set_visible(False)
