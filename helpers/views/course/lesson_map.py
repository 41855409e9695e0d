"""The lessons and their exercises as tables, with the learner's progress; and that in one line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from helpers.model.course.coursework import Coursework
from helpers.model.course.exercise import Outcome
from helpers.model.course.lesson import Lesson
from helpers.model.course.progress import Standing
from helpers.model.text.units import counted
from helpers.views.course.exercise_card import MARKS
from helpers.views.kit.inert import inert_html
from helpers.views.kit.page import Page, table


def lesson_map_page(
    lessons: Sequence[Lesson],
    there: Collection[Lesson],
    work: Mapping[str, Coursework],
    standing: Standing,
) -> Page:
    """One row for each lesson, linked where its notebook is there; then one for each exercise.

    `work` is {lesson: what it asks}.
    """
    rows = [
        (
            lesson.number,
            lesson.title,
            lesson.question,
            f"{lesson.minutes} min" if lesson in there else "to come",
            _passed(work.get(lesson.number), standing),
        )
        for lesson in lessons
    ]
    page = table(("", "lesson", "the question", "time", "exercises"), rows)
    html = page.html
    for lesson in there:
        title = f">{inert_html(lesson.title)}<"
        html = html.replace(title, f'><a href="{lesson.file_name}">{inert_html(lesson.title)}</a><')
    exercises = exercises_page(work.values(), standing)
    return Page(f"{html}{exercises.html}", f"{page.text}\n\n{exercises.text}")


def exercises_page(work: Collection[Coursework], standing: Standing) -> Page:
    """One row for each exercise: how far it is, and how many hints were seen."""
    rows = [
        (
            exercise.number,
            exercise.title,
            MARKS[standing.outcomes.get(exercise.key, Outcome.NOT_STARTED)][1],
            f"{standing.hints.get(exercise.key, 0)} of {len(exercise.hints)}",
        )
        for course in work
        for exercise in course.exercises
    ]
    return table(("", "exercise", "progress", "hints seen"), rows)


def progress_line(lesson: Lesson, course: Coursework, standing: Standing) -> str:
    """How far the learner is in one lesson."""
    exercises = {exercise.key for exercise in course.exercises}
    hints = sum(seen for key, seen in standing.hints.items() if key in exercises)
    guesses = [task for task in course.predictions if task.key in standing.predictions]
    answered = [task.kept_choice(standing.quiz.get(task.key)) for task in course.quiz]
    right = sum(choice is not None and choice.right for choice in answered)
    parts = [
        _passed(course, standing, "exercises "),
        f"{counted(hints, 'hint')} seen" if exercises else "",
        f"{len(guesses)} of {len(course.predictions)} guesses made" if course.predictions else "",
        f"{right} of {len(course.quiz)} quiz questions right" if course.quiz else "",
    ]
    return f"Lesson {lesson.number}, {lesson.title}: {' · '.join(filter(None, parts))}"


def _passed(course: Coursework | None, standing: Standing, what: str = "") -> str:
    if course is None or not course.exercises:
        return ""
    done = sum(standing.outcomes.get(task.key) is Outcome.PASSED for task in course.exercises)
    return f"{done} of {len(course.exercises)} {what}passed"
