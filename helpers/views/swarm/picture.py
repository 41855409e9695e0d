"""A service on its nodes as a still picture: shelves with tiles, and below them the strokes."""

from __future__ import annotations

from math import ceil
from typing import Any

from helpers.model.load.plan import Plan
from helpers.model.load.tally import Tally
from helpers.model.swarm.rollout import Rollout, Seen
from helpers.views.kit.figure import INK, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.kit.stroke_picture import draw_strokes
from helpers.views.kit.strokes import looks_of, stroke_line
from helpers.views.kit.tile_picture import TILE_HIGH, TILE_WIDE, TileLook, draw_text, draw_tile
from helpers.views.swarm import words
from helpers.views.swarm.shelves import Shelf, labels_of, look_of, shelves_of

WIDTH = 860
_WIDE, _MARGIN, _NAMES = 8.6, 0.12, 1.75  # all in inches
_GAP, _SHELF_GAP = 0.07, 0.16
_HEAD, _FOOT, _STROKES = 0.52, 0.1, 1.45
_A_ROW = int((_WIDE - 2 * _MARGIN - _NAMES + _GAP) / (TILE_WIDE + _GAP))
_LONGEST_LINE, _LONGEST_NAME = 118, 24


def png(now: Rollout, tally: Tally | None, plan: Plan | None) -> bytes:
    """The picture, drawn on nothing, so that it reads on light and on dark."""
    shelves = shelves_of(now)
    has_load = tally is not None and plan is not None
    high = _HEAD + sum(map(_height, shelves)) + _FOOT + (_STROKES if has_load else 0)
    figure = clear_figure(_WIDE, high, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, _WIDE), ylim=(high, 0))
    axes.axis("off")
    title, update = shown(words.title_of(now), _LONGEST_LINE), words.update_line(now)
    draw_text(axes, _MARGIN, 0.14, title, size=10, weight="bold")
    draw_text(axes, _MARGIN, 0.34, shown(update, _LONGEST_LINE), size=9)
    top = _HEAD
    for shelf in shelves:
        _draw_shelf(axes, now, shelf, top)
        top += _height(shelf)
    if tally is not None and plan is not None:
        _draw_load(figure, axes, now, tally, plan, top + _FOOT)
    return png_of(figure)


def _height(shelf: Shelf) -> float:
    rows = max(1, ceil(len(shelf.tasks) / _A_ROW))
    return rows * (TILE_HIGH + _GAP) + _SHELF_GAP


def _draw_shelf(axes: Any, now: Rollout, shelf: Shelf, top: float) -> None:
    floor = top + _height(shelf) - _SHELF_GAP
    dashes = "-" if shelf.state == "ready" else ":"
    edges = [_MARGIN, _WIDE - _MARGIN]
    axes.plot(edges, [floor, floor], color=INK, linewidth=2.5, linestyle=dashes)
    sign = "✗ " if shelf.state == "down" else ""
    name = f"{sign}{shown(shelf.name, _LONGEST_NAME)}"
    draw_text(axes, _MARGIN, floor - 0.32, name, size=9.5, weight="bold")
    draw_text(axes, _MARGIN, floor - 0.14, shown(shelf.facts, _LONGEST_NAME + 4), size=7.5)
    left = _MARGIN + _NAMES
    for at, seen in enumerate(shelf.tasks):
        row, column = divmod(at, _A_ROW)
        x, y = left + column * (TILE_WIDE + _GAP), top + row * (TILE_HIGH + _GAP)
        draw_tile(axes, x, y, _tile(now, seen))
    if not shelf.tasks:
        draw_text(axes, left, floor - 0.2, words.WORDS["empty"], size=8.5)


def _tile(now: Rollout, seen: Seen) -> TileLook:
    return TileLook(
        version=seen.version.name,
        slot=f".{seen.task.slot}" if seen.task.slot else "",
        sign=words.SIGNS[seen.phase],
        state=words.state_of(seen),
        look=look_of(now, seen.version.label),
        phase=seen.phase.name.lower(),
    )


def _draw_load(figure: Any, axes: Any, now: Rollout, tally: Tally, plan: Plan, top: float) -> None:
    high = figure.get_size_inches()[1]
    line = f"{words.counter_line(tally)}."
    draw_text(axes, _MARGIN, top + 0.14, line, size=10.5, weight="bold")
    draw_text(axes, _MARGIN, top + 0.33, stroke_line(tally.strokes.each), size=8.5)
    box = (0.03, (high - top - _STROKES + 0.28) / high, 0.94, 0.68 / high)
    looks = looks_of(tally.series, labels_of(now))
    draw_strokes(figure.add_axes(box), tally, plan, looks)
