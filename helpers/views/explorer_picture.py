"""The layers of an image as bars, with what later layers hide of each hatched, as PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.model.image_layers import Layer
from helpers.model.units import format_bytes
from helpers.views.explorer_words import instruction_of
from helpers.views.figure import COLOURS, INK, clear_figure, png_of

LIVE, HIDDEN = COLOURS[0], COLOURS[1]
SHOWN_LAYERS = 40


def png(layers: Sequence[Layer], hidden: Mapping[int, int], title: str) -> bytes:
    """The picture; of very many layers the largest ones, in their order. Empty ones are left out.

    Its title is drawn as it is, never as mathematics.
    """
    real = [layer for layer in layers if not layer.is_empty]
    largest = sorted(real, key=lambda layer: -layer.size_bytes)[:SHOWN_LAYERS]
    shown = sorted(largest, key=lambda layer: layer.index)
    figure = clear_figure(8.6, 1.0 + 0.42 * max(len(shown), 1))
    axes = figure.add_subplot()
    _draw(axes, shown, hidden)
    axes.set_title(title, loc="left", color=INK, fontsize=11)
    return png_of(figure)


def _draw(axes: Any, layers: Sequence[Layer], hidden: Mapping[int, int]) -> None:
    places = range(len(layers))
    lost = [min(hidden.get(layer.index, 0), layer.size_bytes) for layer in layers]
    live = [layer.size_bytes - gone for layer, gone in zip(layers, lost, strict=True)]
    axes.barh(places, live, height=0.62, color=LIVE)
    over = axes.barh(places, lost, height=0.62, left=live, color="none", edgecolor=HIDDEN,
                     hatch="////")  # fmt: skip
    for bar, gone in zip(over, lost, strict=True):
        bar.set_visible(bool(gone))
    texts = [
        f" {format_bytes(layer.size_bytes)}" + (f", {format_bytes(gone)} hidden" if gone else "")
        for layer, gone in zip(layers, lost, strict=True)
    ]
    axes.bar_label(over, texts, color=INK, padding=3)
    axes.set_yticks(list(places), [f"#{layer.index + 1}  {instruction_of(layer, 44)}"
                    for layer in layers], family="monospace", size=9)  # fmt: skip
    axes.invert_yaxis()
    axes.margins(x=0.3)
    axes.tick_params(colors=INK, left=False)
    axes.xaxis.set_visible(False)
    axes.patch.set_alpha(0)
    for side in axes.spines.values():
        side.set_visible(False)
    if any(lost):
        _explain(axes)


def _explain(axes: Any) -> None:
    from matplotlib.patches import Patch

    live = Patch(color=LIVE, label="in the final files")
    lost = Patch(facecolor="none", edgecolor=HIDDEN, hatch="////", label="hidden by a later layer")
    legend = axes.legend(
        handles=[live, lost],
        loc="upper center",
        bbox_to_anchor=(0.4, 0),
        ncols=2,
        frameon=False,
    )
    for text in legend.get_texts():
        text.set_color(INK)
