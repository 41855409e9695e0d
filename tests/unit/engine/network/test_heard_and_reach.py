"""Who tries a connection, and what is heard of it; and who is told what was tried."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError
from requests.exceptions import ConnectionError as NoConnection

from helpers.engine.network import heard as heard_module
from helpers.engine.network.attempt_log import AttemptLog
from helpers.engine.network.heard import MOST_BYTES, heard
from helpers.engine.network.reach import Reach
from helpers.errors import EngineError, EngineGone
from helpers.model.network.attempt import Attempt, Outcome

Frames = list[tuple[int, bytes]]
REFUSED = b"wget: can't connect to remote host (10.0.0.2): Connection refused\n"
NO_FILE = b'OCI runtime exec failed: exec: "/bin/busybox": stat: no such file or directory'


class Execs:
    """An engine with one container, in which these programs say these things."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **programs: tuple[Frames, int]) -> None:
        self.programs = programs
        self.status = "running"
        self.is_there = True
        self.environments: list[dict[str, str]] = []
        self.api = SimpleNamespace(
            exec_create=self._create,
            exec_inspect=lambda made: {"ExitCode": self._of(made)[1]},
            inspect_container=lambda _: {
                "Id": "1" * 64, "Name": "/street", "State": {"Status": self.status},
            },
        )  # fmt: skip
        monkeypatch.setattr(heard_module, "exec_frames", self._frames)

    def ping(self) -> bool:
        if not self.is_there:
            raise NoConnection
        return True

    def _create(self, _: str, words: list[str], environment: dict[str, str]) -> dict[str, str]:
        self.environments.append(environment)
        return {"Id": words[0].rpartition("/")[2]}

    def _of(self, made: str) -> tuple[Frames, int]:
        return self.programs.get(made, ([(2, NO_FILE)], 127))

    def _frames(self, _: object, made: str) -> Iterator[tuple[int, bytes]]:
        yield from self._of(made)[0]


def test_outputs_are_heard_apart_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    engine: Any = Execs(monkeypatch, loud=([(1, b"x" * 9_000)] * 9, 0), both=(
        [(1, b"out"), (2, b"err"), (1, b"\xff")], 3))  # fmt: skip
    both = heard(engine, "street", ["both"])
    assert both is not None
    assert (both.body, both.words, both.exit_code) == ("out\ufffd", "err", 3)
    loud = heard(engine, "street", ["loud"])
    assert loud is not None
    assert len(loud) <= MOST_BYTES + 9_000
    assert loud.exit_code is None
    assert heard(engine, "street", ["missing"]) is None


def test_a_missing_program_may_also_be_refused_by_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine: Any = Execs(monkeypatch)

    def refuse(*_: object) -> Iterator[tuple[int, bytes]]:
        raise APIError("400", explanation='exec: "python3": executable file not found in $PATH')
        yield

    monkeypatch.setattr(heard_module, "exec_frames", refuse)
    assert heard(engine, "street", ["python3"]) is None


def test_its_own_busybox_tries_or_else_its_python(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = ([(2, REFUSED)], 1)
    by_wget: Any = Execs(monkeypatch, busybox=spoken)
    attempt = Reach(by_wget, "10").attempt("street", "desk", 80)
    assert (attempt.outcome, attempt.source, attempt.source_id) == (
        Outcome.REFUSED, "street", "1" * 64,
    )  # fmt: skip
    assert attempt.line == "docker exec street wget -T 3 -qO- http://desk:80/"
    assert by_wget.environments == [{"http_proxy": "", "HTTP_PROXY": ""}]
    by_python: Any = Execs(monkeypatch, python3=spoken)
    attempt = Reach(by_python, "10").attempt("street", "desk", 80)
    assert attempt.outcome is Outcome.REFUSED
    assert attempt.line.startswith("docker run --rm --network container:street busybox:1.37 wget")


def test_a_resolver_that_is_silent_is_told_from_an_engine_that_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine: Any = Execs(monkeypatch)
    released = threading.Event()

    def silent(*_: object) -> Iterator[tuple[int, bytes]]:
        released.wait(10)
        yield from ()

    monkeypatch.setattr(heard_module, "exec_frames", silent)
    monkeypatch.setattr(heard_module, "MOST_SECONDS", 0.05)
    attempt = Reach(engine, "10").attempt("street", "desk", 80)
    assert attempt.meaning == "unknown name: no resolver answered"
    engine.is_there = False
    with pytest.raises(EngineGone):
        Reach(engine, "10").attempt("street", "desk", 80)
    released.set()


def test_what_does_not_run_tries_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    engine: Any = Execs(monkeypatch)
    engine.status = "paused"
    with pytest.raises(EngineError, match=r"street is paused.*`docker unpause street`"):
        Reach(engine, "10").attempt("street", "desk", 80)


def test_the_newest_attempt_of_each_kind_is_kept_and_told() -> None:
    log, heard_of = AttemptLog(), list[Attempt]()
    listener = heard_of.append
    first = Attempt("street", "desk", 80, Outcome.REFUSED, source_id="1")
    other = Attempt("street", "vault", 80, Outcome.UNKNOWN, source_id="1")
    again = Attempt("street", "desk", 80, Outcome.ANSWERED, source_id="1")
    log.tell(listener)
    log.tell(listener)
    for attempt in (first, other, again):
        log.add(attempt)
    log.forget(listener)
    log.add(first)
    assert heard_of == [first, other, again]
    assert log.attempts == (other, first)
