"""What is remembered of a project, how far logs are read, and what is asked of whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from docker.errors import APIError

from helpers.engine.project import first_answers, memory
from helpers.engine.project.first_answers import FirstAnswers
from helpers.engine.project.memory import ProjectMemories, ProjectMemory
from helpers.model.container.event import EngineEvent
from helpers.model.project.member import SERVICE, Member

LINE = b'2026-11-30T18:47:%02d.5Z "GET /%d HTTP/1.1" %d\n'
STARTED = 1_796_064_460.0


def event(at: float, action: str, name: str = "app", kind: str = "container") -> EngineEvent:
    return EngineEvent(at, kind, action, name, {SERVICE: name}, name)


class Logs:
    """An engine whose containers wrote this; it notes from when on it was asked for."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.asked: list[float] = []
        self.refusal: APIError | None = None
        self.api = self

    def logs(self, container: str, since: float, **_: object) -> Any:
        self.asked.append(since)
        if self.refusal:
            raise self.refusal
        return _Stream(self.pieces)


class _Stream:
    def __init__(self, pieces: tuple[bytes, ...]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """As the SDK's stream has it."""


def started() -> ProjectMemory:
    known = ProjectMemory("cafe")
    known.heard([event(STARTED, "start")])
    return known


def answers_of(engine: Any, known: ProjectMemory) -> FirstAnswers:
    return FirstAnswers(engine, known)


def test_only_what_is_new_and_of_containers_is_heard() -> None:
    known = ProjectMemory("cafe")
    news = [event(1, "create"), event(2, "exec_start: ls"), event(3, "create", kind="network")]
    assert known.heard(news) == {"app"}
    assert known.heard(news) == frozenset()
    assert known.heard([event(4, "health_status: healthy", "db")]) == {"db"}


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_EVENTS", 4)
    monkeypatch.setattr(memory, "MOST_MEMBERS", 2)
    known = ProjectMemory("cafe")
    for at in range(10):
        known.heard([event(at * 100, "create", f"c{at}")])
        known.seen([Member(f"c{at}", f"c{at}", f"c{at}")])
    assert len(known._events) == 4
    assert list(known._members) == ["c8", "c9"]
    assert [lane.id for run in known.startup(2_000).runs for lane in run.lanes][-1] == "c9"


def test_a_session_has_one_memory_for_each_project() -> None:
    memories = ProjectMemories()
    assert memories.of("cafe") is memories.of("cafe")
    assert memories.of("cafe") is not memories.of("tea")


def test_a_log_is_read_on_where_it_was_left_until_there_is_an_answer() -> None:
    known, engine = started(), Logs(LINE % (45, 1, 503))
    answers = answers_of(engine, known)
    now = known.startup(STARTED + 10)
    assert answers.look(now), "it runs, and may answer"
    whole = LINE % (50, 2, 200)
    engine.pieces = (whole[:7], whole[7:])
    assert not answers.look(now)
    (run,) = known.startup(STARTED + 10).runs
    answer = run.lanes[0].answer
    assert answer is not None
    assert answer.words == '"GET /2 HTTP/1.1" 200'
    assert engine.asked[0] < STARTED < engine.asked[1]
    assert not answers.look(now)
    assert len(engine.asked) == 2, "what has answered is asked no more"


def test_after_a_minute_nobody_hurries() -> None:
    known, engine = started(), Logs()
    answers = answers_of(engine, known)
    assert answers.look(known.startup(STARTED + 59))
    assert not answers.look(known.startup(STARTED + 61))
    assert len(engine.asked) == 2, "and yet it is looked at"


def test_an_endless_log_is_read_so_far_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_answers, "MOST_BYTES", 1_000)
    known, engine = started(), Logs(*[b"2026-11-30T18:47:45.5Z chatter\n"] * 100)
    answers = answers_of(engine, known)
    assert not answers.look(known.startup(STARTED + 10))
    engine.pieces = (LINE % (50, 2, 200),)
    answers.look(known.startup(STARTED + 10))
    assert known.startup(STARTED + 10).runs[0].lanes[0].answer is None


def test_a_log_that_is_refused_is_left_alone() -> None:
    known, engine = started(), Logs()
    engine.refusal = APIError("configured logging driver does not support reading")
    answers = answers_of(engine, known)
    for _ in range(3):
        assert not answers.look(known.startup(STARTED + 10))
    assert len(engine.asked) == 1
