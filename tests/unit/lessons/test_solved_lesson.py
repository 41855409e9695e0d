"""Solutions put into a lesson leave each of its cells, and each of its names, as they were."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from helpers.exercises import coursework
from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook
from tests.notebooks.aside import Aside
from tests.notebooks.solved_lesson import put_solutions


class Engine:
    """What an Aside asks of docker-py, and what it removes."""

    def __init__(self) -> None:
        self.names = {"1": "web"}
        self.tags = ["bread:1"]

    def containers(self, all: bool) -> list[dict[str, Any]]:
        return [{"Id": key, "Names": [f"/{name}"]} for key, name in self.names.items()]

    def images(self) -> list[dict[str, Any]]:
        return [{"Id": tag, "RepoTags": [tag]} for tag in self.tags] + [
            {"Id": "0", "RepoTags": None}
        ]

    def remove_container(self, key: str, **_: bool) -> None:
        del self.names[key]

    def remove_image(self, tag: str, **_: bool) -> None:
        self.tags.remove(tag)


@pytest.mark.parametrize("path", committed_lessons().values(), ids=lambda path: path.stem)
def test_each_cell_of_a_lesson_stays_and_no_output_of_another_is_compared(path: Path) -> None:
    exercises = {each.number: each for each in coursework(path.name[:2]).exercises}
    notebook, before = read_notebook(path), read_notebook(path).cells
    assert put_solutions(notebook, exercises) == list(exercises)
    added = [cell for cell in notebook.cells if cell not in before]
    assert [cell for cell in notebook.cells if cell not in added] == before
    assert len(added) >= 4 * len(exercises)
    assert all(cell.execution_count is None and not cell.outputs for cell in added)


def test_what_a_solution_made_is_gone_and_strangers_stay() -> None:
    engine = Engine()
    docker = SimpleNamespace(client=SimpleNamespace(api=engine))
    namespace: dict[str, Any] = {"engine": docker, "guess": 1, "In": [], "_": 5}
    aside = Aside(namespace)
    namespace |= {"engine": None, "guess": 2, "page": "x", "_": 6}
    engine.names |= {"2": "site", "3": "stranger"}
    engine.tags += ["site:latest", "mine:1", "localhost:5004/kitchen/tea:twin"]
    aside.restore_variables()
    aside.remove_made(("site", "web"))
    assert namespace == {"engine": docker, "guess": 1, "In": [], "_": 6}
    assert engine.names == {"1": "web", "3": "stranger"}
    assert engine.tags == ["bread:1", "mine:1"]
