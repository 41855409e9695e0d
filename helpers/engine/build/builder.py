"""A build from the learner's call to its report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from docker.errors import ImageNotFound

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.engine_identity import identity_of, is_podman
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import IMAGES, MadeObject, asked_for, forget
from helpers.engine.build.leftovers import MadeImages
from helpers.engine.build.memory import keys_of, recall, remember
from helpers.engine.build.progress import BuildProgress
from helpers.engine.build.request import BuildRequest
from helpers.engine.build.session.sent_files import sent_files
from helpers.engine.build.source import BuildSource, open_source
from helpers.engine.build.stream import Stream
from helpers.engine.build.throttle import Throttle
from helpers.engine.build.walk import walk
from helpers.engine.image.size import unpacked_bytes
from helpers.errors import ImageUnavailable, Interrupted
from helpers.model.build.dockerfile_images import NeededImage, needed_images
from helpers.model.build.failure import (
    BuildFailed,
    blamed,
    carried_on,
    explained,
    is_lost_snapshot,
    missing_path,
    stopped,
)
from helpers.model.build.inputs import BuildInputs, fingerprint
from helpers.model.build.report import BuildReport
from helpers.model.build.settings import BuildSettings
from helpers.model.text.answer_parts import texts_of

if TYPE_CHECKING:
    from helpers.engine.supply import ImageSupply

_CLASSIC = "classic"
_STOPPED = "The build was stopped."


# Begins a build, handed the moment at which it began.
Carrier = Callable[[float], Stream]


@dataclass(frozen=True)
class Builder:
    """Builds for one lesson on one engine; `on_build` hears of a build while it runs.

    It is called on the thread that called `build`, at most ten times a second and once at the end.
    """

    engine: EngineContext
    supply: ImageSupply

    def build(
        self,
        settings: BuildSettings,
        carrier: Carrier | None = None,
        line: str = "",
        is_classic: bool = False,
    ) -> BuildReport:
        """The report of the finished build; raises BuildFailed, InvalidInput, Interrupted,
        ImageUnavailable or EngineGone. Then no image has got the tag.

        A `carrier` carries it out in place of a request of our own, by the classic builder or not;
        `line` is what was typed then.
        """
        source = open_source(settings)
        began = time.monotonic()
        keys = keys_of(self._engine_id, settings.tag, source.path, source.folder)
        begun = BuildReport(
            line or settings.line(), settings.tag, _CLASSIC, dockerfile=source.dockerfile.text,
            inputs=self._inputs(settings, source), earlier=recall(keys),
        )  # fmt: skip
        note = self._noted(settings.tag)
        made = MadeImages(self.engine)
        if is_classic or settings.buildkit is False or is_podman(self.engine.info):
            made.look()
        carry = partial(self._carried_out, settings, source, begun, began, carrier, made)
        report = carry()
        if is_lost_snapshot(report.error):
            report = carried_on(report, carry())
        if not report.error:
            remember(keys, report.inputs)
        _settle(note, report)
        return self._reported(report, source)

    def _carried_out(
        self,
        settings: BuildSettings,
        source: BuildSource,
        begun: BuildReport,
        began: float,
        carrier: Carrier | None,
        made: MadeImages,
    ) -> BuildReport:
        """The report of the build, failed or not."""
        progress = BuildProgress(begun, source.dockerfile)
        try:
            with self._reporting_its_end(progress):
                if carrier is None:
                    request = BuildRequest(self.engine, settings, source)
                    request.carry_out(progress, began, self._follow)
                else:
                    _note_files(source, progress)
                    self._follow(carrier(began), progress)
                return self._finished(progress)
        finally:
            made.note(progress.left_over)

    def _noted(self, tag: str) -> MadeObject:
        """A note for clean-up on the image that is about to be built."""
        before = tuple(filter(None, [self._image_id(tag)] if tag else []))
        engine = self.engine
        return asked_for(engine.client, engine.lesson, IMAGES, name=tag, before=before)

    @property
    def _engine_id(self) -> str:
        return identity_of(self.engine.info)

    def _inputs(self, settings: BuildSettings, source: BuildSource) -> BuildInputs:
        """What the build is made of, the images that it builds on supplied and looked at."""
        wanted = needed_images(
            source.dockerfile,
            settings.arguments,
            settings.target or "",
            skips_stages=settings.buildkit is not False,
        )
        bases = self._supplied(wanted)
        return BuildInputs(
            source.dockerfile.text,
            {name: fingerprint(value) for name, value in settings.arguments.items()},
            bases,
            target=settings.target or "",
            platform=settings.platform or "",
            network=settings.network or "",
            no_cache=settings.no_cache,
        )

    def _supplied(self, wanted: Sequence[NeededImage]) -> dict[str, str]:
        """{name: id} of these images, those that are not there brought first."""
        image_ids = {need.name: self._image_id(need.name) for need in wanted}
        missing = [need for need in wanted if not image_ids[need.name]]
        for need in missing:
            try:
                (brought,) = self.supply.ensure_all([need.name], self.engine.listeners.on_supply)
            except ImageUnavailable as error:
                line, text = need.instruction.line, need.instruction.text
                where = f"Line {line} of the Dockerfile, `{text}`, failed: "
                raise ImageUnavailable(f"{where}{error.message}", error.next_step) from None
            image_ids[need.name] = brought.image_id
        return image_ids

    def _image_id(self, name: str) -> str:
        try:
            return id_in(self.engine.client.api.inspect_image(name), "docker inspect")
        except ImageNotFound:
            return ""

    def _follow(self, stream: Stream, progress: BuildProgress) -> None:
        """Listens until the build is over; whatever comes between ends it on the engine."""
        throttle = Throttle(self.engine.listeners.on_build)
        try:
            for received in stream.messages():
                progress.take(received.message, received.at_seconds)
                throttle.offer(progress.report)
        except KeyboardInterrupt:
            stream.stop()
            raise Interrupted(_STOPPED, "Run the cell again.") from None
        except BaseException:
            stream.stop()
            raise

    @contextmanager
    def _reporting_its_end(self, progress: BuildProgress) -> Iterator[None]:
        """Lets the listener know, where an error comes, that the build goes on no longer."""
        try:
            yield
        except BaseException as error:
            why = _STOPPED if isinstance(error, KeyboardInterrupt) else str(error)
            if self.engine.listeners.on_build is not None:
                with suppress(Exception):
                    self.engine.listeners.on_build(stopped(progress.whole_report(), why))
            raise

    def _finished(self, progress: BuildProgress) -> BuildReport:
        progress.end()
        report = replace(progress.whole_report(), is_over=True)
        return blamed(report) if report.error else self._with_image(report)

    def _reported(self, report: BuildReport, source: BuildSource) -> BuildReport:
        """The report, which the listener has by now, too; raises BuildFailed for a failed one."""
        if self.engine.listeners.on_build:
            self.engine.listeners.on_build(report)
        if report.error:
            message, step = explained(report, source.leaves_out(missing_path(report.error)))
            raise BuildFailed(message, step, report=report)
        return report

    def _with_image(self, report: BuildReport) -> BuildReport:
        image = self.engine.client.api.inspect_image(report.image_id or report.tag)
        return replace(
            report,
            image_id=id_in(image, "docker inspect"),
            size_bytes=unpacked_bytes(self.engine.client.api, image),
            layer_count=len(texts_of(image, "RootFS", "Layers")),
        )


def _note_files(source: BuildSource, progress: BuildProgress) -> None:
    """Tells of the files that somebody else will send: what they are, not what is in them."""
    for file in sent_files(walk(source.folder, source.ignore) if source.folder else ()):
        progress.take_sent(file, 0, "")


def _settle(note: MadeObject, report: BuildReport) -> None:
    """Notes the image; not where there is none, or where the tag led to it before the build."""
    if report.error or report.image_id in note.before:
        forget([note])
    else:
        note.made(report.image_id)
