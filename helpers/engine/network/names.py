"""What the resolver of a container answers for the names of others, asked from inside of it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from helpers.engine.isolation.siblings import Siblings
from helpers.engine.network.heard import Heard, heard
from helpers.engine.network.source import running_source
from helpers.errors import WorkbookError
from helpers.model.network.lookup import Lookup, lookup_from, lookup_words
from helpers.model.network.topology import Station, Topology

if TYPE_CHECKING:
    from docker import DockerClient


class NameReader:
    """Asks on one engine: by exec where the container has a busybox, else beside it."""

    def __init__(self, client: DockerClient, lesson: str) -> None:
        self._client = client
        self._siblings = Siblings(client, lesson)

    def lookup(self, now: Topology, station: Station, names: tuple[str, ...]) -> Lookup:
        """What was answered in that container, which is part of `now`; else why nothing was."""
        resolvers = now.resolvers(now.host_of(station))
        mark = f"@{secrets.token_hex(8)}"
        try:
            running_source(self._client, station.id)
            spoken = self._asked(station.id, lookup_words(mark, names, resolvers))
        except WorkbookError as error:
            return Lookup(station.name, trouble=str(error))
        output = spoken.body if spoken else ""
        return lookup_from(station.name, names, resolvers, mark, output)

    def _asked(self, identity: str, words: tuple[str, ...]) -> Heard | None:
        if (spoken := heard(self._client, identity, words)) is not None:
            return spoken
        with self._siblings.running(network_mode=f"container:{identity}") as sibling:
            return heard(self._client, sibling, words)
