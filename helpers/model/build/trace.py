"""What a builder tells while it builds, merged into steps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from helpers.model.build.dockerfile import Dockerfile
from helpers.model.build.dockerfile_images import base_of, global_arguments
from helpers.model.build.dockerfile_lines import first_word
from helpers.model.build.located import OWN_STEP, located
from helpers.model.build.step import BuildStep, LogLine

# Of what a step writes without an end of line, so much is one.
LONGEST_LINE_BYTES = 1 << 16
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


class VertexNews(NamedTuple):
    """What is new of a step; times are the engine's clock in seconds, None for not yet."""

    digest: str
    name: str
    inputs: tuple[str, ...] = ()
    cached: bool = False
    started: float | None = None
    completed: float | None = None
    error: str = ""


class StatusNews(NamedTuple):
    """How far a part of a step is: `current` bytes of `total` (0 where it is not known)."""

    vertex: str
    identity: str
    current: int = 0
    total: int = 0


class LogNews(NamedTuple):
    """A piece of what a step wrote, which may end within a line, or within a letter."""

    vertex: str
    at: float
    data: bytes
    is_error: bool = False


News = VertexNews | StatusNews | LogNews


@dataclass
class _Vertex:
    digest: str
    name: str = ""
    inputs: tuple[str, ...] = ()
    cached: bool = False
    started: float | None = None
    completed: float | None = None
    error: str = ""
    log: list[LogLine] = field(default_factory=list)
    begun: dict[bool, bytes] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)


class BuildTrace:
    """Collects news; `steps` are what they come to. `reported_at` is on our clock, since the start.

    The engine's clock may be another one: the news that came fastest tells how far they are apart.
    """

    def __init__(self) -> None:
        self._vertexes: dict[str, _Vertex] = {}
        self._offset: float | None = None

    def add(self, news: Iterable[News], reported_at: float) -> None:
        """Takes in what was told at that moment."""
        for item in news:
            if isinstance(item, VertexNews):
                self._take_vertex(item, reported_at)
            elif isinstance(item, LogNews):
                self._take_log(item, reported_at)
            else:
                self._vertex(item.vertex).bytes[item.identity] = item.current

    def steps(self, dockerfile: Dockerfile, lines: int | None = None) -> tuple[BuildStep, ...]:
        """The steps so far: the builder's first ones, the Dockerfile's in its order, the rest.

        Each with its last so many log lines, or with all of them.
        """
        steps = [self._step(vertex, dockerfile, lines) for vertex in self._vertexes.values()]
        steps += _twins(steps, dockerfile)
        begun = [s.started_seconds for s in steps if not s.is_internal and s.started_seconds]
        first = min(begun, default=float("inf"))
        return tuple(sorted(steps, key=lambda step: _order(step, first)))

    def _vertex(self, digest: str) -> _Vertex:
        return self._vertexes.setdefault(digest, _Vertex(digest))

    def _take_vertex(self, news: VertexNews, reported_at: float) -> None:
        vertex = self._vertex(news.digest)
        vertex.name, vertex.cached = news.name, news.cached
        vertex.inputs = news.inputs or vertex.inputs
        vertex.error = news.error or vertex.error
        for moment in (news.started, news.completed):
            self._compare_clocks(moment, reported_at)
        if news.started is not None:
            vertex.started = min(news.started, vertex.started or news.started)
        vertex.completed = news.completed

    def _take_log(self, news: LogNews, reported_at: float) -> None:
        self._compare_clocks(news.at, reported_at)
        vertex = self._vertex(news.vertex)
        *whole, rest = (vertex.begun.get(news.is_error, b"") + news.data).split(b"\n")
        if len(rest) > LONGEST_LINE_BYTES:
            whole, rest = [*whole, rest], b""
        vertex.log += [LogLine(news.at, _plain(line), news.is_error) for line in whole]
        vertex.begun[news.is_error] = rest

    def _compare_clocks(self, moment: float | None, reported_at: float) -> None:
        if moment is not None:
            offset = reported_at - moment
            self._offset = offset if self._offset is None else min(self._offset, offset)

    def _here(self, moment: float | None) -> float | None:
        return None if moment is None else round(max(0.0, moment + (self._offset or 0)), 4)

    def _step(self, vertex: _Vertex, dockerfile: Dockerfile, lines: int | None) -> BuildStep:
        stage, instruction = located(vertex.name, dockerfile)
        own = OWN_STEP.match(vertex.name)
        written = instruction.text if instruction else (own["text"] if own else "")
        earlier = 0 if lines is None else max(0, len(vertex.log) - lines)
        return BuildStep(
            vertex.digest,
            vertex.name,
            written,
            stage,
            instruction.line if instruction else None,
            vertex.inputs,
            self._here(vertex.started),
            self._here(vertex.completed),
            vertex.cached or _needed_nothing(vertex, written),
            vertex.error,
            self._log(vertex, earlier),
            sum(vertex.bytes.values()),
            own is None,
            earlier,
        )

    def _log(self, vertex: _Vertex, earlier: int) -> tuple[LogLine, ...]:
        """The step's lines after the earlier ones, and what it has begun to write."""
        lines = [
            line._replace(at_seconds=self._here(line.at_seconds) or 0.0)
            for line in vertex.log[earlier:]
        ]
        last = lines[-1].at_seconds if lines else self._here(vertex.started) or 0.0
        rests = [
            LogLine(last, line, is_error)
            for is_error, rest in vertex.begun.items()
            if (line := _plain(rest))
        ]
        return (*lines, *rests)


def _twins(steps: Iterable[BuildStep], dockerfile: Dockerfile) -> list[BuildStep]:
    """The FROM of each further stage on the same image, which BuildKit tells of only once."""
    own = [step for step in steps if not step.is_internal]
    bases = [step for step in own if first_word(step.instruction) == "FROM"]
    values = global_arguments(dockerfile, {})
    twins: list[BuildStep] = []
    for stage in dockerfile.stages:
        label, first = dockerfile.stage_label(stage.number), stage.instructions[0]
        is_listed = not stage.is_on_image or any(step.line == first.line for step in own)
        if is_listed or not any(step.stage.lower() == label for step in own):
            continue
        image = base_of(dockerfile, stage, values)
        same = [base for base in bases if _image_of(base).endswith((f"/{image}", f" {image}"))]
        twins += [
            replace(
                base,
                digest=f"{base.digest} {label}",
                instruction=first.text,
                stage=label,
                line=first.line,
            )
            for base in (same or bases)[:1]
        ]
    return twins


def _image_of(base: BuildStep) -> str:
    """The name of a FROM's step, without the digest that some engines write behind the image."""
    return base.name.partition("@sha256:")[0]


def _needed_nothing(vertex: _Vertex, instruction: str) -> bool:
    """Whether it is a FROM whose image was there; only some engines call that cached."""
    is_from = first_word(instruction) == "FROM"
    return (
        is_from and vertex.completed is not None and not any((vertex.error, *vertex.bytes.values()))
    )


def _order(step: BuildStep, first_own: float) -> tuple[int, float]:
    """The builder's steps before the first of the Dockerfile, then the Dockerfile's, the rest."""
    if not step.is_internal:
        return 1, float("inf") if step.line is None else step.line
    started = float("inf") if step.started_seconds is None else step.started_seconds
    is_early = started < first_own or step.name.startswith("[internal]")
    return (0 if is_early else 2), started


def _plain(line: bytes) -> str:
    """The line as a terminal would show it in the end: without colours, overwritten parts gone.

    Here bytes become text, once: one that is no UTF-8 is written out.
    """
    text = line.decode("utf-8", "backslashreplace")
    shown = [part for part in _COLOUR.sub("", text).split("\r") if part]
    return shown[-1] if shown else ""
