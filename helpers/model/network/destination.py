"""Where an attempt leads on the map: to which container, and over which network."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.model.network.attempt import Attempt
from helpers.model.network.topology import Station, Topology

_ITSELF = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Destination:
    """The container that is meant, None where there is none; `network` is one that both are on.

    Of a container that shares another's network it is that other one: they have one address.
    """

    attempt: Attempt
    source: Station
    station: Station | None
    network: str = ""


def destinations(now: Topology) -> tuple[Destination, ...]:
    """Each attempt whose source is on the map, with where it leads."""
    pairs = ((attempt, now.station(attempt.source_id)) for attempt in now.attempts)
    return tuple(_destination(now, attempt, each) for attempt, each in pairs if each)


def _destination(now: Topology, attempt: Attempt, source: Station) -> Destination:
    home = now.host_of(source)
    meant = _station(now, attempt, home)
    if meant is None:
        return Destination(attempt, home, None)
    station = now.host_of(meant)
    addressed = attempt.address or attempt.target
    shared = [each for each in station.attachments if home.on(each.network)]
    by_address = (each.network for each in shared if addressed in each.addresses)
    first = next(iter(shared), None)
    network = next(by_address, first.network if first else "")
    return Destination(attempt, home, station, network)


def _station(now: Topology, attempt: Attempt, source: Station) -> Station | None:
    """By address where there is one, then by a name on a shared network, then by its own name."""
    if attempt.target in _ITSELF:
        return source
    address = attempt.address or attempt.target
    candidates = (
        *(each for each in now.stations if address in each.addresses),
        *(each for each in now.stations if _knows(source, each, attempt.target)),
        *(each for each in now.stations if each.name == attempt.target),
        *(each for each in now.stations if _has_name(each, attempt.target)),
    )
    return next(iter(candidates), None)


def _knows(source: Station, other: Station, name: str) -> bool:
    """Whether that name stands for the other on a network that both are on."""
    return any(name in each.names and source.on(each.network) for each in other.attachments)


def _has_name(station: Station, name: str) -> bool:
    return any(name in each.names for each in station.attachments)
