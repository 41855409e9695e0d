"""A build from the learner's call to its report."""

from __future__ import annotations

import json
import secrets as randomness
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docker.errors import ImageNotFound

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.engine_identity import identity_of, is_podman
from helpers.engine.base.labels import labels_for
from helpers.engine.base.origin_ledger import IMAGES, MadeObject, asked_for, forget
from helpers.engine.build.leftovers import note_leftovers
from helpers.engine.build.memory import keys_of, recall, remember
from helpers.engine.build.pack import packed_source
from helpers.engine.build.progress import BuildProgress
from helpers.engine.build.secrets import secret_readers
from helpers.engine.build.sent_secrets import sent_secrets
from helpers.engine.build.session import BuildSession, open_session
from helpers.engine.build.source import BuildSource, open_source
from helpers.engine.build.stream import BuildStream
from helpers.engine.build.throttle import Throttle
from helpers.engine.build.walk import readable
from helpers.engine.image.size import unpacked_bytes
from helpers.errors import ImageUnavailable, Interrupted, InvalidInput
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

if TYPE_CHECKING:
    from helpers.engine.supply import ImageSupply

_CLASSIC = "classic"
_STOPPED = "The build was stopped."


@dataclass(frozen=True)
class Builder:
    """Builds for one lesson on one engine; `on_build` hears of a build while it runs.

    It is called on the thread that called `build`, at most ten times a second and once at the end.
    """

    engine: EngineContext
    supply: ImageSupply

    def build(self, settings: BuildSettings) -> BuildReport:
        """The report of the finished build; raises BuildFailed, InvalidInput, Interrupted,
        ImageUnavailable or EngineGone. Then no image has got the tag.
        """
        source = open_source(settings)
        began = time.monotonic()
        keys = keys_of(self._engine_id, settings.tag, source.path, source.folder)
        begun = BuildReport(
            settings.line(), settings.tag, _CLASSIC, dockerfile=source.dockerfile.text,
            inputs=self._inputs(settings, source), earlier=recall(keys),
        )  # fmt: skip
        note = self._noted(settings.tag)
        report = self._carried_out(settings, source, begun, began)
        if is_lost_snapshot(report.error):
            report = carried_on(report, self._carried_out(settings, source, begun, began))
        if not report.error:
            remember(keys, report.inputs)
        _settle(note, report)
        return self._reported(report, source)

    def _carried_out(
        self, settings: BuildSettings, source: BuildSource, begun: BuildReport, began: float
    ) -> BuildReport:
        """The report of the build, failed or not."""
        progress = BuildProgress(begun, source.dockerfile)
        session = self._session(settings, source, progress)
        try:
            with self._reporting_its_end(progress):
                with closing(session) if session else nullcontext():
                    stream = self._stream(settings, source, progress, session, began)
                    self._follow(stream, progress)
                # The session is closed by now: its thread notes the files that it sends.
                if session and session.problems:
                    raise readable(session.problems[0])
                return self._finished(progress)
        finally:
            if progress.left_over:
                note_leftovers(self._engine_id, self.engine.lesson, progress.left_over)

    def _noted(self, tag: str) -> MadeObject:
        """A note for clean-up on the image that is about to be built."""
        before = tuple(filter(None, [self._image_id(tag)] if tag else []))
        engine = self.engine
        return asked_for(engine.client, engine.lesson, IMAGES, name=tag, before=before)

    @property
    def _engine_id(self) -> str:
        return identity_of(self.engine.info)

    def _session(
        self, settings: BuildSettings, source: BuildSource, progress: BuildProgress
    ) -> BuildSession | None:
        secrets = secret_readers(settings.secrets)
        session = None
        if settings.buildkit is not False:
            session = open_session(self.engine.client, source, secrets, progress.take_sent)
        if session is None and secrets and not is_podman(self.engine.info):
            step = "Use Docker Engine with BuildKit, over a socket of this machine."
            raise InvalidInput("Secrets need BuildKit, which cannot be had here.", step)
        return session

    def _stream(
        self,
        settings: BuildSettings,
        source: BuildSource,
        progress: BuildProgress,
        session: BuildSession | None,
        began: float,
    ) -> BuildStream:
        """The request to build, with the context in it where there is no session to ask."""
        build_id = randomness.token_hex(16)
        if session is None:
            files, where = sent_secrets(secret_readers(settings.secrets))
            name, body = packed_source(source, progress.take_entry, files)
        else:
            name, body = source.file_name, iter((b"",))
            where = {"session": session.identity, "remote": "client-session"}
        query = self._query(settings, build_id, name) | where
        return BuildStream(self.engine.client, build_id, query, body, began)

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
            return str(self.engine.client.api.inspect_image(name)["Id"])
        except ImageNotFound:
            return ""

    def _query(self, settings: BuildSettings, build_id: str, dockerfile: str) -> dict[str, str]:
        labels = {
            **labels_for(self.engine.lesson),
            **{k: str(v) for k, v in (settings.labels or {}).items()},
        }
        wanted = {
            "version": "1" if settings.buildkit is False else "2",
            "buildid": build_id,
            "t": settings.tag,
            "dockerfile": dockerfile,
            "buildargs": json.dumps(settings.arguments),
            "labels": json.dumps(labels),
            "nocache": "1" if settings.no_cache else "",
            "pull": "1" if settings.pull else "",
            "target": settings.target or "",
            "platform": settings.platform or "",
            "networkmode": settings.network or "",
            "rm": "1",
            "forcerm": "1",
        }
        return {name: value for name, value in wanted.items() if value}

    def _follow(self, stream: BuildStream, progress: BuildProgress) -> None:
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
            image_id=str(image["Id"]),
            size_bytes=unpacked_bytes(self.engine.client.api, image),
            layer_count=len((image.get("RootFS") or {}).get("Layers") or ()),
        )


def _settle(note: MadeObject, report: BuildReport) -> None:
    """Notes the image; not where there is none, or where the tag led to it before the build."""
    if report.error or report.image_id in note.before:
        forget([note])
    else:
        note.made(report.image_id)
