"""Builds beside each other: seconds, steps from the cache, size and layers, as table and chart."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.model.build.report import BuildReport
from helpers.model.text.units import counted, format_bytes, format_seconds
from helpers.outside import visible_repr
from helpers.views.kit.figure import COLOURS, INK, clear_figure, png_of
from helpers.views.kit.page import Page, table

BLUE, GREEN = COLOURS[0], COLOURS[2]
WIDTH = 860
HEADERS = ("", "took", "steps from the cache", "image")


class BuildTable:
    """One row for each build, by its label; the chart above it says the same."""

    def __init__(self, builds: Mapping[str, BuildReport]) -> None:
        self._builds = dict(builds)

    @visible_repr
    def __repr__(self) -> str:
        return self.page().text

    def page(self) -> Page:
        """The table, as HTML and as text."""
        return table(HEADERS, [_row(label, build) for label, build in self._builds.items()])

    def picture(self) -> bytes:
        """Seconds, steps, size and layers of each build as bars beside each other, as PNG."""
        return _png(list(self._builds), list(self._builds.values()))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        page = self.page()
        if self._builds:
            picture = base64.b64encode(self.picture()).decode()
            shape = {"image/png": {"alt": page.text, "width": WIDTH}}
            display({"image/png": picture}, raw=True, metadata=shape)
        display(page._repr_mimebundle_(), raw=True)


def _row(label: str, build: BuildReport) -> tuple[str, ...]:
    size = format_bytes(build.size_bytes)
    return (
        label,
        format_seconds(build.seconds),
        f"{build.cached} of {len(build.own_steps)}",
        f"{size} in {counted(build.layer_count, 'layer')}",
    )


def _png(labels: Sequence[str], builds: Sequence[BuildReport]) -> bytes:
    figure = clear_figure(8.6, 0.75 + 0.34 * len(builds))
    panels = figure.subplots(1, 4, sharey=True, width_ratios=(3, 3.4, 3, 2))
    seconds, steps, sizes, layers = panels
    _bars(seconds, [build.seconds for build in builds], "seconds", format_seconds)
    _steps(steps, builds)
    _bars(sizes, [build.size_bytes for build in builds], "image", lambda n: format_bytes(int(n)))
    _bars(layers, [build.layer_count for build in builds], "layers", lambda n: f"{n:g}")
    rows = range(len(labels))
    seconds.set_yticks(rows, [_short(label) for label in labels])
    seconds.invert_yaxis()
    for axes in panels:
        _plain(axes)
    return png_of(figure)


def _bars(axes: Any, values: Sequence[float], title: str, shown: Callable[[float], str]) -> None:
    bars = axes.barh(range(len(values)), values, height=0.6, color=BLUE)
    axes.bar_label(bars, [f" {shown(value)}" for value in values], color=INK, size=8.5)
    axes.set_title(title, loc="left", color=INK, fontsize=9.5)
    axes.set_xlim(0, max([*values, 0]) * 1.45 or 1)


def _steps(axes: Any, builds: Sequence[BuildReport]) -> None:
    """The steps that were done, and those from the cache: hatched, as in the timeline."""
    rows = range(len(builds))
    cached = [build.cached for build in builds]
    done = [len(build.own_steps) - build.cached for build in builds]
    axes.barh(rows, done, height=0.6, color=BLUE)
    over = axes.barh(rows, cached, left=done, height=0.6, color="none", edgecolor=GREEN,
                     hatch="//////", linewidth=1.2)  # fmt: skip
    texts = [f" {some} of {some + new}" for some, new in zip(cached, done, strict=True)]
    axes.bar_label(over, texts, color=INK, size=8.5)
    axes.set_title("steps (hatched: cached)", loc="left", color=INK, fontsize=9.5)
    most = max([1, *(len(build.own_steps) for build in builds)])
    axes.set_xlim(0, most * 1.4)


def _plain(axes: Any) -> None:
    axes.patch.set_alpha(0)
    axes.tick_params(colors=INK, left=False, labelsize=9)
    axes.xaxis.set_visible(False)
    for side in axes.spines.values():
        side.set_visible(False)


def _short(label: str) -> str:
    return label if len(label) <= 30 else f"{label[:29]}…"
