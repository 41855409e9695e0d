"""A tile of what runs, as kit/tiles.js has it, in a still picture; all lengths in inches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.views.kit.figure import INK, VERMILION
from helpers.views.kit.printable import shown
from helpers.views.kit.stroke_picture import style_of

TILE_WIDE, TILE_HIGH = 0.88, 0.4
_LONGEST_WORD = 13
_THIN, _FAILED = {"edgecolor": INK, "linewidth": 1.2}, {"edgecolor": VERMILION, "linewidth": 2.2}
_EDGES: dict[str, dict[str, Any]] = {
    "pending": {**_THIN, "linestyle": ":"},
    "starting": {"linestyle": "--", "linewidth": 1.2},
    "running": {"linewidth": 1.5},
    "unready": {"linewidth": 1.5},
    "ending": {"edgecolor": INK, "linestyle": "--", "linewidth": 0.9},
    "failed": _FAILED,
    "rejected": _FAILED,
    "lost": {**_THIN, "linestyle": ":"},
    "ended": {**_THIN, "linestyle": ":"},
}


@dataclass(frozen=True)
class TileLook:
    """What is to be seen of a tile; `look` counts versions, `phase` is one of the style's.

    `mark` stands behind the state.
    """

    version: str
    slot: str
    sign: str
    state: str
    look: int
    phase: str
    mark: str = ""


def draw_tile(axes: Any, x: float, y: float, tile: TileLook, wide: float = TILE_WIDE) -> None:
    """The tile with its upper left corner there, y growing downwards."""
    from matplotlib.patches import FancyBboxPatch

    colour, dashes = style_of(True, tile.look)
    edge = {"edgecolor": colour, **_EDGES.get(tile.phase, {})}
    fill = (*_rgb(colour), 0.16) if tile.phase == "running" else "none"
    style = "round,pad=0,rounding_size=0.05"
    axes.add_patch(FancyBboxPatch((x, y), wide, TILE_HIGH, boxstyle=style, facecolor=fill, **edge))
    stripe, text = x + 0.085, x + 0.16
    axes.plot([stripe, stripe], [y + 0.06, y + TILE_HIGH - 0.06], color=colour, linewidth=4.5,
              linestyle=dashes, solid_capstyle="butt", dash_capstyle="butt")  # fmt: skip
    draw_text(axes, text, y + 0.13, shown(tile.version, 8), size=9.5, weight="bold")
    draw_text(axes, x + wide - 0.06, y + 0.13, shown(tile.slot, 8), size=7.5, ha="right")
    draw_text(axes, text, y + 0.29, tile.sign, size=7.5, weight="bold")
    longest = int(_LONGEST_WORD * wide / TILE_WIDE) - 2 * len(tile.mark)
    draw_text(axes, text + 0.12, y + 0.29, shown(tile.state, longest), size=7.5)
    draw_text(axes, x + wide - 0.06, y + 0.29, tile.mark, size=7.5, ha="right")


def draw_text(axes: Any, x: float, y: float, text: str, **style: Any) -> None:
    """The text in the ink that reads on light and on dark, its middle at that height."""
    axes.text(x, y, text, color=INK, va="center", **style)


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
