"""Where bands, stations and lines stand in the still picture, in points from its upper left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.model.network.destination import Destination, destinations
from helpers.model.network.topology import Network, Station, Topology
from helpers.views.network import words

WIDTH, EDGE, HEAD = 960, 12.0, 24.0
BOX_WIDTH, BOX_HEIGHT = 172.0, 34.0
GAP_ACROSS, GAP_DOWN = 14.0, 26.0
LABEL_HEIGHT = 16.0
_PER_ROW = int((WIDTH - 2 * EDGE) // (BOX_WIDTH + GAP_ACROSS))
Spot = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """One station on one band, or what is asked for and nobody is."""

    x: float
    y: float
    band: str
    name: str
    id: str = ""
    station: Station | None = None

    @property
    def middle(self) -> Spot:
        """Its centre."""
        return self.x + BOX_WIDTH / 2, self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Band:
    """One network from left to right, with its boxes; `network` is None below the last."""

    y: float
    height: float
    network: Network | None
    boxes: tuple[Box, ...]


def bands_of(now: Topology) -> tuple[Band, ...]:
    """All bands from the top down, and at the end what was asked for and is nobody's here."""
    bands: list[Band] = []
    top = HEAD
    for network in words.shown_networks(now):
        members = [(each.name, each.id, each) for each in now.members(network.name)]
        bands.append(_band(top, network, network.name, members))
        top += bands[-1].height + 8
    goals = [words.goal_of(each) for each in destinations(now) if each.station is None]
    if goals:
        nobodies = [(goal, "", None) for goal in dict.fromkeys(goals)]
        bands.append(_band(top, None, "", nobodies))
    return tuple(bands)


def ends_of(bands: tuple[Band, ...], goal: Destination) -> tuple[Spot, Spot] | None:
    """Where the line of that attempt begins and ends; None where a band of either is not shown."""
    source = _box(bands, goal.source.id, goal.network)
    if goal.station is None:
        target = next((each for each in _boxes(bands) if each.name == words.goal_of(goal)), None)
    else:
        target = _box(bands, goal.station.id, goal.network)
    return (source.middle, target.middle) if source and target else None


def curve_of(start: Spot, end: Spot, aside: float) -> tuple[Spot, Spot, Spot, Spot]:
    """The points of the arc between two boxes with these middles: under both, or across the gap."""
    x1, x2 = start[0] + aside, end[0] + aside + 4
    half = BOX_HEIGHT / 2
    if abs(start[1] - end[1]) < BOX_HEIGHT:
        y, low = start[1] + half, start[1] + half + GAP_DOWN
        return (x1, y), (x1, low), (x2, low), (x2, y)
    step = half if start[1] < end[1] else -half
    y1, y2 = start[1] + step, end[1] - step
    return (x1, y1), (x1, (y1 + y2) / 2), (x2, (y1 + y2) / 2), (x2, y2)


def free_spot(x: float, y: float, width: float, taken: list[tuple[float, float, float]]) -> Spot:
    """The centre of a label of that width there, or below it where others stand; it is noted."""
    while any(
        abs(y - other_y) < LABEL_HEIGHT and abs(x - other_x) < (width + other) / 2
        for other_x, other_y, other in taken
    ):
        y += LABEL_HEIGHT / 2
    taken.append((x, y, width))
    return x, y


def _band(
    top: float,
    network: Network | None,
    name: str,
    members: Sequence[tuple[str, str, Station | None]],
) -> Band:
    rows = max(1, -(-len(members) // _PER_ROW))
    boxes = tuple(
        Box(
            EDGE + 10 + at % _PER_ROW * (BOX_WIDTH + GAP_ACROSS),
            top + 24 + at // _PER_ROW * (BOX_HEIGHT + GAP_DOWN),
            name,
            shown,
            identity,
            station,
        )
        for at, (shown, identity, station) in enumerate(members)
    )
    height = 24 + rows * (BOX_HEIGHT + GAP_DOWN) if members else 24.0
    return Band(top, height, network, boxes)


def _boxes(bands: tuple[Band, ...]) -> Iterator[Box]:
    return (box for band in bands for box in band.boxes)


def _box(bands: tuple[Band, ...], identity: str, network: str) -> Box | None:
    """Its box on that band, else its first."""
    own = [box for box in _boxes(bands) if box.id == identity]
    return next((box for box in own if box.band == network), next(iter(own), None))
