"""Docker Hub as it is now: search, facts of an image, pulls left; or the reason why it is silent.

Sources: the pages' own API (hub.docker.com/v2), and Docker's "Usage and limits" for the quota.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeVar
from urllib.parse import quote

from helpers.engine.registry.body import document
from helpers.engine.registry.reachability import REGISTRY, TOKENS, pulls_left, reachability
from helpers.engine.registry.session import UNREACHABLE, AnonymousSession
from helpers.errors import RegistryError
from helpers.model.image.reference import ImageReference
from helpers.model.registry.hub import HubFindings, HubImage, NoAnswer, PullsLeft
from helpers.model.text.json_document import parsed_json
from helpers.outside import visible_repr

PAGES = "https://hub.docker.com/v2"
MOST_BYTES = 4 << 20
_Answer = TypeVar("_Answer")


class Hub:
    """Docker Hub; each method gives what it says, or NoAnswer with the reason, and never raises."""

    def __init__(self, pages: str = PAGES, registry: str = REGISTRY, tokens: str = TOKENS) -> None:
        self._pages, self._registry, self._tokens = pages, registry, tokens

    @visible_repr
    def __repr__(self) -> str:
        answer = reachability(self._registry)
        if answer.is_reachable:
            return "Docker Hub answers."
        return f"Docker Hub cannot be reached from here: {answer.observed}."

    @property
    def is_reachable(self) -> bool:
        """Whether its registry answers this machine."""
        return reachability(self._registry).is_reachable

    def search(self, query: str, limit: int = 5) -> HubFindings | NoAnswer:
        """The images that its search finds."""
        path = f"search/repositories/?query={quote(query)}&page_size={limit}"
        return self._asked(path, lambda document: _findings(query, document, limit))

    def image(self, name: str) -> HubImage | NoAnswer:
        """What it says of one image, such as 'python'; raises InvalidInput for no name."""
        repository = ImageReference.parse(name).repository
        return self._asked(f"repositories/{quote(repository)}/", HubImage.from_page)

    def pulls_left(self) -> PullsLeft | NoAnswer:
        """The pulls that are left to this address; asking is not counted as one."""
        if not self.is_reachable:
            return self._silent()
        quota = pulls_left(self._registry, self._tokens)
        if quota is None or quota.remaining is None:
            return NoAnswer("it names no limit for this address.")
        hours = quota.window_seconds // 3600 if quota.window_seconds else None
        return PullsLeft(quota.remaining, quota.limit, hours)

    def _asked(self, path: str, read: Callable[[Any], _Answer]) -> _Answer | NoAnswer:
        if not self.is_reachable:
            return self._silent()
        try:
            with closing(AnonymousSession().head_of("GET", f"{self._pages}/{path}")) as answer:
                if answer.status_code == 404:
                    return NoAnswer("it has no such image.")
                if answer.status_code >= 400:
                    return NoAnswer(f"its pages answered {answer.status_code}.")
                body = document(answer, "Docker Hub", MOST_BYTES)
        except (*UNREACHABLE, RegistryError):
            return NoAnswer("its pages cannot be reached from here.")
        try:
            return read(parsed_json(body))
        except (LookupError, TypeError, AttributeError, ValueError):
            return NoAnswer("its answer was of another kind than expected.")

    def _silent(self) -> NoAnswer:
        return NoAnswer(f"{reachability(self._registry).observed}.")


def _findings(query: str, document: Any, limit: int) -> HubFindings:
    images = tuple(HubImage.from_search(one) for one in document["results"])
    return HubFindings(query, int(document["count"]), images[:limit])
