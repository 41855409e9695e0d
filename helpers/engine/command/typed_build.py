"""`docker build …` as it was typed: carried out by the docker command, reported as builds are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.engine_identity import is_podman
from helpers.engine.base.labels import labels_for
from helpers.engine.build.builder import Builder
from helpers.engine.build.source import dockerfile_of, open_source
from helpers.engine.command.build_metadata import BuildMetadata, build_metadata
from helpers.engine.command.build_stream import CommandStream, OnPiece
from helpers.engine.command.client_process import ClientProcess, Piece
from helpers.engine.command.client_program import client_environment, tells_raw_progress
from helpers.engine.command.image_tags import leads_to, noted_tags
from helpers.errors import ImageUnavailable, InvalidInput, WorkbookError
from helpers.model.build.refused import refuse_without_stage
from helpers.model.build.report import BuildReport
from helpers.model.command.typed_build import build_settings
from helpers.model.command.typed_command import TypedCommand
from helpers.model.text.command_line import docker_line
from helpers.model.text.output import Output

if TYPE_CHECKING:
    from helpers.engine.supply import ImageSupply
    from helpers.model.build.settings import BuildSettings

_SENT_ALONG = (
    "The docker command lends secrets to BuildKit alone. This engine is Podman, which builds by "
    "itself: the workbook sent the secret along, as Podman's own command does.\n"
)


class PassOn(Protocol):
    """Runs the docker command with these words, and gives its standard output."""

    def __call__(
        self,
        command: TypedCommand,
        words: Sequence[str],
        stdin: str | None,
        on_words: OnPiece,
        missing: WorkbookError | None = None,
        begin: Callable[[], ClientProcess] | None = None,
    ) -> Output:
        """With `begin`, that is the process. Raises CommandFailed and Interrupted."""
        ...


@dataclass(frozen=True)
class TypedBuild:
    """One typed build in one lesson on one engine."""

    context: EngineContext
    supply: Callable[[], ImageSupply]
    command: TypedCommand
    stdin: str | None
    process: Callable[[Sequence[str], str | None], ClientProcess]
    pass_on: PassOn

    def run(self, on_words: OnPiece) -> BuildReport | Output:
        """Its report; of a quiet one, and of one that tells too little, what it printed.

        Raises BuildFailed, CommandFailed, InvalidInput and Interrupted.
        """
        self._refuse_harm()
        settings = build_settings(self.command, self.stdin)
        tells_all = self._is_raw or not self._is_quiet
        tags = self.command.values("tag", "t")
        if settings and self._lends_to_podman:
            return self._sent_along(settings, on_words)
        if settings is None or not tells_all or not _can_be_read(settings):
            with noted_tags(self.context, tags):
                return self._passed_on(on_words)
        with noted_tags(self.context, tags[1:]), build_metadata() as metadata:
            try:
                report = self._built(settings, metadata, on_words)
            except ImageUnavailable as missing:
                with noted_tags(self.context, tags[:1]):
                    return self._passed_on(on_words, missing)
            except WorkbookError:
                self.context.log.add(self._line)
                raise
            self.context.log.add(self._line)
            return self._printed(report, metadata, on_words) if self._is_quiet else report

    def _sent_along(self, settings: BuildSettings, on_words: OnPiece) -> BuildReport:
        """The report of a build whose secrets the workbook sends, as the docker command cannot."""
        on_words(Piece(_SENT_ALONG, is_error=False))
        lent = replace(settings, secrets=self.command.values("secret"))
        report = Builder(self.context, self.supply()).build(lent, line=self._line)
        self.context.log.add(self._line)
        return report

    def _built(
        self, settings: BuildSettings, metadata: BuildMetadata, on_words: OnPiece
    ) -> BuildReport:
        """The report of a build whose steps are listened to; a quiet one tells nobody else."""
        context, is_raw = self.context, self._is_raw
        if self._is_quiet:
            context = replace(context, listeners=replace(context.listeners, on_build=None))
        words = _with_progress(self.command, self._labelled, metadata) if is_raw else self._labelled

        def carried(began: float) -> CommandStream:
            process = self.process(words, self.stdin)
            return CommandStream(process, is_raw, on_words, began, lambda: self._image(metadata))

        builder = Builder(context, self.supply())
        return builder.build(settings, carried, self._line, is_classic=not is_raw)

    def _passed_on(self, on_words: OnPiece, missing: WorkbookError | None = None) -> Output:
        return self.pass_on(self.command, self._labelled, self.stdin, on_words, missing)

    def _printed(self, report: BuildReport, metadata: BuildMetadata, on_words: OnPiece) -> Output:
        """What a quiet build prints in the end, which is all: the id by which buildx knows it."""
        text = f"{(metadata.digests or (report.image_id,))[0]}\n"
        on_words(Piece(text, is_error=False))
        return Output(text, self._line, 0, report.seconds)

    def _image(self, metadata: BuildMetadata) -> str:
        """The image that was built, by the digest under which the engine knows it; "" for none."""
        known = (digest for digest in metadata.digests if leads_to(self.context.client, digest))
        return next(known, "")

    def _refuse_harm(self) -> None:
        """Raises InvalidInput for a Dockerfile that would end some engines."""
        if len(self.command.arguments) == 1 and not self.command.has("help"):
            files = self.command.values("file", "f")
            file = files[-1] if files else None
            if dockerfile := dockerfile_of(self.command.arguments[0], file, self.stdin):
                refuse_without_stage(dockerfile)

    @cached_property
    def _is_raw(self) -> bool:
        return tells_raw_progress(client_environment(self.context.endpoint))

    @property
    def _lends_to_podman(self) -> bool:
        """Whether it lends secrets to an engine that has no session in which to ask for them."""
        is_one = len(self.command.values("tag", "t")) < 2 and not self._is_quiet
        lends = is_one and bool(self.command.values("secret"))
        return lends and is_podman(self.context.info)

    @property
    def _is_quiet(self) -> bool:
        return self.command.has("quiet", "q")

    @property
    def _labelled(self) -> tuple[str, ...]:
        labels = (f"{name}={value}" for name, value in labels_for(self.context.lesson).items())
        return self.command.with_options(*(word for label in labels for word in ("--label", label)))

    @property
    def _line(self) -> str:
        return docker_line(self.command.words)


def _can_be_read(settings: BuildSettings) -> bool:
    """Whether there is a Dockerfile to read; where not, the docker command says so."""
    with suppress(InvalidInput):
        open_source(settings)
        return True
    return False


def _with_progress(
    command: TypedCommand, words: Sequence[str], metadata: BuildMetadata
) -> tuple[str, ...]:
    """The words of a build that tells its steps; the last word on whether it is quiet is ours."""
    at = len(command.head)
    end = words.index("--") if "--" in words else len(words)
    progress = ("--progress", "rawjson", *metadata.words)
    return (*words[:at], *progress, *words[at:end], "--quiet=false", *words[end:])
