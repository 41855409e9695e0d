"""What the resolver of a container answers for the names of others, asked from inside of it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from helpers.engine.isolation.siblings import Siblings
from helpers.engine.network.heard import Heard, heard
from helpers.engine.network.source import running_source
from helpers.errors import WorkbookError
from helpers.model.network.lookup import Lookup, lookup_from, lookup_words

if TYPE_CHECKING:
    from docker import DockerClient


class NameReader:
    """Asks on one engine: by exec where the container has a busybox, else beside it."""

    def __init__(self, client: DockerClient, lesson: str) -> None:
        self._client = client
        self._siblings = Siblings(client, lesson)

    def lookup(self, identity: str, name: str, names: tuple[str, ...]) -> Lookup:
        """What was answered in the container with that id and name; else why nothing was."""
        mark = f"@{secrets.token_hex(8)}"
        try:
            running_source(self._client, identity)
            spoken = self._asked(identity, lookup_words(mark, names))
        except WorkbookError as error:
            return Lookup(name, trouble=str(error))
        return lookup_from(name, names, mark, spoken.body if spoken else "")

    def _asked(self, identity: str, words: tuple[str, ...]) -> Heard | None:
        if (spoken := heard(self._client, identity, words)) is not None:
            return spoken
        with self._siblings.running(network_mode=f"container:{identity}") as sibling:
            return heard(self._client, sibling, words)
