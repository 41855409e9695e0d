"""The places that an image may come from, each a step of the chain."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from docker.errors import ImageNotFound

from helpers.engine.base.engine_info import info_of
from helpers.engine.base.sdk import is_here
from helpers.engine.registry.reachability import OFFLINE, is_offline, reachability
from helpers.engine.supply.pull import IDLE_SECONDS, pull
from helpers.engine.supply.source_failed import SourceFailed, engine_answers
from helpers.model.image.reference import ImageReference
from helpers.model.supply.supply import Source, SupplyProgress
from helpers.model.text.answer_parts import text_in, texts_of

if TYPE_CHECKING:
    from docker import DockerClient


@dataclass(frozen=True)
class Wanted:
    """The image that is looked for; `hub_failure` says why Docker Hub, asked before, gave none."""

    reference: ImageReference
    cancelled: threading.Event
    on_progress: Callable[[SupplyProgress], None]
    hub_failure: SourceFailed | None = None

    @property
    def name(self) -> str:
        """Its name as people type it."""
        return self.reference.familiar()


class ImageSource(Protocol):
    """One step of the chain."""

    kind: Source

    def supply(self, wanted: Wanted) -> str:
        """Puts the image on the engine under its name and returns a note; raises SourceFailed."""


class Mirror:
    """A registry that has the images under a prefix of its own: WORKBOOK_MIRROR."""

    kind = Source.MIRROR

    def __init__(self, client: DockerClient, address: str) -> None:
        self._client = client
        self._address = address.removeprefix("https://").removeprefix("http://").strip("/")

    def supply(self, wanted: Wanted) -> str:
        """Pulls it from the mirror and gives it its official name in place of the mirror's."""
        reference = wanted.reference
        if reference.digest or not reference.is_on_docker_hub:
            raise SourceFailed("only asked for tags of Docker Hub")
        reasons: list[str] = []
        for repository in self._repositories(reference):
            pulled = pulled_name(repository, reference)
            was_there = is_there(self._client, pulled)
            try:
                pull_image(self._client, repository, reference, wanted, self.kind)
            except SourceFailed as failed:
                reasons.append(failed.reason)
                continue
            self._accept(pulled, keep=was_there)
            rename(self._client, pulled, reference, keep=was_there)
            return f"from {self._address}"
        raise SourceFailed(reasons[0])

    def _accept(self, pulled: str, keep: bool) -> None:
        """Raises SourceFailed where what was pulled must not get an official name."""

    def _repositories(self, reference: ImageReference) -> list[str]:
        """Where a mirror may keep it: by the short name, or as a pull-through cache does."""
        short = reference.repository.removeprefix("library/")
        return list(dict.fromkeys(f"{self._address}/{n}" for n in (short, reference.repository)))


class RegistrySource:
    """Docker Hub, or the registry that the image's own name says."""

    kind = Source.HUB

    def __init__(self, client: DockerClient) -> None:
        self._client = client

    def supply(self, wanted: Wanted) -> str:
        """Pulls it, after a quick look whether Docker Hub can be reached at all."""
        reference = wanted.reference
        if reference.is_on_docker_hub and is_offline():
            raise SourceFailed(OFFLINE)
        if reference.is_on_docker_hub and self._asks_from_here():
            answer = reachability()
            if not answer.is_reachable:
                raise SourceFailed(answer.observed)
        pull_image(self._client, reference.familiar_name, reference, wanted, self.kind)
        return f"from {reference.registry}"

    def _asks_from_here(self) -> bool:
        """Whether the engine reaches the Hub the way this machine does: no proxy, no mirror."""
        with engine_answers():
            info = info_of(self._client)
        proxies = text_in(info, "HttpsProxy"), text_in(info, "HttpProxy")
        mirrors = texts_of(info, "RegistryConfig", "Mirrors")
        return is_here(self._client) and not any((*proxies, *mirrors))


def is_there(client: DockerClient, name: str) -> bool:
    """Whether the engine has an image of that name; raises SourceFailed."""
    with engine_answers():
        try:
            client.api.inspect_image(name)
        except ImageNotFound:
            return False
        return True


def rename(client: DockerClient, pulled: str, reference: ImageReference, keep: bool) -> None:
    """Gives the image its official name; that under which it was pulled stays where it is kept."""
    with engine_answers():
        client.api.tag(pulled, reference.familiar_name, reference.tag)
        if not keep:
            client.api.remove_image(pulled, noprune=True)


def pull_image(
    client: DockerClient,
    repository: str,
    reference: ImageReference,
    wanted: Wanted,
    kind: Source,
    idle_seconds: float = IDLE_SECONDS,
) -> None:
    """Pulls what the reference names from that repository; raises SourceFailed."""
    tag = reference.tag_or_digest
    for totals in pull(client, repository, tag, wanted.cancelled, idle_seconds):
        wanted.on_progress(
            SupplyProgress(wanted.name, kind, totals.stage, totals.done_bytes, totals.total_bytes)
        )


def pulled_name(repository: str, reference: ImageReference) -> str:
    """The name that an image has which was pulled from there."""
    return f"{repository}{'@' if reference.digest else ':'}{reference.tag_or_digest}"
