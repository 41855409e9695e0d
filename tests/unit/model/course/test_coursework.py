"""What the lessons ask: found by file, with keys that hold together and cells that can be run."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from helpers.errors import InvalidInput
from helpers.exercises import all_coursework, coursework, coursework_of, lessons_with_coursework
from helpers.model.course.coursework import find_task, normal_key
from helpers.model.course.exercise import Exercise
from helpers.model.course.lesson import lesson
from helpers.notebook.exercise import exercise as exercise_in_notebook
from helpers.notebook.predict import predict
from helpers.notebook.quiz import quiz

COURSES = {course.lesson: course for course in all_coursework()}
EXERCISES = [exercise for course in COURSES.values() for exercise in course.exercises]
TASKS = [(course.lesson, task) for course in COURSES.values() for task in course.tasks]


def test_lessons_are_found_by_their_files() -> None:
    assert lessons_with_coursework()[0] == "00"
    assert list(COURSES) == sorted(COURSES)
    assert all(course.exercises for course in COURSES.values())


def test_keys_are_of_their_lesson_and_each_is_there_once() -> None:
    keys = [task.key for _, task in TASKS]
    assert len(set(keys)) == len(keys)
    for number, task in TASKS:
        assert task.key.startswith(f"{number}."), task.key
        assert normal_key(task.key) == task.key


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_starter_and_solution_are_cells_that_can_be_run(exercise: Exercise[Any]) -> None:
    for source in (exercise.starter, exercise.solution):
        ast.parse(TransformerManager().transform_cell(source))
        assert source == source.strip()
        # As a Dockerfile in a cell, a manifest is whole.
        assert len(source.splitlines()) <= 12 or source.startswith("%%kubectl apply -f -\n")
        assert max(map(len, source.splitlines())) <= 100
    assert not ast.parse(TransformerManager().transform_cell(exercise.starter)).body
    assert ast.parse(TransformerManager().transform_cell(exercise.solution)).body


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_an_exercise_has_all_that_a_learner_needs(exercise: Exercise[Any]) -> None:
    assert len(exercise.hints) == 2
    assert exercise.title
    assert exercise.goal.endswith(".")
    assert 1 <= exercise.seconds <= 30
    number = exercise.number.partition(".")[0]
    assert set(exercise.names) <= set(lesson(number).names), "names of the lesson's own"
    told = [exercise.title, exercise.goal, *filter(None, exercise.hints_shown)]
    assert all(text.count("`") % 2 == 0 for text in told)


@pytest.mark.parametrize("key", ["00.1", "0.1", 0.1, " 00.1 "])
def test_keys_are_understood_as_people_write_them(key: Any) -> None:
    assert find_task("exercise", key, coursework_of(key).exercises).number == "00.1"


@pytest.mark.parametrize(
    ("call", "key", "sentence"),
    [
        (exercise_in_notebook, "00.9", "There is no exercise '00.9'; choose one of 00.1."),
        (exercise_in_notebook, "77.1", "There is no lesson '77' with exercises; there are 00"),
        (exercise_in_notebook, "", "There is no lesson '' with exercises"),
        (predict, "00.z", "There is no prediction '00.z'; choose one of 00.a."),
        (quiz, "00.q9", "There is no question '00.q9': its lesson has none."),
        (coursework, "../../etc", "There is no lesson '../../etc' with exercises"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(call: Any, key: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        call(key)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).count(". ") == 0


def test_predictions_are_explained_and_choices_have_their_reasons() -> None:
    for course in COURSES.values():
        for prediction in course.predictions:
            assert prediction.question.endswith("?"), prediction.key
            assert prediction.explanation.endswith("."), prediction.key
        for question in course.quiz:
            assert all(choice.reason.endswith(".") for choice in question.choices), question.key
