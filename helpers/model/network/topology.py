"""The networks of an engine and the containers on them, at one moment.

Source of the fields: Engine API, "List networks" and "Inspect a container".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.network.attempt import Attempt
from helpers.model.text.answer_parts import flag_in, part_of, tables_of, text_in, texts_of

PREDEFINED = ("bridge", "host", "none", "podman")
_DEFAULTS = ("bridge", "podman")
_BESIDE = "container:"
_SHORT_ID = 12
EMBEDDED = "127.0.0.11"


@dataclass(frozen=True)
class Network:
    """One network; `subnets` are those that its addresses come from, `gateways` its ways out."""

    id: str
    name: str
    driver: str = "bridge"
    is_internal: bool = False
    subnets: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Network:
        """The network in one item of GET /networks."""
        ranges = tables_of(answer, "IPAM", "Config")
        return cls(
            id=text_in(answer, "Id"),
            name=text_in(answer, "Name"),
            driver=text_in(answer, "Driver"),
            is_internal=flag_in(answer, "Internal"),
            subnets=_texts(ranges, "Subnet"),
            gateways=_texts(ranges, "Gateway"),
        )

    @property
    def is_default(self) -> bool:
        """Whether a container comes onto it that asks for no other; it has no names."""
        return self.name in _DEFAULTS

    @property
    def is_predefined(self) -> bool:
        """Whether the engine made it, and nobody can remove it."""
        return self.name in PREDEFINED

    @property
    def has_names(self) -> bool:
        """Whether its containers know each other by name."""
        return not self.is_predefined


@dataclass(frozen=True)
class Attachment:
    """A container on one network: its addresses there, and the names that others know it by."""

    network: str
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Station:
    """One container, as far as networks go.

    `beside` is the id of the container whose network it shares (`--network container:…`).
    """

    id: str
    name: str
    status: str = "running"
    attachments: tuple[Attachment, ...] = ()
    beside: str = ""

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any]) -> Station:
        """The container in the answer of GET /containers/{id}/json."""
        identity, name = text_in(answer, "Id"), text_in(answer, "Name").removeprefix("/")
        mode = text_in(answer, "HostConfig", "NetworkMode")
        beside = mode.removeprefix(_BESIDE) if mode.startswith(_BESIDE) else ""
        networks = part_of(answer, "NetworkSettings", "Networks")
        on = tuple(networks) or ((mode,) if mode in PREDEFINED else ())
        attachments = (_attachment(key, networks, identity, name) for key in on)
        return cls(
            id=identity,
            name=name,
            status=text_in(answer, "State", "Status"),
            attachments=() if beside else tuple(sorted(attachments, key=lambda a: a.network)),
            beside=beside,
        )

    def on(self, network: str) -> Attachment | None:
        """Itself on the network of that name."""
        return next((each for each in self.attachments if each.network == network), None)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All its addresses."""
        return tuple(address for each in self.attachments for address in each.addresses)


@dataclass(frozen=True)
class Topology:
    """Networks and containers, each in the order of their names, and the attempts made so far."""

    networks: tuple[Network, ...] = ()
    stations: tuple[Station, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    contact: Contact = CONNECTED

    def station(self, identity: str) -> Station | None:
        """The container with that id."""
        return next((each for each in self.stations if each.id == identity), None)

    def members(self, network: str) -> tuple[Station, ...]:
        """The containers on the network of that name."""
        return tuple(each for each in self.stations if each.on(network))

    def guests(self, station: Station) -> tuple[Station, ...]:
        """The containers that share the network of that one."""
        return tuple(each for each in self.stations if is_beside(each, station))

    def host_of(self, station: Station) -> Station:
        """The container whose network it is on: another's, or its own."""
        hosts = (each for each in self.stations if is_beside(station, each))
        return next(hosts, station)

    def resolvers(self, station: Station) -> tuple[str, ...]:
        """Where a resolver of that one may be that knows containers: Docker's, or Podman's."""
        on = [each for each in self.networks if each.has_names and station.on(each.name)]
        return (EMBEDDED, *(gateway for each in on for gateway in each.gateways))

    def only(self, names: tuple[str, ...]) -> Topology:
        """What there is of these networks and containers; without a name, all."""
        if not names:
            return self
        meant = tuple(each for each in self.stations if _is_meant(each, names))
        stations = tuple(
            each
            for each in self.stations
            if each in meant or any(is_beside(each, host) for host in meant)
        )
        theirs = {a.network for each in meant if each.name in names for a in each.attachments}
        networks = tuple(n for n in self.networks if n.name in names or n.name in theirs)
        return Topology(networks, stations, self.attempts, self.contact)

    def names(self) -> frozenset[str]:
        """The names of all networks and containers."""
        networks = {each.name for each in self.networks}
        return frozenset(networks | {each.name for each in self.stations})


def _texts(ranges: list[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    return tuple(text for one in ranges if (text := text_in(one, key)))


def in_order(networks: tuple[Network, ...]) -> tuple[Network, ...]:
    """One's own networks by name, then those that the engine made."""
    return tuple(sorted(networks, key=lambda each: (each.is_predefined, each.name)))


def as_listed(station: Station, networks: tuple[Network, ...]) -> Station:
    """The same on networks by the names in the list: Podman calls its default one by another."""
    if any(each.name == "podman" for each in networks):
        return station
    names = {"podman": "bridge"}
    on = (replace(each, network=names.get(each.network, each.network))
          for each in station.attachments)  # fmt: skip
    return replace(station, attachments=tuple(on))


def is_beside(guest: Station, host: Station) -> bool:
    """Whether it shares the other's network."""
    return bool(guest.beside) and (guest.beside == host.name or host.id.startswith(guest.beside))


def _is_meant(station: Station, names: tuple[str, ...]) -> bool:
    return station.name in names or any(a.network in names for a in station.attachments)


def _attachment(key: str, networks: Mapping[str, Any], identity: str, name: str) -> Attachment:
    """On a network of one's own it is known by its name, its aliases and the start of its id."""
    own = part_of(networks, key)
    addresses = (text_in(own, "IPAddress"), text_in(own, "GlobalIPv6Address"))
    others = (*texts_of(own, "DNSNames"), *texts_of(own, "Aliases"))
    names = dict.fromkeys((name, *others)) if key not in PREDEFINED else {}
    names.pop(identity[:_SHORT_ID], None)
    return Attachment(key, tuple(address for address in addresses if address), tuple(names))
