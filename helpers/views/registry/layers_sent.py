"""Pushes or pulls beside each other: which layers went, and which the other side had already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.model.registry.transfer import MovedLayer, Transfer
from helpers.model.text.units import format_bytes
from helpers.outside import visible_repr
from helpers.views.kit.figure import COLOURS, HATCHES, INK, clear_figure, picture_bundle, png_of
from helpers.views.kit.page import Page, table

_MOVED, _SKIPPED = COLOURS[:2]
_UNKNOWN = "#d9d9d9"
_HATCH = HATCHES[1]  # says "skipped" a second time
_TITLE = "bytes of each layer, as the registry keeps them"
_THIN = 0.012  # of the widest row: a layer is never drawn thinner, or one could not see it
_WIDE_ENOUGH = 0.11


@dataclass(frozen=True, repr=False)
class LayersSent:
    """One row a transfer, one box a layer from the lowest up; as wide as it is large."""

    transfers: Sequence[Transfer]

    @visible_repr
    def __repr__(self) -> str:
        return self._page().text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        return picture_bundle(self._png(), repr(self))

    def _page(self) -> Page:
        rows = [
            (_row_name(transfer), layer.short, format_bytes(layer.size_bytes), layer.fate.value)
            for transfer in self.transfers
            for layer in transfer.layers
        ]
        return table(("", "layer", "size", "what became of it"), rows, _TITLE)

    def _png(self) -> bytes:
        figure = clear_figure(8, 1.2 + 0.62 * len(self.transfers))
        self._draw(figure.add_subplot())
        return png_of(figure)

    def _draw(self, axes: Any) -> None:
        widest = max(sum(layer.size_bytes for layer in one.layers) for one in self.transfers) or 1
        for row, transfer in enumerate(self.transfers):
            left = 0.0
            for layer in transfer.layers:
                width = max(layer.size_bytes, widest * _THIN)
                _box(axes, row, left, width, layer, widest)
                left += width
        axes.set_yticks(range(len(self.transfers)), [_row_name(one) for one in self.transfers])
        axes.invert_yaxis()
        _legend(axes)
        axes.set_title(_TITLE, loc="left", color=INK, fontsize=11)
        axes.patch.set_alpha(0)
        axes.tick_params(colors=INK, length=0)
        axes.xaxis.set_visible(False)
        for side in axes.spines.values():
            side.set_visible(False)


def _box(axes: Any, row: int, left: float, width: float, layer: MovedLayer, widest: int) -> None:
    axes.barh(
        row, width, left=left, height=0.66, edgecolor="white", linewidth=1.2,
        facecolor=_MOVED if layer.fate.moved else _SKIPPED if layer.fate.was_there else _UNKNOWN,
        hatch=_HATCH if layer.fate.was_there else "",
    )  # fmt: skip
    if width >= widest * _WIDE_ENOUGH:
        words = f"{format_bytes(layer.size_bytes)}\n{layer.fate.value}"
        box = {"facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        axes.text(
            left + width / 2, row, words, ha="center", va="center", fontsize=8, color="#202020",
            bbox=box,
        )  # fmt: skip


def _legend(axes: Any) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=_MOVED, edgecolor="white", label="transferred"),
        Patch(facecolor=_SKIPPED, edgecolor="white", hatch=_HATCH, label="skipped: there already"),
    ]
    axes.legend(
        handles=patches, loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=2, frameon=False,
        labelcolor=INK, fontsize=9,
    )  # fmt: skip


def _row_name(transfer: Transfer) -> str:
    """'push app:1.0', without the registry."""
    _, _, name = transfer.name.partition("/")
    name, _, digest = name.partition("@")
    return f"{transfer.verb} {name}{f'@{digest[:13]}…' if digest else ''}"
