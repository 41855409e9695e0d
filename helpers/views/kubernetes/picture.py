"""A cluster, wished and observed, as a still picture."""

from __future__ import annotations

from math import ceil
from textwrap import wrap
from typing import Any

from helpers.model.kubernetes.state import ClusterState
from helpers.views.kit.figure import INK, VERMILION, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.kit.tile_picture import TILE_HIGH, draw_text, draw_tile
from helpers.views.kubernetes import words
from helpers.views.kubernetes.floors import SETS, Floor, floors_of
from helpers.views.kubernetes.groups import Group, groups_of, tile_of

WIDTH = 980
_WIDE, _MARGIN = 9.8, 0.12  # all in inches
_LAMPS, _SEEN = 2.55, 4.95  # where these columns begin
_LINE, _HEAD, _SPACE = 0.17, 0.66, 0.16
_TILE_WIDE, _GAP, _GROUP_GAP = 1.06, 0.07, 0.2
_A_ROW = int((_WIDE - _MARGIN - _SEEN + _GAP) / (_TILE_WIDE + _GAP))
_WISHED_LETTERS, _SEEN_LETTERS, _TITLE_LETTERS = 33, 76, 110
_SMALL, _GROUP_LETTERS = 7.5, 34


def png(now: ClusterState) -> bytes:
    """The picture, drawn on nothing, so that it reads on light and on dark."""
    floors, groups = floors_of(now), groups_of(now)
    heights = [_height(floor, groups) for floor in floors]
    high = _HEAD + sum(heights) + _MARGIN
    figure = clear_figure(_WIDE, high, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, _WIDE), ylim=(high, 0))
    axes.axis("off")
    _draw_head(axes, now)
    top = _HEAD
    for floor, height in zip(floors, heights, strict=True):
        _draw_floor(axes, now, floor, groups, top)
        top += height
        if floor is not floors[-1]:
            axes.plot([_MARGIN, _WIDE - _MARGIN], [top - 0.06] * 2, color=INK, linewidth=0.5)
    return png_of(figure)


def _draw_head(axes: Any, now: ClusterState) -> None:
    title = shown(words.title_of(now), _TITLE_LETTERS)
    draw_text(axes, _MARGIN, 0.14, title, size=10, weight="bold")
    trouble = "" if now.contact.connected else now.contact.words
    draw_text(axes, _MARGIN, 0.34, shown(trouble, _TITLE_LETTERS), size=8.5)
    for x, name in zip((_MARGIN, _LAMPS, _SEEN), words.HEADERS, strict=True):
        draw_text(axes, x, 0.54, name, size=8.5, style="italic")


def _height(floor: Floor, groups: tuple[Group, ...]) -> float:
    left = len(_left_lines(floor)) * _LINE
    lamps = len(floor.programs) * 2 * _LINE
    right = len(_right_lines(floor)) * _LINE
    return max(left, lamps, right + _placed(groups, floor.id)[1]) + _SPACE


def _placed(
    groups: tuple[Group, ...], floor: str
) -> tuple[list[tuple[Group, float, float]], float]:
    """The groups of a floor side by side, each with its left and its top, and how high they are."""
    placed, x, y, high = [], 0.0, 0.0, 0.0
    for group in (each for each in groups if each.is_on(floor)):
        columns = max(2, min(len(group.on(floor)), _A_ROW))
        wide = columns * (_TILE_WIDE + _GAP)
        if x and x + wide > _WIDE - _MARGIN - _SEEN + _GAP:
            x, y, high = 0.0, y + high, 0.0
        placed.append((group, x, y))
        rows = ceil(len(group.on(floor)) / _A_ROW)
        high = max(high, _head_height(floor) + rows * (TILE_HIGH + _GAP) + 0.04)
        x += wide + _GROUP_GAP
    return placed, y + high


def _head_height(floor: str) -> float:
    return _LINE * (2 if floor == SETS else 1)


def _left_lines(floor: Floor) -> list[tuple[str, bool]]:
    """The lines, and whether each is small."""
    lines = [(line, False) for text in floor.wished for line in _wrapped(text, _WISHED_LETTERS)]
    small = [(line, True) for text in floor.rules for line in _wrapped(text, _WISHED_LETTERS + 8)]
    return [*lines, *small] or [(words.NOTHING, False)]


def _right_lines(floor: Floor) -> list[tuple[str, bool]]:
    """The same of what is observed; what its sign stands before comes first."""
    lines = [line for text in floor.observed for line in _wrapped(text, _SEEN_LETTERS - 10)]
    idle = floor.idle if floor.is_as_wished is False else ""
    small = [
        line for text in (*floor.notes, idle) if text for line in _wrapped(text, _SEEN_LETTERS)
    ]
    return [*((line, False) for line in lines or [""]), *((line, True) for line in small)]


def _wrapped(text: str, longest: int) -> list[str]:
    return wrap(shown(text.replace("`", ""), 3 * longest), longest)


def _draw_floor(
    axes: Any, now: ClusterState, floor: Floor, groups: tuple[Group, ...], top: float
) -> None:
    _draw_lines(axes, _MARGIN, top, _left_lines(floor), floor.is_as_wished is False)
    for at, name in enumerate(floor.programs):
        _draw_lamp(axes, now, name, top + at * 2 * _LINE)
    lines = _right_lines(floor)
    is_other = floor.is_as_wished is False
    draw_text(axes, _SEEN - 0.2, top + 0.1, floor.sign, size=11, weight="bold")
    if is_other:
        bar, end = _SEEN - 0.28, top + len(lines) * _LINE
        axes.plot([bar, bar], [top + 0.02, end], color=VERMILION, linewidth=2.5)
    _draw_lines(axes, _SEEN, top, lines, is_other)
    y = top + len(lines) * _LINE
    for group, right, below in _placed(groups, floor.id)[0]:
        _draw_group(axes, now, group, floor.id, _SEEN + right, y + below)


def _draw_lines(
    axes: Any, x: float, top: float, lines: list[tuple[str, bool]], is_bold: bool
) -> None:
    for at, (line, is_small) in enumerate(lines):
        weight = "bold" if is_bold and not is_small else "normal"
        size = _SMALL if is_small else 8.5
        draw_text(axes, x, top + 0.1 + at * _LINE, line, size=size, weight=weight)


def _draw_lamp(axes: Any, now: ClusterState, name: str, top: float) -> None:
    state = words.lamp_state(now, name)
    face = INK if state == "on" else "none"
    style = {"marker": "o", "markersize": 9, "markeredgecolor": INK, "markerfacecolor": face}
    axes.plot([_LAMPS + 0.06], [top + 0.1], linestyle="none", **style)
    draw_text(axes, _LAMPS + 0.18, top + 0.1, words.lamp_words(now, name), size=8, weight="bold")
    draw_text(axes, _LAMPS + 0.18, top + 0.1 + _LINE, words.ROLES[name], size=6.8)


def _draw_group(
    axes: Any, now: ClusterState, group: Group, floor: str, left: float, top: float
) -> None:
    draw_text(axes, left, top + 0.1, shown(group.name, _GROUP_LETTERS), size=_SMALL, weight="bold")
    if floor == SETS:
        line = group.line if group.is_same else f"{words.DIFFERS} {group.line}"
        draw_text(axes, left, top + 0.1 + _LINE, line, size=_SMALL)
    for at, pod in enumerate(group.on(floor)):
        row, column = divmod(at, _A_ROW)
        x = left + column * (_TILE_WIDE + _GAP)
        y = top + _head_height(floor) + 0.02 + row * (TILE_HIGH + _GAP)
        draw_tile(axes, x, y, tile_of(now, pod), _TILE_WIDE)
