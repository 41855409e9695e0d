"""`network_map()`: networks, the containers on them, and each connection that was tried, live."""

from __future__ import annotations

from difflib import get_close_matches

from helpers.engine.network.feed import NetworkFeed
from helpers.engine.network.names import NameReader
from helpers.errors import InvalidInput
from helpers.model.network.lookup import Lookup
from helpers.model.network.topology import Station, Topology
from helpers.notebook.session import current_attempts, current_engine
from helpers.views.network.network_map import NetworkMap


def network_map(*names: str) -> NetworkMap:
    """The engine's networks as bands and its containers as stations on them, or those with names.

    What `reaches(a, b, port)` tried is a line; a station that is chosen is asked what its resolver
    answers, which `.names("desk")` does without a page.

    Raises InvalidInput for a name that nothing has, and before `connect()`; EngineGone.
    """
    engine = current_engine()
    feed = NetworkFeed(engine.client, current_attempts(), names)
    _check(feed.whole, names)
    reader = NameReader(engine.client, engine.lesson)

    def ask(station: Station, wanted: tuple[str, ...]) -> Lookup:
        return reader.lookup(feed.whole, station, wanted)

    return NetworkMap(feed.newest, feed, ask)


def _check(now: Topology, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in now.names():
            near = get_close_matches(str(name), sorted(now.names()), 1)
            step = f"Did you mean {near[0]!r}?" if near else "`docker network ls` lists them."
            raise InvalidInput(f"There is no network and no container {name!r}.", step)
