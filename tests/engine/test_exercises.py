"""Each exercise of each lesson, judged on a real engine: untouched, wrong, right in an unusual way.

That its solution passes is shown in its lesson's page: tests/browser/test_lessons.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docker.errors import NotFound
from requests import PreparedRequest, Response

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.exercises import all_coursework
from helpers.model.course.exercise import Exercise, Finding, Outcome
from tests.engine.conftest import LABEL
from tests.engine.exercise_cases import ExerciseCases, all_cases
from tests.engine.learner_cell import run_cell

pytestmark = pytest.mark.engine

EXERCISES = {exercise.number: exercise for work in all_coursework() for exercise in work.exercises}
CASES = all_cases()
PROVED = [number for number in EXERCISES if number in CASES]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells that make files make them where nobody else looks."""
    monkeypatch.chdir(tmp_path)


def test_every_exercise_has_its_cases() -> None:
    assert EXERCISES.keys() == CASES.keys()
    for cases in CASES.values():
        assert len(cases.wrong) >= 2, f"{cases.number}: two wrong attempts or more"
        assert cases.unusual, f"{cases.number}: an unusual way that is right"


@dataclass
class Bench:
    """One exercise and its cases on an engine where nobody else has its names."""

    exercise: Exercise[Docker]
    cases: ExerciseCases
    docker: Docker
    is_prepared: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What the exercise and the attempts make."""
        return (*self.exercise.names, *self.cases.leaves)

    def prepare(self) -> None:
        """What the exercise starts from is there, and else nothing of it; what is kept, stays."""
        if not self.cases.keeps:
            remove(self.docker, self.names)
        self.clear()
        if self.cases.prepare:
            run_cell(self.cases.prepare, self.docker)
        self.is_prepared = True

    def clear(self) -> None:
        """What the exercise is to make is not there."""
        remove_made(self.docker, self.names)
        remove_images(self.docker, self.exercise.names)

    def attempt(self, cell: str) -> None:
        """Runs that cell where no attempt before it has left anything."""
        if self.cases.keeps:
            self.clear()
        elif not self.is_prepared:
            self.prepare()
        self.is_prepared = False
        run_cell(cell, self.docker)


@pytest.fixture(scope="module", params=PROVED)
def shared_bench(request: pytest.FixtureRequest, endpoint: Endpoint) -> Iterator[Bench]:
    """One for all tests of an exercise, which stand together; afterwards all of it is gone."""
    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, LABEL)
    bench = Bench(EXERCISES[request.param], CASES[request.param], docker)
    assert_nobody_has(docker, bench.names)
    yield bench
    remove(docker, bench.names)
    client.close()


@pytest.fixture
def bench(shared_bench: Bench) -> Bench:
    """The same, prepared for a test."""
    shared_bench.prepare()
    return shared_bench


def remove(docker: Docker, names: tuple[str, ...]) -> None:
    """Removes what an attempt made: what is labelled, then what has one of these names."""
    remove_made(docker, names)
    docker.clean_up()
    remove_images(docker, names)


def remove_images(docker: Docker, names: tuple[str, ...]) -> None:
    """Removes the images of these names."""
    for name in names:
        with suppress(NotFound):
            docker.client.api.remove_image(name, force=True)


def remove_made(docker: Docker, names: tuple[str, ...]) -> None:
    """Removes the containers, networks and volumes of these names, and no image."""
    api = docker.client.api
    for name in names:
        for kind, options in (
            (api.remove_container, {"v": True, "force": True}),
            (api.remove_network, {}),
            (api.remove_volume, {}),
        ):
            with suppress(NotFound):
                kind(name, **options)


def assert_nobody_has(docker: Docker, names: tuple[str, ...]) -> None:
    """Fails where a stranger has one of the names: a test must not remove what it did not make."""
    api = docker.client.api
    for name in names:
        for look in (
            api.inspect_container,
            api.inspect_image,
            api.inspect_network,
            api.inspect_volume,
        ):
            try:
                look(name)
            except NotFound:
                continue
            pytest.fail(f"{name} is on this engine already, and is not the tests'.")


def judged(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Finding:
    """What the check says; fails where it asked the engine to change something."""
    exercise, docker = bench.exercise, bench.docker
    sent: list[str] = []
    api: Any = docker.client.api
    send = api.send

    def noted(request: PreparedRequest, **how: Any) -> Response:
        sent.append(f"{request.method} {request.path_url}")
        response: Response = send(request, **how)
        return response

    with monkeypatch.context() as patch:
        patch.setattr(api, "send", noted)
        finding = exercise.check(docker)
        hints = [exercise.hint(index, docker) for index in range(len(exercise.hints))]
    changing = [line for line in sent if not re.match(r"(GET|HEAD) |POST \S*/exec(/|\b)", line)]
    assert sent, "the check did not look at the engine"
    assert not changing, "the check or a hint changes something"
    assert len(hints) >= 2
    assert all(hints)
    return finding


def test_it_is_not_started_at_first_and_wrong_attempts_are_not_yet_each_in_its_own_words(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judged(bench, monkeypatch).outcome is Outcome.NOT_STARTED
    run_cell(bench.exercise.starter, bench.docker)
    assert judged(bench, monkeypatch).outcome is Outcome.NOT_STARTED
    words_of: dict[tuple[str, str], str] = {}
    for attempt in bench.cases.wrong:
        bench.attempt(attempt.cell)
        finding = judged(bench, monkeypatch)
        assert finding.outcome is Outcome.NOT_YET, f"{attempt.name}: {finding}"
        assert re.search(attempt.says, f"{finding.observed}\n{finding.question}"), attempt.name
        assert finding.expected, attempt.name
        assert finding.question.strip(" .)`").count("?"), attempt.name
        words = (finding.observed, finding.question)
        assert words not in words_of, f"{attempt.name} is answered as {words_of[words]} is"
        words_of[words] = attempt.name


def test_an_unusual_way_passes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for attempt in bench.cases.unusual:
        bench.attempt(attempt.cell)
        finding = judged(bench, monkeypatch)
        assert finding.outcome is Outcome.PASSED, f"{attempt.name}: {finding}"
