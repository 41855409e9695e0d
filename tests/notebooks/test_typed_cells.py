"""What changes the engine is typed as in a terminal: counted for each lesson."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.exercises import coursework, lessons_with_coursework
from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook

LEAST_SHARE = 0.9
CHANGES = (
    "build|buildx|commit|compose|create|exec|import|kill|load|pause|plugin|pull|push|rename|restart"
    "|rm|rmi|run|secret|service|stack|start|stop|swarm|tag|unpause|update"
)
GROUPS = "builder|container|image|network|node|system|volume"
CHANGING = f"(?:(?:{GROUPS}) )?(?:{CHANGES}|connect|demote|disconnect|promote|prune)"
IN_A_CLUSTER = (
    "annotate|apply|cordon|create|delete|drain|exec|expose|label|patch|replace|rollout|run|scale"
    "|set|taint|uncordon"
)
TYPED = re.compile(
    rf"(?:(?:^|= ?)(?:%%?|!)|^!.*\| ?)docker (?:-c \S+ |-\S+ )*{CHANGING}\b"
    rf"|^%%?kubectl (?:{IN_A_CLUSTER})\b",
    re.MULTILINE,
)
# The same through the Python object or one of its containers; what there is no docker command for
# (virtual machines, races, the programs of a cluster) is not meant, nor is the clean-up, which puts
# things back.
CALLED = re.compile(
    r"\bengine\.(?:run|build|registry)\("
    r"|\b(?!app|cluster|engine|load|registry)\w+\.(?:exec|kill|pause|push|remove|restart|start|stop|unpause)\("
    r"|\bregistry\.(?:push|pull|tag)\("
)
VIRTUAL = re.compile(r"\bvm\b|\.vm\(|\bcontest\b|\brace\(")


def counted(path: Path) -> tuple[list[str], list[str]]:
    """The cells of a lesson that change the engine: typed ones, and those through the helper."""
    cells = [cell.source for cell in read_notebook(path).cells if cell.cell_type == "code"]
    typed = [cell for cell in cells if TYPED.search(cell)]
    called = [
        cell
        for cell in cells
        if cell not in typed and CALLED.search(cell) and not VIRTUAL.search(cell)
    ]
    return typed, called


@pytest.mark.parametrize("path", committed_lessons().values(), ids=lambda path: path.stem)
def test_what_changes_the_engine_is_typed(path: Path) -> None:
    typed, called = counted(path)
    share = len(typed) / max(1, len(typed) + len(called))
    print(f"{path.stem}: {len(typed)} typed, {len(called)} called, {share:.0%}")
    assert typed
    assert share >= LEAST_SHARE, called


@pytest.mark.parametrize("number", lessons_with_coursework())
def test_exercises_begin_and_end_with_commands(number: str) -> None:
    for exercise in coursework(number).exercises:
        assert re.search(r"^#? ?(?:%%?|!)?(?:docker|kubectl) ", exercise.starter, re.MULTILINE) or (
            VIRTUAL.search(exercise.starter)
        ), exercise.starter
        assert TYPED.search(exercise.solution) or VIRTUAL.search(exercise.solution), exercise.number
        assert not CALLED.search(exercise.solution), exercise.solution
