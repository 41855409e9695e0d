"""A load's requests as strokes: what strokes.js draws, and their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers.model.load.plan import Plan
from helpers.model.load.strokes import MOST_STROKES, Stroke, Strokes
from helpers.model.load.tally import Series, Tally

LOOKS = 4
_STEPS = (1, 2, 5, 10, 20, 30, 60, 120)
_LABELS = 8


def stroke_values(tally: Tally, plan: Plan, width: int) -> dict[str, Any]:
    """The strokes and their scale; a kind is its position in the tally's series, or -1."""
    strokes = tally.strokes
    kinds = {(each.is_answer, each.kind): at for at, each in enumerate(tally.series)}
    return {
        "width": width,
        "scale": [list(each) for each in scale(strokes, plan.per_second, width)],
        "strokes": [_ends(each, kinds) for each in list(strokes.strokes)],
    }


def looks_of(series: Sequence[Series], first: Sequence[str] = ()) -> list[int]:
    """Which of the looks of versions, or of failures, each has; these versions come first."""
    kinds: dict[bool, list[str]] = {True: list(dict.fromkeys(first)), False: []}
    looks = []
    for each in series:
        same = kinds[each.is_answer]
        if each.kind not in same:
            same.append(each.kind)
        looks.append(same.index(each.kind) % LOOKS)
    return looks


def stroke_line(each: int) -> str:
    """What one stroke stands for."""
    what = "a request" if each == 1 else f"{each} requests"
    fails = "one that failed" if each == 1 else "where one failed"
    return f"A stroke is {what} in order of time; {fails} is tall."


def width_of(strokes: Strokes, is_over: bool) -> int:
    """For how many strokes the picture is wide: for all while it grows, then for those it has."""
    return max(40, len(strokes.strokes)) if is_over else MOST_STROKES


def scale(strokes: Strokes, per_second: float, width: int) -> list[tuple[float, str]]:
    """Where seconds stand below the strokes: their position among them, and the text."""
    span = width * strokes.each / per_second
    step = next((each for each in _STEPS if span / each <= _LABELS), _STEPS[-1])
    return [(at * per_second / strokes.each, f"{at} s") for at in range(0, int(span) + 1, step)]


def _ends(stroke: Stroke, kinds: dict[tuple[bool, str], int]) -> list[int]:
    """The kinds of its answer and of its failure."""
    answer, failure = (True, stroke.answer), (False, stroke.failure)
    return [kinds.get(answer, -1), kinds.get(failure, -1)]
