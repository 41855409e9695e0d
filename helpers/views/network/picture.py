"""The map of networks as a still picture."""

from __future__ import annotations

from typing import Any

from helpers.model.network.attempt import Outcome
from helpers.model.network.destination import Destination, destinations
from helpers.model.network.topology import Topology
from helpers.views.kit.figure import INK, clear_figure, png_of
from helpers.views.kit.printable import shown
from helpers.views.network import words
from helpers.views.network.layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    EDGE,
    HEAD,
    WIDTH,
    Band,
    Box,
    Spot,
    bands_of,
    curve_of,
    ends_of,
    free_spot,
)

# Of the palette of Okabe and Ito; the dashes and the words on a line say it a second time.
LOOKS: dict[Outcome, tuple[str, Any]] = {
    Outcome.ANSWERED: ("#009E73", "-"),
    Outcome.REFUSED: ("#D55E00", (0, (7, 3))),
    Outcome.TIMED_OUT: ("#CC79A7", (0, (1, 2))),
    Outcome.UNKNOWN: ("#0072B2", (0, (4, 2, 1, 2))),
    Outcome.FAILED: ("#E69F00", (0, (7, 2, 1, 2, 1, 2))),
}
_DOTS = 110.0
_LONGEST_NAME, _LONGEST_LINE = 24, 27


def png(now: Topology) -> bytes:
    """The picture, drawn on nothing, so that it reads on light and on dark."""
    bands = bands_of(now)
    height = (bands[-1].y + bands[-1].height if bands else HEAD) + EDGE
    figure = clear_figure(WIDTH / _DOTS, height / _DOTS, layout=None)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    _write(axes, EDGE, 15, words.title_of(now), bold=True)
    for band in bands:
        _draw_band(axes, band)
    taken: list[tuple[float, float, float]] = []
    for at, goal in enumerate(destinations(now)):
        if ends := ends_of(bands, goal):
            _draw_line(axes, goal, ends, at % 5 * 9 - 18.0, taken)
    for band in bands:
        for box in band.boxes:
            _draw_box(axes, box, now)
    return png_of(figure)


def _draw_band(axes: Any, band: Band) -> None:
    from matplotlib.patches import Rectangle

    network = band.network
    dash = "--" if network is None or network.is_internal else "-"
    axes.add_patch(
        Rectangle(
            (EDGE, band.y),
            WIDTH - 2 * EDGE,
            band.height,
            facecolor=f"{INK}22",
            edgecolor=INK,
            linewidth=0.8,
            linestyle=dash,
        )
    )
    title = words.WORDS["elsewhere"] if network is None else shown(network.name, _LONGEST_NAME)
    _write(axes, EDGE + 10, band.y + 16, title, bold=True)
    if network is not None:
        about = " · ".join((words.kind_of(network), *network.subnets))
        empty = "" if band.boxes else f" · {words.WORDS['empty']}"
        _write(axes, EDGE + 190, band.y + 16, shown(f"{about}{empty}", 96), size=8)


def _draw_box(axes: Any, box: Box, now: Topology) -> None:
    from matplotlib.patches import FancyBboxPatch

    station = box.station
    is_here = station is not None and station.status == "running"
    shape = FancyBboxPatch(
        (box.x + 3, box.y + 3),
        BOX_WIDTH - 6,
        BOX_HEIGHT - 6,
        boxstyle="round,pad=3",
        facecolor="white",
        edgecolor=INK,
        linewidth=1.4,
        linestyle="-" if is_here else ":",
    )
    axes.add_patch(shape)
    if station is None:
        _write(axes, box.x + 8, box.y + 21, shown(box.name, _LONGEST_LINE), dark=True)
        return
    name = shown(words.station_words(station), _LONGEST_NAME)
    _write(axes, box.x + 8, box.y + 15, name, bold=True, dark=True)
    attachment = station.on(box.band)
    guests = "".join(f" + {each.name}" for each in now.guests(station))
    others = (*attachment.addresses, *words.others_of(station, attachment)) if attachment else ()
    line = shown(f"{' · '.join(others)}{guests}", _LONGEST_LINE)
    _write(axes, box.x + 8, box.y + 28, line, size=7, dark=True)


def _draw_line(
    axes: Any,
    goal: Destination,
    ends: tuple[Spot, Spot],
    aside: float,
    taken: list[tuple[float, float, float]],
) -> None:
    """An arc from below the one box to below the other, or across the gap, with its words."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    colour, dash = LOOKS[goal.attempt.outcome]
    curve = curve_of(*ends, aside)
    path = Path(list(curve), [Path.MOVETO, *[Path.CURVE4] * 3])
    axes.add_patch(PathPatch(path, fill=False, edgecolor=colour, linewidth=2.2, linestyle=dash))
    axes.plot(*[[each] for each in curve[-1]], marker="o", color=colour, markersize=5)
    label = words.label_of(goal)
    middle = sum(y * part for (_, y), part in zip(curve, (1, 3, 3, 1), strict=True)) / 8
    x, y = free_spot((curve[0][0] + curve[-1][0]) / 2, middle, 5.5 * len(label) + 10, taken)
    box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": colour}
    axes.text(x, y, label, ha="center", va="center", fontsize=7, color="black", bbox=box, zorder=9)


def _write(
    axes: Any,
    x: float,
    y: float,
    text: str,
    *,
    bold: bool = False,
    size: float = 9,
    dark: bool = False,
) -> None:
    """In a box, which is white, the text is black."""
    weight = "bold" if bold else "normal"
    colour = "black" if dark else INK
    axes.text(x, y, text, color=colour, fontsize=size, fontweight=weight, parse_math=False)
