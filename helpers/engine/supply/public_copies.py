"""Public copies of Docker Hub's images as a step of the chain: asked where the Hub gives none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.engine.base.sdk import is_here
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.registry.reachability import (
    CONNECT_SECONDS,
    OFFLINE,
    Reachability,
    is_offline,
    reachability,
)
from helpers.engine.registry.reached_once import note_silence, reached_once
from helpers.engine.registry.session import UNREACHABLE, within
from helpers.engine.supply.source_failed import SourceFailed, engine_answers
from helpers.engine.supply.sources import Wanted, is_there, pull_image, pulled_name, rename
from helpers.errors import WorkbookError
from helpers.model.image.reference import DOCKER_HUB, ImageReference
from helpers.model.supply.public_copies import PublicCopy, copies_of, origin_words
from helpers.model.supply.supply import Source
from helpers.model.text.answer_parts import texts_of
from helpers.model.text.trouble import Trouble

if TYPE_CHECKING:
    from docker import DockerClient

IDLE_SECONDS = 20.0
_SILENT = (
    Trouble.NAME_NOT_RESOLVED,
    Trouble.CONNECTION_REFUSED,
    Trouble.NO_ANSWER_IN_TIME,
    Trouble.NETWORK_UNREACHABLE,
)


class PublicCopies:
    """The registries that have an official image, too; with Docker Hub's digest where it is known.

    A copy with another digest than Docker Hub tells is passed over: it is old, or it is none.
    """

    kind = Source.COPY

    def __init__(self, client: DockerClient) -> None:
        self._client = client

    def supply(self, wanted: Wanted) -> str:
        """Pulls it from the first that has it, and gives it its official name alone."""
        if is_offline():
            raise SourceFailed(OFFLINE)
        copies, reasons = copies_of(wanted.reference), list[str]()
        digest = hubs_digest(wanted.reference)
        for copy in self._answering(copies, reasons):
            try:
                return self._from(copy, digest, wanted)
            except SourceFailed as failed:
                reasons.append(f"{copy.title}: {failed.reason}")
                if failed.trouble in _SILENT:
                    note_silence(copy.registry, failed.reason)
        raise SourceFailed("; ".join(reasons) or "there is none of it")

    def _answering(self, copies: tuple[PublicCopy, ...], reasons: list[str]) -> list[PublicCopy]:
        """Those that can be asked: the engine's road may be another than this machine's."""
        looks = reached_once(copy.registry for copy in copies) if is_here(self._client) else {}
        closed = [copy for copy in copies if not _answers(looks, copy)]
        reasons += [f"{copy.title}: not reached" for copy in closed]
        return [copy for copy in copies if copy not in closed]

    def _from(self, copy: PublicCopy, digest: str, wanted: Wanted) -> str:
        """The note on the image; what its publisher keeps may be another build than the Hub's."""
        reference = wanted.reference
        try:
            asked = replace(reference, digest=digest) if digest else reference
            return self._taken(copy, asked, digest, wanted)
        except SourceFailed as failed:
            if not digest or not failed.is_about_image:
                raise
            if not copy.is_publishers:
                raise SourceFailed("it has no image with Docker Hub's digest") from None
        return self._taken(copy, reference, digest, wanted)

    def _taken(self, copy: PublicCopy, asked: ImageReference, digest: str, wanted: Wanted) -> str:
        """The note on what was pulled from there and has its official name now."""
        pulled = pulled_name(copy.name, asked)
        keep = is_there(self._client, pulled)
        pull_image(self._client, copy.name, asked, wanted, self.kind, IDLE_SECONDS)
        actual = asked.digest or self._digest(pulled, copy)
        rename(self._client, pulled, wanted.reference, keep=keep)
        return origin_words(copy, why_not_the_hub(wanted.hub_failure), digest, actual)

    def _digest(self, pulled: str, copy: PublicCopy) -> str:
        """The digest under which the image came from there; "" where the engine tells none."""
        with engine_answers():
            digests = texts_of(self._client.api.inspect_image(pulled), "RepoDigests")
        ours = (one for one in digests if one.startswith(f"{copy.name}@"))
        return next(ours, "").partition("@")[2]


def answering_copy(reference: ImageReference) -> PublicCopy | None:
    """The first public copy of that image whose registry answers this machine; None for none."""
    copies = () if is_offline() else copies_of(reference)
    looks = reached_once(copy.registry for copy in copies) if copies else {}
    return next((copy for copy in copies if looks[copy.registry].is_reachable), None)


def hubs_digest(reference: ImageReference) -> str:
    """The digest that Docker Hub has for that tag now, which is no pull; "" where nobody knows."""
    if not reachability().is_reachable:
        return ""
    with suppress(WorkbookError, *UNREACHABLE):
        ask = RegistryHttp(DOCKER_HUB).digest
        repository, tag = reference.repository, reference.tag_or_digest
        return within(CONNECT_SECONDS, lambda: ask(repository, tag))
    return ""


def why_not_the_hub(failure: SourceFailed | None) -> str:
    """Why an image does not come from Docker Hub, as it ends a note."""
    if failure and failure.trouble is Trouble.PULLS_USED_UP:
        return "Docker Hub's pulls being used up"
    return "Docker Hub being closed"


def _answers(looks: dict[str, Reachability], copy: PublicCopy) -> bool:
    look = looks.get(copy.registry)
    return look is None or look.is_reachable
