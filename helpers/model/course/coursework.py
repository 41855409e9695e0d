"""What a lesson asks of a learner: its exercises, predictions and quiz questions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from helpers.errors import InvalidInput
from helpers.model.course.exercise import Exercise
from helpers.model.course.prediction import Prediction
from helpers.model.course.quiz import QuizQuestion


class Keyed(Protocol):
    """Anything with a key, such as '02.1'."""

    @property
    def key(self) -> str:
        """The lesson, a point, and what tells it from the others of that lesson."""


Task = TypeVar("Task", bound=Keyed)


@dataclass(frozen=True)
class Coursework:
    """All that one lesson asks, in the order of the lesson."""

    lesson: str
    exercises: tuple[Exercise[Any], ...]
    predictions: tuple[Prediction, ...] = ()
    quiz: tuple[QuizQuestion, ...] = ()

    @property
    def tasks(self) -> tuple[Keyed, ...]:
        """All of them."""
        return (*self.exercises, *self.predictions, *self.quiz)


def normal_key(key: object) -> str:
    """That key as it is written everywhere: '02.1' for '2.1', 2.1 or ' 02.1 '."""
    text = str(key).strip()
    return f"0{text}" if re.match(r"\d(\.|$)", text) else text


def find_task(kind: str, key: object, tasks: Iterable[Task]) -> Task:
    """The task of that key; raises InvalidInput, which names those there are, in one sentence.

    `kind` is 'exercise', 'prediction' or 'question'.
    """
    there = {task.key: task for task in tasks}
    if task := there.get(normal_key(key)):
        return task
    if not there:
        raise InvalidInput(f"There is no {kind} {key!r}: its lesson has none.")
    raise InvalidInput(f"There is no {kind} {key!r}; choose one of {', '.join(there)}.")
