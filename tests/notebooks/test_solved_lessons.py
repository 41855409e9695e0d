"""Each lesson under nbval, run once: its cells as committed, and each exercise solved."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from helpers.engine.base.images_of import images_of
from helpers.engine.base.project_files import ROOT
from helpers.engine.connection.client import find_client
from helpers.exercises import coursework, lessons_with_coursework
from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook, write_notebook
from helpers.model.course.exercise import Outcome
from helpers.model.course.lesson import lesson
from helpers.model.course.progress import read_entries, standing
from tests.engine.isolation_kit import unharmed_machine
from tests.notebooks.solved_lesson import put_solutions

pytestmark = pytest.mark.engine

LESSONS = committed_lessons()
NBVAL = (
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=20"),
    *("--nbval", "--nbval-current-env", "--nbval-cell-timeout=180"),
    f"--nbval-sanitize-with={ROOT / 'tests/notebooks/sanitize.cfg'}",
)


def beside_the_app(folder: Path) -> Path:
    """A folder for a notebook, from which `../sample_app` and its like are found."""
    for name in ("sample_app", "monitoring"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    (folder / "notebooks").mkdir()
    return folder / "notebooks"


def names_on_engine() -> set[str]:
    """The names of the containers and images there."""
    client, _ = find_client()
    containers = client.api.containers(all=True)
    tags = [tag for image in images_of(client.api) for tag in image["RepoTags"]]
    client.close()
    names = {name.removeprefix("/") for item in containers for name in item["Names"]}
    return names | {tag.removesuffix(":latest") for tag in tags}


def validated(path: Path, progress: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What nbval says of that notebook, run in its folder; progress is kept in that file."""
    environment = {**os.environ, "WORKBOOK_PROGRESS": str(progress), "PYTEST_ADDOPTS": ""}
    return subprocess.run(
        [*NBVAL, *options, path.name],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_every_lesson_with_coursework_is_committed() -> None:
    assert set(lessons_with_coursework()) <= LESSONS.keys()


@pytest.mark.parametrize("lesson_path", LESSONS.values(), ids=lambda path: path.stem)
def test_every_cell_is_as_committed_and_every_solution_passes(
    lesson_path: Path, tmp_path: Path
) -> None:
    number, notebook = lesson_path.name[:2], read_notebook(lesson_path)
    asks = number in lessons_with_coursework()
    exercises = {each.number: each for each in coursework(number).exercises} if asks else {}
    solved = put_solutions(notebook, exercises)
    assert solved == list(exercises)
    path = beside_the_app(tmp_path) / lesson_path.name
    write_notebook(notebook, path)
    before, progress = names_on_engine(), tmp_path / "progress.jsonl"
    # The lesson on what a container can do to its host leaves this one as it was.
    with unharmed_machine() if number == "09" and sys.platform == "linux" else nullcontext():
        run = validated(path, progress)
    assert run.returncode == 0, run.stdout
    print(run.stdout)
    entries = read_entries(progress.read_text(encoding="utf-8")) if solved else []
    reached = standing(entries).outcomes
    assert [reached.get(each) for each in solved] == [Outcome.PASSED] * len(solved)
    assert not (names_on_engine() - before) & set(lesson(number).names), "the lesson leaves nothing"
