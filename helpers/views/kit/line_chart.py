"""The columns of a table as lines over its index: a still picture, and what it shows in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.outside import visible_repr
from helpers.views.kit.figure import COLOURS, INK, clear_figure, picture_bundle, png_of

if TYPE_CHECKING:
    import pandas

DASHES = ("-", "--", ":", "-.")


@dataclass(frozen=True, repr=False)
class LineChart:
    """One line for each column; the index is in seconds, the values in `unit`."""

    frame: pandas.DataFrame
    title: str
    unit: str = ""

    @visible_repr
    def __repr__(self) -> str:
        return f"{self.title}: {', '.join(map(str, sorted(self.frame.columns))) or 'nothing'}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        return picture_bundle(self._png(), repr(self), self._in_words())

    def _in_words(self) -> str:
        peaks = [
            f"{name} from {self.frame[name].min():.3g} to {self.frame[name].max():.3g}{self.unit}"
            for name in self.frame.columns
        ]
        return f"{self.title}: {', '.join(peaks)}"

    def _png(self) -> bytes:
        figure = clear_figure(8, 3)
        self._draw(figure.add_subplot())
        return png_of(figure)

    def _draw(self, axes: Any) -> None:
        for at, name in enumerate(self.frame.columns):
            values = self.frame[name].dropna()
            axes.plot(values.index, values, DASHES[at % len(DASHES)], linewidth=2,
                      color=COLOURS[at % len(COLOURS)], label=str(name))  # fmt: skip
        axes.set_title(self.title, loc="left", color=INK, fontsize=11)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}{self.unit}")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} s")
        axes.set_ylim(bottom=0)
        axes.grid(axis="y", color=INK, alpha=0.25, linewidth=0.6)
        axes.tick_params(colors=INK)
        axes.patch.set_alpha(0)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(INK)
        if len(self.frame.columns) > 1:
            axes.legend(loc="upper left", frameon=False, labelcolor=INK)
