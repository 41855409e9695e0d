"""The workbook's own cache of Docker Hub as a step of the chain: asked only while it runs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from docker.errors import APIError

from helpers.engine.supply.cache_note import NotedCache
from helpers.engine.supply.source_failed import SourceFailed, engine_answers
from helpers.engine.supply.sources import Mirror, Wanted

if TYPE_CHECKING:
    from docker import DockerClient

_GONE = "the cache that was noted does not run here (`./workbook cache start` makes a new one)"


class HubCacheSource(Mirror):
    """A mirror whose container the engine has run from before each pull until after it.

    As long as it runs it holds its port, so whatever came through that came from it.
    """

    def __init__(self, client: DockerClient, cache: NotedCache) -> None:
        super().__init__(client, cache.address)
        self._cache = cache
        self._since = ""

    def supply(self, wanted: Wanted) -> str:
        """Pulls it as from any mirror; raises SourceFailed where the container does not run."""
        self._since = self._running_since()
        if not self._since:
            raise SourceFailed(_GONE)
        return super().supply(wanted)

    def _accept(self, pulled: str, keep: bool) -> None:
        if self._running_since() != self._since:
            if not keep:
                with suppress(APIError):
                    self._client.api.remove_image(pulled)
            raise SourceFailed(_GONE)

    def _running_since(self) -> str:
        with engine_answers():
            return self._cache.running_since(self._client)
