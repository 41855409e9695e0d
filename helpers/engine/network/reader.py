"""The networks of an engine and who is on them, read as a whole or where something happened."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.needed_parts import needed_rows
from helpers.model.network.topology import Network, Station, Topology, as_listed, in_order
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

_AT_ONCE = 8
_NO_NETWORKS = (Network("host", "host", "host"), Network("none", "none", "null"))


class TopologyReader:
    """Reads them on one engine; each raises EngineGone without it."""

    def __init__(self, client: DockerClient) -> None:
        self._client = client

    def whole(self) -> Topology:
        """All networks and containers."""
        networks = self.networks()
        with translated("docker ps --all"):
            every = needed_rows(self._client.api.containers(all=True), "docker ps")
        stations = self._stations(text_in(each, "Id") for each in every)
        return _topology(networks, stations.values())

    def networks(self) -> tuple[Network, ...]:
        """The networks, one's own first; Podman does not list the two that are none."""
        with translated("docker network ls"):
            answer = needed_rows(self._client.api.networks(), "docker network ls")
        listed = {each.name: each for each in map(Network.from_answer, answer)}
        return in_order(tuple(({each.name: each for each in _NO_NETWORKS} | listed).values()))

    def mended(self, now: Topology, touched: frozenset[str], has_networks: bool) -> Topology:
        """The same with these containers read anew, by id, and the networks where they changed."""
        kept = {each.id: each for each in now.stations if each.id not in touched}
        stations = kept | self._stations(touched)
        networks = self.networks() if has_networks else now.networks
        return _topology(networks, stations.values())

    def _stations(self, identities: Iterable[str]) -> dict[str, Station]:
        """Those of them that there are."""
        wanted = list(identities)
        with translated("docker inspect"), ThreadPoolExecutor(_AT_ONCE) as pool:
            seen = [each for each in pool.map(self._station, wanted) if each]
        return {each.id: each for each in seen}

    def _station(self, identity: str) -> Station | None:
        try:
            return Station.from_inspect(self._client.api.inspect_container(identity))
        except NotFound:
            return None


def _topology(networks: tuple[Network, ...], stations: Iterable[Station]) -> Topology:
    listed = (as_listed(each, networks) for each in stations)
    return Topology(networks, tuple(sorted(listed, key=lambda each: each.name)))
