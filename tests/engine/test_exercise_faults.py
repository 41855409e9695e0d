"""What can go wrong around a check on a real engine: a clear word each time, nothing broken."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.docker import Docker
from helpers.exercises.lesson_00 import EXERCISES, NAME
from helpers.model.build.failure import BuildFailed
from helpers.model.course.exercise import Exercise, Finding, Outcome, passed
from helpers.notebook.exercise import NotebookExercise
from helpers.notebook.look import look
from tests.engine.conftest import BUSYBOX
from tests.engine.cut_proxy import CutProxy
from tests.engine.folder_cells import built, cell, dockerfile, folder_made
from tests.engine.learner_cell import run_cell

pytestmark = pytest.mark.engine

EVIL = "<img src=x onerror=alert(1)>"
GREETER: Exercise[Any] = EXERCISES[0]


@pytest.fixture(autouse=True)
def same_engine(docker: Docker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker.endpoint.host)
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))


def test_the_engine_goes_away_in_the_middle_of_a_check(
    docker: Docker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    road = CutProxy(docker.endpoint.host, tmp_path / "engine.sock")
    monkeypatch.setenv("DOCKER_HOST", road.host)

    def check(seen: Docker) -> Finding:
        seen.ps()
        road.cut()
        seen.ps()
        return passed("it")

    started = time.monotonic()
    finding = look(replace(GREETER, check=check))
    assert time.monotonic() - started < 8
    page = NotebookExercise(GREETER).check()
    assert finding.outcome is Outcome.UNKNOWN
    assert "engine" in finding.observed.lower()
    assert finding.question
    assert page.text.startswith("? could not look: exercise 00.1")


@pytest.mark.parametrize("recipes", ["", "RUN touch recipes.txt"])
def test_the_bakery_is_not_built_without_its_recipes(
    docker: Docker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, recipes: str
) -> None:
    """A catalogue of nothing but its date would pass for one."""
    monkeypatch.chdir(tmp_path)
    steps = ("WORKDIR /srv", "COPY prepare.sh ./", recipes, "RUN sh prepare.sh", "COPY serve.sh .")
    run_cell(cell(folder_made("bakery"), dockerfile("bakery", *steps)), docker)
    with pytest.raises(BuildFailed, match=r"`RUN sh prepare\.sh`, failed"):
        run_cell(built("bakery", "wbex-bakery"), docker)


def test_a_container_that_vanishes_in_the_middle_of_a_check(docker: Docker) -> None:
    made = docker.run(BUSYBOX, "sleep 60", name="wbex-vanishing")

    def check(seen: Docker) -> Finding:
        found = seen.container("wbex-vanishing")
        made.remove(force=True)
        return passed(found.status)

    finding = look(replace(GREETER, check=check))
    assert finding.outcome is Outcome.UNKNOWN
    assert finding.observed.startswith("Something went away while the check looked.")
    assert finding.question == "Check once more."


def test_a_container_removed_by_hand_between_two_cells(docker: Docker) -> None:
    ex = NotebookExercise(GREETER)
    docker.run(BUSYBOX, "sleep 60", name=NAME)
    assert ex.check().text.startswith("● passed")
    docker.container(NAME).remove(force=True)
    assert ex.check().text.startswith("○ not started")
    assert "○ not started" in repr(ex)


def test_html_from_the_engine_is_shown_and_never_run(docker: Docker) -> None:
    docker.client.api.create_container(
        BUSYBOX, [EVIL], name=NAME, labels={"workbook.lesson": docker.lesson, EVIL: EVIL}
    )
    with pytest.raises(Exception, match="img"):
        docker.container(NAME).start()
    page = NotebookExercise(GREETER).check()
    assert "could not be started" in page.text
    assert EVIL in page.text
    assert "<img" not in page.html


def test_looking_leaves_no_trace_and_no_connection(docker: Docker) -> None:
    docker.run(BUSYBOX, "sleep 60", name=NAME)
    before = docker.client.api.inspect_container(NAME)
    ex = NotebookExercise(GREETER)
    ex.check(), ex.hint(), ex.hint(), ex.solution(), repr(ex)
    assert docker.client.api.inspect_container(NAME) == before
