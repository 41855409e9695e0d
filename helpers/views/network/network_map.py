"""The map of networks: bands of networks, containers on them, and each connection that was tried.

A band is a network, a station a container on it; one that is on two stands on both. A line is a
connection that was tried by `reaches`, by its newest outcome.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from helpers.errors import InvalidInput
from helpers.model.network.destination import Destination, destinations
from helpers.model.network.lookup import Lookup
from helpers.model.network.topology import Network, Station, Topology
from helpers.views.kit.feed import Feed
from helpers.views.kit.inert import visible_values
from helpers.views.kit.page import Page, table
from helpers.views.kit.reading_view import ReadingView
from helpers.views.network import words
from helpers.views.network.layout import WIDTH
from helpers.views.network.picture import png

# What asks the resolver of that container for the names on the map.
Ask = Callable[[Station, tuple[str, ...]], Lookup]


class NetworkMap(ReadingView[Topology]):
    """The networks as they were read last.

    A click on a station asks its resolver by `ask`, on a thread, one after the other.
    """

    script = "network_map.js"
    picture_width = WIDTH

    def __init__(self, now: Topology, feed: Feed[Topology], ask: Ask) -> None:
        super().__init__(now, feed)
        self._ask = ask
        self._turn = threading.Lock()
        self._numbers = count(1)
        self._lookup: tuple[int, Lookup] | None = None

    def heard(self, message: dict[str, Any]) -> None:
        """A page asks for {kind: "names", station: id}; anything else is nothing."""
        station = self.now.station(str(message.get("station")))
        if message.get("kind") == "names" and station is not None:
            work = threading.Thread(
                target=self._looked_up, args=(station,), name="names of a container", daemon=True
            )
            work.start()

    def names(self, container: str) -> Page:
        """What the resolver of that container answers for each name on the map, as a table.

        Raises InvalidInput for a container that is not on it.
        """
        station = next((each for each in self.now.stations if each.name == container), None)
        if station is None:
            raise InvalidInput(
                f"{container!r} is no container on this map.",
                f"There are: {', '.join(each.name for each in self.now.stations) or 'none'}.",
            )
        lookup = self._looked_up(station)
        rows = [(each.name, words.answer_words(each)) for each in lookup.answers]
        return table(("name", "answer"), rows, words.lookup_line(lookup))

    def page(self) -> Page:
        """All of it as tables, without addresses: every run says the same."""
        now = self.now
        rows = [
            (each.name, words.kind_of(each), words.members_line(now, each))
            for each in words.shown_networks(now)
        ]
        bands = table(("network", "kind", "containers"), rows, words.title_of(now))
        tried = [(each.attempt.route, each.attempt.meaning) for each in destinations(now)]
        if not tried:
            return bands
        lines = table((words.WORDS["tried"], "outcome"), tried)
        return Page(bands.html + lines.html, f"{bands.text}\n\n{lines.text}")

    def picture(self) -> bytes:
        """Bands, stations and lines."""
        return png(self.now)

    def content(self) -> dict[str, Any]:
        """Everything that the widget draws."""
        now = self.now
        values = {
            "title": words.title_of(now),
            "bands": [self._band(each) for each in words.shown_networks(now)],
            "lines": [self._line(each) for each in destinations(now)],
            "lookup": self._names(),
            "trouble": "" if now.contact.connected else now.contact.words,
            "words": words.WORDS,
        }
        shown: dict[str, Any] = visible_values(values)
        return shown

    def _band(self, network: Network) -> dict[str, Any]:
        members = self.now.members(network.name)
        return {
            "name": network.name,
            "kind": words.kind_of(network),
            "subnets": ", ".join(network.subnets),
            "look": "internal" if network.is_internal else network.driver,
            "stations": [self._station(each, network) for each in members],
        }

    def _station(self, station: Station, network: Network) -> dict[str, Any]:
        attachment = station.on(network.name)
        others = words.others_of(station, attachment) if attachment else ()
        elsewhere = [each.network for each in station.attachments if each.network != network.name]
        return {
            "id": station.id,
            "name": station.name,
            "status": station.status,
            "address": ", ".join(attachment.addresses) if attachment else "",
            "names": ", ".join(others),
            "beside": ", ".join(words.station_words(each) for each in self.now.guests(station)),
            "also": ", ".join(elsewhere),
        }

    def _line(self, goal: Destination) -> dict[str, Any]:
        attempt, station = goal.attempt, goal.station
        return {
            "from": goal.source.id,
            "to": station.id if station else "",
            "goal": words.goal_of(goal),
            "network": goal.network,
            "outcome": attempt.outcome.name.lower(),
            "label": words.label_of(goal),
            "route": attempt.route,
            "details": attempt.details,
            "address": attempt.address,
            "command": attempt.line,
        }

    def _looked_up(self, station: Station) -> Lookup:
        """What its resolver answers; the view shows it, too."""
        with self._turn:
            lookup = self._ask(station, _names_on(self.now))
            self._lookup = next(self._numbers), lookup
        self.refresh()
        return lookup

    def _names(self) -> dict[str, Any]:
        if self._lookup is None:
            return {"number": 0, "line": "", "rows": []}
        number, lookup = self._lookup
        rows = [[each.name, words.answer_words(each)] for each in lookup.answers]
        return {"number": number, "line": words.lookup_line(lookup), "rows": rows}


def _names_on(now: Topology) -> tuple[str, ...]:
    """Each name that stands on the map, once."""
    own = [each.name for each in now.stations]
    others = [name for each in now.stations for a in each.attachments for name in a.names]
    return tuple(dict.fromkeys((*own, *others)))
