"""The first answers of containers, looked for in their logs as these grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docker.errors import APIError

from helpers.engine.base.answers import translated
from helpers.engine.project.memory import ProjectMemory
from helpers.model.project.answer import AnswerSearch
from helpers.model.project.lane import Lane, Phase
from helpers.model.project.startup import Startup

if TYPE_CHECKING:
    from docker import DockerClient

MOST_BYTES = 4_000_000
_LONGEST_LINE = 16_384
_BEFORE_SECONDS = 0.001
_SOON_SECONDS = 60.0


@dataclass
class _Search:
    """One log, from one start of its container on; `since` is where it is read on."""

    begun: float
    since: float
    left_bytes: int
    words: AnswerSearch = field(default_factory=AnswerSearch)
    is_over: bool = False


class FirstAnswers:
    """Reads each log at most 4 MB far, and none that the engine does not give."""

    def __init__(self, client: DockerClient, memory: ProjectMemory) -> None:
        self._client = client
        self._memory = memory
        self._searches: dict[tuple[str, float], _Search] = {}

    def look(self, now: Startup) -> bool:
        """Whether one may soon answer for the first time; what the logs tell is remembered.

        Raises EngineGone.
        """
        is_soon = False
        with translated("docker logs --timestamps"):
            for lane in (lane for run in now.shown for lane in run.lanes):
                search = self._search(lane)
                if search is not None and not search.is_over:
                    self._read_on(lane.id, search)
                    search.is_over |= not lane.is_alive and not lane.will_restart
                    is_young = now.now - search.begun < _SOON_SECONDS
                    is_soon |= is_young and not search.is_over
        return is_soon

    def _search(self, lane: Lane) -> _Search | None:
        begun = lane.first(Phase.RUNNING)
        if begun is None or lane.answer is not None:
            return None
        return self._searches.setdefault(
            (lane.id, begun), _Search(begun, begun - _BEFORE_SECONDS, MOST_BYTES)
        )

    def _read_on(self, container: str, search: _Search) -> None:
        try:
            for line in self._lines(container, search):
                if search.words.read(line):
                    break
        except APIError:
            search.is_over = True
        search.since = max(search.since, search.words.newest_at)
        search.is_over |= search.left_bytes <= 0
        if search.words.first is not None:
            search.is_over = True
            self._memory.answered(container, search.words.first)

    def _lines(self, container: str, search: _Search) -> Iterator[str]:
        stream = self._client.api.logs(
            container, timestamps=True, stream=True, follow=False, since=search.since
        )
        rest = b""
        with closing(stream) as pieces:
            for piece in pieces:
                search.left_bytes -= len(piece)
                *lines, rest = (rest[:_LONGEST_LINE] + piece).split(b"\n")
                yield from (line.decode("utf-8", "replace") for line in lines)
                if search.left_bytes <= 0:
                    return
