"""The layers of an image as bars, with what later layers hide of each hatched, as PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.model.layers.image_layers import Layer
from helpers.model.text.units import format_bytes
from helpers.views.kit.figure import COLOURS, INK, clear_figure, png_of
from helpers.views.layers.explorer_words import instruction_of

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
    from matplotlib.patches import Patch

    rows = range(len(layers))
    lost = [min(hidden.get(layer.index, 0), layer.size_bytes) for layer in layers]
    live = [layer.size_bytes - gone for layer, gone in zip(layers, lost, strict=True)]
    axes.barh(rows, live, height=0.62, color=LIVE)
    over = axes.barh(rows, lost, height=0.62, left=live, color="none", edgecolor=HIDDEN,
                     hatch="////")  # fmt: skip
    for bar, gone in zip(over, lost, strict=True):
        bar.set_visible(bool(gone))
    texts = [
        f" {format_bytes(layer.size_bytes)}" + _hidden_words(gone, layer.size_bytes)
        for layer, gone in zip(layers, lost, strict=True)
    ]
    name_bars(axes, over, layers, texts)
    if any(lost):
        live_patch = Patch(color=LIVE, label="in the final files")
        lost_patch = Patch(facecolor="none", edgecolor=HIDDEN, hatch="////",
                           label="hidden by a later layer")  # fmt: skip
        explain(axes, [live_patch, lost_patch])


def name_bars(axes: Any, bars: Any, layers: Sequence[Layer], texts: Sequence[str]) -> None:
    """Writes each layer's step and instruction before its bar and that text after it."""
    axes.bar_label(bars, texts, color=INK, padding=3)
    axes.set_yticks(list(range(len(layers))), [f"#{layer.index + 1}  {instruction_of(layer, 44)}"
                    for layer in layers], family="monospace", size=9)  # fmt: skip
    axes.invert_yaxis()
    axes.margins(x=0.3)
    axes.tick_params(colors=INK, left=False)
    axes.xaxis.set_visible(False)
    axes.patch.set_alpha(0)
    for side in axes.spines.values():
        side.set_visible(False)


def explain(axes: Any, patches: Sequence[Any]) -> None:
    """Says below the bars what each of these labelled patches stands for."""
    in_one_row = sum(len(patch.get_label()) for patch in patches) < 90
    legend = axes.legend(
        handles=patches,
        loc="upper center",
        bbox_to_anchor=(0.4, 0),
        ncols=len(patches) if in_one_row else 1,
        frameon=False,
    )
    for text in legend.get_texts():
        text.set_color(INK)


def _hidden_words(gone: int, size_bytes: int) -> str:
    if not gone:
        return ""
    return ", all hidden" if gone == size_bytes else f", {format_bytes(gone)} hidden"
