"""Two containers' walls as a still picture: rings of namespaces, lamps of capabilities."""

from __future__ import annotations

from typing import Any

from helpers.model.isolation.caps import short
from helpers.model.isolation.walls import SideBySide
from helpers.views.isolation import words
from helpers.views.kit.figure import COLOURS, INK, clear_figure, png_of
from helpers.views.kit.printable import shown

WIDTH, RADIUS = 960.0, 16.0
RING_TOP, RING_HEIGHT = 40.0, 112.0
LAMP_HEIGHT, LAMP_COLUMNS = 19.0, 3
LONGEST_NAME = 24
_DOTS = 110.0
Spot = tuple[float, float]


def spots(host: tuple[bool | None, bool | None], between: bool | None) -> tuple[Spot, Spot, Spot]:
    """The centres of the rings of a, b and the host: those of one namespace touch."""
    near, apart, pair = (22.0, 12.0), (36.0, 40.0), (RADIUS, 44.0)

    def spot(side: int) -> Spot:
        across, up = near if host[side] else pair if between else apart
        return (-across if side == 0 else across, -up)

    return spot(0), spot(1), (0.0, 0.0)


def png(now: SideBySide) -> bytes:
    """The picture, drawn on nothing, so that it reads on light and on dark."""
    caps = now.caps
    rows = -(-len(caps) // LAMP_COLUMNS)
    height = RING_TOP + RING_HEIGHT + 60 + rows * LAMP_HEIGHT
    figure = clear_figure(WIDTH / _DOTS, height / _DOTS, layout=None)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    _draw_rings(axes, now)
    for side in (0, 1):
        left = 14 + side * WIDTH / 2
        _draw_lamps(axes, now, side, left, RING_TOP + RING_HEIGHT + 30)
    return png_of(figure)


def _draw_rings(axes: Any, now: SideBySide) -> None:
    kinds = words.kinds_of(now)
    names = [shown(side.name, LONGEST_NAME) for side in now.sides]
    _write(axes, 14, 20, f"Namespaces: A {names[0]}, B {names[1]}, H the host", bold=True)
    for at, kind in enumerate(kinds):
        middle = (at + 0.5) * WIDTH / len(kinds)
        base = RING_TOP + RING_HEIGHT - 38
        hosts = (now.with_host(0, kind), now.with_host(1, kind))
        for letter, (x, y) in zip("ABH", spots(hosts, now.between(kind)), strict=True):
            _draw_ring(axes, letter, middle + x, base + y, _is_known(now, letter, kind))
        _write(axes, middle, RING_TOP + RING_HEIGHT, kind, align="center")


def _is_known(now: SideBySide, letter: str, kind: str) -> bool:
    inodes = {"A": now.a.namespaces, "B": now.b.namespaces, "H": now.host.namespaces}
    return kind in inodes[letter]


def _draw_ring(axes: Any, letter: str, x: float, y: float, known: bool) -> None:
    from matplotlib.patches import Circle

    colour = {"A": COLOURS[0], "B": COLOURS[1], "H": INK}[letter]
    dash = "-" if known else ":"
    axes.add_patch(
        Circle((x, y), RADIUS, fill=False, edgecolor=colour, linewidth=2, linestyle=dash)
    )
    _write(axes, x, y + 4, letter if known else f"{letter}?", align="center")


def _draw_lamps(axes: Any, now: SideBySide, side: int, left: float, top: float) -> None:
    walls = now.sides[side]
    count = words.count_line(now, side).partition(":")[0]
    _write(axes, left, top, f"{shown(walls.name, LONGEST_NAME)}: {count} capabilities", bold=True)
    rows = -(-len(now.caps) // LAMP_COLUMNS)
    for at, cap in enumerate(now.caps):
        x = left + at // rows * (WIDTH / 2 - 20) / LAMP_COLUMNS
        y = top + 20 + at % rows * LAMP_HEIGHT
        lamp = words.lamp_of(walls, cap)
        _draw_lamp(axes, lamp, x + 5, y - 4)
        _write(axes, x + 16, y, short(cap), bold=lamp == "on", size=7)


def _draw_lamp(axes: Any, lamp: str, x: float, y: float) -> None:
    from matplotlib.patches import Circle, Wedge

    edge = {"edgecolor": INK, "linewidth": 1.2}
    if lamp == "kept":
        axes.add_patch(Wedge((x, y), 5, 90, 270, facecolor=INK))
    fill = COLOURS[1] if lamp == "on" else "none"
    axes.add_patch(
        Circle((x, y), 5, facecolor=fill, linestyle=":" if lamp == "na" else "-", **edge)
    )


def _write(
    axes: Any,
    x: float,
    y: float,
    text: str,
    *,
    align: str = "left",
    bold: bool = False,
    size: float = 9,
) -> None:
    weight = "bold" if bold else "normal"
    axes.text(x, y, text, ha=align, color=INK, fontsize=size, fontweight=weight, parse_math=False)
