"""Where images come from that the engine does not have."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_identity import identity_of
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import cache_dir, state_dir
from helpers.engine.base.listed_objects import images_of
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.other_platform import other_platform
from helpers.engine.image.presence import inspected
from helpers.engine.image.size import unpacked_bytes
from helpers.engine.supply.bundle_source import Bundle, bundle_setting
from helpers.engine.supply.cache_note import noted_cache
from helpers.engine.supply.consent import allows_stand_ins
from helpers.engine.supply.hub_cache_source import HubCacheSource
from helpers.engine.supply.ledger import announce, record
from helpers.engine.supply.own_recipe_source import OwnRecipeSource
from helpers.engine.supply.own_source import OwnSource
from helpers.engine.supply.public_copies import PublicCopies
from helpers.engine.supply.served_bundle import ServedBundle
from helpers.engine.supply.source_failed import SourceFailed, disk_answers
from helpers.engine.supply.sources import ImageSource, Mirror, RegistrySource, Wanted
from helpers.engine.supply.stand_in_source import StandInSource
from helpers.errors import ImageUnavailable, Interrupted, NoSuchImage
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import CATALOGUE, lesson_image
from helpers.model.supply.other_tags import step_by_tags
from helpers.model.supply.public_copies import copies_of
from helpers.model.supply.supply import Source, Supplied, SupplyProgress

if TYPE_CHECKING:
    from docker import DockerClient

AT_ONCE = 4
_POLL_SECONDS = 0.1
_MADE_HERE = (Source.STAND_IN, Source.OWN)
OnProgress = Callable[[SupplyProgress], None]


class ImageSupply:
    """The chain of sources for one engine: itself, bundle, the room's server, mirror,
    Docker Hub, its public copies, stand-in.

    With allow_stand_ins=None they are allowed on the workbook's private engine, and elsewhere
    where WORKBOOK_ALLOW_STAND_INS is 1.
    """

    def __init__(self, client: DockerClient, *, allow_stand_ins: bool | None = None) -> None:
        self._client = client
        self._allow_stand_ins = allow_stand_ins

    def ensure(self, name: str, on_progress: OnProgress | None = None) -> Supplied:
        """The image, on the engine by the time this returns; one that is there is not touched.

        Raises ImageUnavailable with every source's reason, InvalidInput, Interrupted, DiskFull or
        EngineGone; nothing half made is left.
        """
        try:
            return self._ensure(name, on_progress or _silent, threading.Event())
        except Interrupted:
            raise
        except KeyboardInterrupt:
            raise Interrupted(f"{name} was not supplied.", "Run it again.") from None

    def ensure_all(
        self, names: Iterable[str], on_progress: OnProgress | None = None
    ) -> list[Supplied]:
        """The images in the order asked for, supplied several at once.

        Progress is told on the calling thread. When one fails the others are still supplied, then
        the first failure is raised.
        """
        wanted, cancelled = list(dict.fromkeys(names)), threading.Event()
        reports: queue.SimpleQueue[SupplyProgress] = queue.SimpleQueue()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="supply") as workers:
            futures = [
                workers.submit(self._ensure, name, reports.put, cancelled) for name in wanted
            ]
            try:
                _tell(futures, reports, on_progress or _silent)
            except BaseException as error:
                cancelled.set()
                workers.shutdown(cancel_futures=True)
                if isinstance(error, KeyboardInterrupt):
                    raise Interrupted("Not all images came.", "Run it again.") from None
                raise
        return [future.result() for future in futures]

    def _ensure(self, name: str, on_progress: OnProgress, cancelled: threading.Event) -> Supplied:
        reference = ImageReference.parse(name)
        present = self._present(reference)
        if present is None:
            with self._turn(reference, cancelled):
                present = self._present(reference)
                if present is None:
                    return self._supply(Wanted(reference, cancelled, on_progress))
        return present

    def _present(self, reference: ImageReference) -> Supplied | None:
        name = reference.familiar()
        answer = inspected(self._client, name)
        if answer is None:
            return None
        try:
            with translated(f"docker history {name}"):
                size_bytes = unpacked_bytes(self._client.api, answer)
        except NoSuchImage:  # removed just now
            return None
        return Supplied(name, Source.ENGINE, id_in(answer, "docker inspect"), size_bytes)

    def _turn(self, reference: ImageReference, cancelled: threading.Event) -> Any:
        """A block that one workbook at a time is in for this image on this engine."""
        both = f"{identity_of(self._info)} {reference.canonical()}"
        path = state_dir() / "locks" / f"supply-{sha256(both.encode()).hexdigest()[:16]}.lock"
        return exclusive(path, cancelled)

    def _supply(self, wanted: Wanted) -> Supplied:
        tried: list[tuple[str, str]] = []
        for source in self._chain(wanted.reference):
            if not _is_asked(source, wanted):
                continue
            wanted.on_progress(SupplyProgress(wanted.name, source.kind, "asking"))
            if source.kind in _MADE_HERE:
                announce(identity_of(self._info), wanted.name, source.kind)
            try:
                with disk_answers(cache_dir()):
                    note = source.supply(wanted)
            except SourceFailed as failed:
                tried.append((_spoken(source.kind, wanted.reference), failed.reason))
                if source.kind is Source.HUB:
                    wanted = replace(wanted, hub_failure=failed)
                continue
            return self._recorded(wanted, source.kind, note)
        raise self._unavailable(wanted.reference, tried)

    def _recorded(self, wanted: Wanted, kind: Source, note: str) -> Supplied:
        present = self._present(wanted.reference)
        if present is None:
            raise ImageUnavailable(f"{wanted.name} was supplied and is gone again.", "Try again.")
        inspection = inspected(self._client, wanted.name) or {}
        note = "; ".join(filter(None, (note, other_platform(self._client, inspection))))
        supplied = Supplied(wanted.name, kind, present.image_id, present.size_bytes, note)
        record(identity_of(self._info), supplied)
        return supplied

    def _chain(self, reference: ImageReference) -> list[ImageSource]:
        known, chain = lesson_image(reference), list[ImageSource]()
        if bundle := os.environ.get("WORKBOOK_BUNDLE"):
            path, digest = bundle_setting(bundle)
            chain.append(Bundle(self._client, path, self.allows_stand_ins, digest))
        if server := os.environ.get("WORKBOOK_FROM"):
            chain.append(ServedBundle(self._client, server, self.allows_stand_ins))
        if known and known.own:
            # Never asked of a registry, a mirror of one or the cache of Docker Hub: a stranger may
            # have taken that name there.
            if known.stand_in:
                return [*chain, OwnRecipeSource(self._client)]
            return [*chain, OwnSource(self._client, self._base)]
        mirror = os.environ.get("WORKBOOK_MIRROR")
        if mirror and reference.is_on_docker_hub:
            chain.append(Mirror(self._client, mirror))
        elif reference.is_on_docker_hub and (cache := noted_cache()):
            chain.append(HubCacheSource(self._client, cache))
        chain.append(RegistrySource(self._client))
        if copies_of(reference):
            chain.append(PublicCopies(self._client))
        if known:
            chain.append(StandInSource(self._client, self.allows_stand_ins))
        return chain

    def _base(self, name: str, wanted: Wanted) -> None:
        """Supplies the image that one of the workbook's own is made with."""
        self._ensure(name, wanted.on_progress, wanted.cancelled)

    @property
    def allows_stand_ins(self) -> bool:
        """Whether a stand-in may take an official name on this engine."""
        if self._allow_stand_ins is not None:
            return self._allow_stand_ins
        return allows_stand_ins(self._info)

    @cached_property
    def _info(self) -> dict[str, Any]:
        with translated("docker info"):
            return info_of(self._client)

    def _names(self) -> list[str]:
        """The images that there are, by name: those of the engine, then those of the lessons."""
        with suppress(DockerException, RequestException):
            there = [name for item in images_of(self._client.api) for name in item.tags]
            return [*there, *(image.name for image in CATALOGUE)]
        return []

    def _unavailable(
        self, reference: ImageReference, tried: list[tuple[str, str]]
    ) -> ImageUnavailable:
        reasons = "; ".join(f"{who}: {why}" for who, why in tried)
        known = lesson_image(reference)
        step = "See that the name is right and the registry can be reached, or set WORKBOOK_BUNDLE."
        if not known:
            step = step_by_tags(reference, self._names()) or step
        if known:
            others = "or the room's server" if known.own else "or WORKBOOK_MIRROR"
            step = f"Set WORKBOOK_BUNDLE {others}, or see why with `./workbook doctor`."
        if known and not known.own and not self.allows_stand_ins:
            step = "Start the workbook with --allow-stand-ins (or WORKBOOK_ALLOW_STAND_INS=1)."
        return ImageUnavailable(f"No source has {reference.familiar()} ({reasons}).", step)


def _tell(
    futures: list[Future[Supplied]],
    reports: queue.SimpleQueue[SupplyProgress],
    on_progress: OnProgress,
) -> None:
    """Passes progress on until all are done."""
    while True:
        all_done = all(future.done() for future in futures)
        try:
            while True:
                on_progress(reports.get(timeout=0 if all_done else _POLL_SECONDS))
        except queue.Empty:
            if all_done:
                return


def _is_asked(source: ImageSource, wanted: Wanted) -> bool:
    """Whether a source may have what Docker Hub, where that answered, has not."""
    failure = wanted.hub_failure
    return source.kind is not Source.COPY or failure is None or not failure.is_about_image


def _spoken(kind: Source, reference: ImageReference) -> str:
    return (
        kind.value if kind is not Source.HUB or reference.is_on_docker_hub else reference.registry
    )


def _silent(progress: SupplyProgress) -> None:
    """Nothing: nobody listens."""
