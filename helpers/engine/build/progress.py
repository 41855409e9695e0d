"""A build in the making: what was told of it so far, as a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from helpers.engine.base.needed_parts import unfit
from helpers.engine.build.session.sent_files import SentFile
from helpers.engine.build.status_codec import status_news
from helpers.model.build.classic_stream import ClassicStream
from helpers.model.build.dockerfile import Dockerfile
from helpers.model.build.inputs import FileStamp, with_known_digests
from helpers.model.build.raw_status import raw_news
from helpers.model.build.report import BuildReport
from helpers.model.build.step import LINES_ON_THE_WAY
from helpers.model.build.trace import BuildTrace, News, StatusNews
from helpers.model.text.answer_parts import count_in, error_in, part_of, text_in

_TRACE = "moby.buildkit.trace"
# What the docker command's own lines of status are handed on as.
RAW = "docker.rawjson"
_CONTEXT = "transferring context"


class BuildProgress:
    """Takes in the engine's messages; `report` is what they come to.

    `seconds` is when the last one came, since the build began.
    """

    def __init__(self, begun: BuildReport, dockerfile: Dockerfile) -> None:
        self._begun = begun
        self._inputs = begun.inputs
        self._dockerfile = dockerfile
        self._trace = BuildTrace()
        self._classic = ClassicStream(dockerfile)
        self.seconds = 0.0
        self.has_trace = False
        self.image_id = ""
        self.error = ""
        self.files: dict[str, FileStamp] = {}
        self.context_bytes = 0

    def take(self, message: dict[str, Any] | None, reported_at: float) -> None:
        """Takes in one message, or that until then there was none."""
        self.seconds = reported_at
        if message is not None:
            self._take(message, reported_at)

    def _take(self, message: dict[str, Any], reported_at: float) -> None:
        if error := error_in(message):
            self.error = error
            self._trace.add(self._classic.end(reported_at, self.error), reported_at)
        elif message.get("id") == _TRACE:
            self.has_trace = True
            self._trace.add(_traced(message), reported_at)
        elif message.get("id") == RAW:
            self.has_trace = True
            raw = list(raw_news(part_of(message, "aux")))
            self.context_bytes = max(self.context_bytes, _sent_bytes(raw))
            self._trace.add(raw, reported_at)
        elif isinstance(message.get("aux"), dict):
            self.image_id = text_in(message, "aux", "ID") or self.image_id
        elif "stream" in message and not self.has_trace:
            self._trace.add(self._classic.take(str(message["stream"]), reported_at), reported_at)
        elif message.get("id") and (current := count_in(message, "progressDetail", "current")):
            news = self._classic.take_pull(str(message["id"]), current, reported_at)
            self._trace.add(news, reported_at)

    def take_entry(self, path: str, stamp: FileStamp) -> None:
        """Takes in one entry of the context that was packed; on the sending thread."""
        self.files[path] = stamp
        self.context_bytes += stamp.size_bytes

    def take_sent(self, file: SentFile, size_bytes: int, digest: str) -> None:
        """Takes in what was described or sent; on the session's thread."""
        if digest or file.path not in self.files:
            self.files[file.path] = file.stamp(digest)
        self.context_bytes += size_bytes

    def end(self) -> None:
        """Takes in that nothing more will be told."""
        earlier = self._begun.earlier.files if self._begun.earlier else {}
        files = with_known_digests(self.files, earlier)
        self._inputs = replace(self._begun.inputs, files=files)
        self._trace.add(self._classic.end(self.seconds), self.seconds)

    @property
    def left_over(self) -> tuple[str, ...]:
        """The images that the classic builder keeps and nothing names."""
        return () if self.has_trace else self._classic.made

    def report(self) -> BuildReport:
        """The report as of now, with the last lines of each log: what is told on the way."""
        return self._report(LINES_ON_THE_WAY)

    def whole_report(self) -> BuildReport:
        """The report with all lines; its inputs are whole once `end` was called."""
        return self._report(None)

    def _report(self, lines: int | None) -> BuildReport:
        return replace(
            self._begun,
            builder=self._builder(),
            steps=self._trace.steps(self._dockerfile, lines),
            seconds=self.seconds,
            image_id=self.image_id,
            context_bytes=self.context_bytes,
            context_files=len(self.files),
            error=self.error,
            inputs=self._inputs,
        )

    def _builder(self) -> str:
        """The builder's name, as soon as it is known by what it tells."""
        return "BuildKit" if self.has_trace else self._begun.builder


def _traced(message: Mapping[str, Any]) -> list[News]:
    """The news in BuildKit's own message; raises EngineError where it cannot be read."""
    try:
        return status_news(text_in(message, "aux"))
    except (ValueError, OverflowError) as error:
        raise unfit("docker build", f"tells of its steps what cannot be read: {error}") from None


def _sent_bytes(news: Iterable[News]) -> int:
    """How much of the context was sent, by the builder's own step; 0 where it says nothing."""
    parts = (part for part in news if isinstance(part, StatusNews))
    return max((part.current for part in parts if part.identity.startswith(_CONTEXT)), default=0)
