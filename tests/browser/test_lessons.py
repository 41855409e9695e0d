"""Each lesson, run once from top to bottom in the page, as a learner does: nbval compares what the
page shows with what is committed, and each exercise is solved where the lesson asks for its check.

Lessons are light and dark in turns: the tests of each view look at it in both themes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from nbformat import NotebookNode

from helpers.engine.base.listed_objects import images_of
from helpers.engine.connection.client import find_client
from helpers.exercises import coursework, lessons_with_coursework
from helpers.launcher.jupyter_server import JupyterServer
from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook, write_notebook
from helpers.model.course.exercise import Outcome
from helpers.model.course.lesson import lesson
from helpers.model.course.progress import read_entries, standing
from tests.browser.compared_lesson import differences
from tests.browser.lesson_page import OpenLesson, Theme, call_server
from tests.browser.page_kernel import PageKernel
from tests.engine.isolation_kit import unharmed_machine
from tests.notebooks.solved_lesson import put_solutions

pytestmark = pytest.mark.browser

LESSONS = committed_lessons()
THEMES: list[Theme] = [("light", "dark")[index % 2] for index in range(len(LESSONS))]
PutLesson = Callable[[str, NotebookNode], None]


@pytest.fixture
def put_lesson(lab: JupyterServer) -> Iterator[PutLesson]:
    """put_lesson('notebooks/00_start_here.ipynb', notebook): the page opens that one instead."""
    put: list[str] = []

    def put_one(name: str, notebook: NotebookNode) -> None:
        put.append(name)
        _upload(lab, name, notebook)

    yield put_one
    for name in put:
        _upload(lab, name, read_notebook(LESSONS[Path(name).name[:2]]))


def _upload(lab: JupyterServer, name: str, notebook: NotebookNode) -> None:
    body = json.dumps({"type": "notebook", "format": "json", "content": notebook}).encode()
    call_server(lab, "PUT", f"api/contents/{name}", body)


def names_on_engine() -> set[str]:
    """The names of the containers and images there."""
    client, _ = find_client()
    containers = client.api.containers(all=True)
    tags = [tag for image in images_of(client.api) for tag in image.tags]
    client.close()
    names = {name.removeprefix("/") for item in containers for name in item["Names"]}
    return names | {tag.removesuffix(":latest") for tag in tags}


def progress() -> str:
    """What learners have reached in this run of the tests, an entry a line."""
    path = Path(os.environ["WORKBOOK_PROGRESS"])
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_every_lesson_with_coursework_is_committed() -> None:
    assert set(lessons_with_coursework()) <= LESSONS.keys()


@pytest.mark.parametrize(
    ("number", "theme"),
    list(zip(LESSONS, THEMES, strict=True)),
    ids=[f"{path.stem}-{theme}" for path, theme in zip(LESSONS.values(), THEMES, strict=True)],
)
def test_every_cell_is_as_committed_and_every_solution_passes(
    number: str,
    theme: Theme,
    open_lesson: OpenLesson,
    put_lesson: PutLesson,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    name, notebook = f"notebooks/{LESSONS[number].name}", read_notebook(LESSONS[number])
    asks = number in lessons_with_coursework()
    exercises = {each.number: each for each in coursework(number).exercises} if asks else {}
    solved = put_solutions(notebook, exercises)
    assert solved == list(exercises)
    put_lesson(name, notebook)
    reference = tmp_path / LESSONS[number].name
    write_notebook(notebook, reference)
    page = open_lesson(name, theme)
    page.screenshot("opened")
    before, known = names_on_engine(), progress()
    # The lesson on what a container can do to its host leaves this one as it was.
    with unharmed_machine() if number == "09" and sys.platform == "linux" else nullcontext():
        assert differences(reference, PageKernel(page), request.session) == []
    page.screenshot("finished")
    reached = standing(read_entries(progress().removeprefix(known))).outcomes
    assert [reached.get(each) for each in solved] == [Outcome.PASSED] * len(solved)
    assert not (names_on_engine() - before) & set(lesson(number).names), "the lesson leaves nothing"
