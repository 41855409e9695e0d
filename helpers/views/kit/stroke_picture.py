"""Strokes of a load in a still picture, short where answered and tall where failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers.model.load.plan import Plan
from helpers.model.load.tally import Series, Tally
from helpers.views.kit.figure import COLOURS, INK, VERMILION
from helpers.views.kit.strokes import scale, width_of

# Of a stroke from its foot to its head, one for each version and each kind of failure: the colour
# is not the only sign.
DASHES: tuple[Any, ...] = ("-", (0, (3, 1)), (0, (1, 1)), (0, (5, 1, 1, 1)))
_SHORT, _TALL = 0.34, 1.0


def style_of(is_answer: bool, look: int) -> tuple[str, Any]:
    """The colour and the dashes of that look, of a version or of a failure."""
    return (COLOURS[look] if is_answer else VERMILION), DASHES[look]


def draw_strokes(axes: Any, tally: Tally, plan: Plan, looks: Sequence[int]) -> None:
    """The strokes on these axes, on a scale of seconds; a look for each of the tally's series."""
    width = width_of(tally.strokes, True)
    axes.set(xlim=(-0.5, width), ylim=(0, 1.04))
    axes.set_yticks([])
    axes.patch.set_alpha(0)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    ticks = scale(tally.strokes, plan.per_second, width)
    axes.set_xticks([at for at, _ in ticks], [text for _, text in ticks], color=INK, size=8)
    axes.tick_params(color=INK)
    strokes = list(tally.strokes.strokes)
    every: list[tuple[Series, int]] = list(zip(tally.series, looks, strict=False))
    for each, look in sorted(every, key=lambda one: one[0].is_answer):
        kind = "answer" if each.is_answer else "failure"
        at = [x for x, stroke in enumerate(strokes) if getattr(stroke, kind) == each.kind]
        colour, dashes = style_of(each.is_answer, look)
        head = _SHORT if each.is_answer else _TALL
        axes.vlines(at, 0, head, colors=colour, linestyles=[dashes], linewidth=1.6)
