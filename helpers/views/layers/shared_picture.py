"""The layers of two images as bars: those of both, and each one's own, as PNG."""

from __future__ import annotations

from helpers.model.layers.compared_layers import ComparedLayers
from helpers.model.layers.image_layers import Layer
from helpers.model.text.units import format_bytes
from helpers.views.kit.figure import COLOURS, HATCHES, INK, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.layers.explorer_picture import SHOWN_LAYERS, explain, name_bars
from helpers.views.layers.explorer_words import WORDS

LONGEST_NAME = 36


def png(compared: ComparedLayers, *names: str) -> bytes:
    """The picture; of very many layers the largest ones, in their order.

    The two names are drawn as they are, never as mathematics.
    """
    from matplotlib.patches import Patch

    rows = _largest([_row(mine, theirs) for mine, theirs in compared.rows])
    layers = [layer for layer, _ in rows]
    short = [shown(name, LONGEST_NAME) for name in names]
    owners = (WORDS["shared.both"], *(WORDS["shared.one"].format(name=name) for name in short))
    figure = clear_figure(8.6, 1.0 + 0.42 * max(len(rows), 1))
    axes = figure.add_subplot()
    bars = axes.barh(range(len(rows)), [layer.size_bytes for layer in layers], height=0.62)
    for bar, (_, owner) in zip(bars, rows, strict=True):
        bar.set(facecolor=COLOURS[owner], hatch=HATCHES[owner], edgecolor="white")
    name_bars(axes, bars, layers, [f" {format_bytes(layer.size_bytes)}" for layer in layers])
    explain(axes, [
        Patch(facecolor=COLOURS[n], hatch=HATCHES[n], edgecolor="white", label=owners[n])
        for n in sorted({owner for _, owner in rows})
    ])  # fmt: skip
    axes.set_title(" beside ".join(short), loc="left", color=INK, fontsize=11)
    return png_of(figure)


def _row(mine: Layer | None, theirs: Layer | None) -> tuple[Layer, int]:
    """The layer, and whose it is: 0 of both, 1 of the first, 2 of the second."""
    if mine is None:
        assert theirs is not None
        return theirs, 2
    return mine, 1 if theirs is None else 0


def _largest(rows: list[tuple[Layer, int]]) -> list[tuple[Layer, int]]:
    kept = sorted(range(len(rows)), key=lambda n: -rows[n][0].size_bytes)[:SHOWN_LAYERS]
    return [rows[n] for n in sorted(kept)]
