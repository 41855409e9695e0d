"""Measured values as horizontal bars: a still picture, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.outside import visible_repr
from helpers.views.kit.figure import COLOURS, HATCHES, INK, clear_figure, picture_bundle, png_of
from helpers.views.kit.page import Page, table


@dataclass(frozen=True, repr=False)
class Bars:
    """One bar for each label; `shown` writes a value with its unit."""

    values: Mapping[str, float]
    title: str
    shown: Callable[[float], str]

    @visible_repr
    def __repr__(self) -> str:
        return self._page().text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        return picture_bundle(self._png(), repr(self))

    def _page(self) -> Page:
        rows = [(label, self.shown(value)) for label, value in self.values.items()]
        return table(("", self.title), rows)

    def _png(self) -> bytes:
        figure = clear_figure(7, 0.5 + 0.45 * len(self.values))
        self._draw(figure.add_subplot())
        return png_of(figure)

    def _draw(self, axes: Any) -> None:
        labels, numbers = list(self.values), list(self.values.values())
        bars = axes.barh(labels, numbers, height=0.6, edgecolor="white")
        for index, bar in enumerate(bars):
            bar.set_facecolor(COLOURS[index % len(COLOURS)])
            bar.set_hatch(HATCHES[index % len(HATCHES)])
        axes.bar_label(bars, [f" {self.shown(n)}" for n in numbers], color=INK, padding=3)
        axes.invert_yaxis()
        axes.margins(x=0.18)
        axes.set_title(self.title, loc="left", color=INK, fontsize=11)
        axes.patch.set_alpha(0)
        axes.tick_params(colors=INK)
        axes.xaxis.set_visible(False)
        for side in axes.spines.values():
            side.set_visible(False)
