"""What each lesson asks, hints, solves and checks: one file a lesson, found by being there.

A file lesson_NN.py has EXERCISES, and PREDICTIONS and QUIZ where its lesson has any.
"""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

from helpers.errors import InvalidInput
from helpers.model.course.coursework import Coursework, normal_key

_FILE = re.compile(r"lesson_(\d\d)$")


def lessons_with_coursework() -> tuple[str, ...]:
    """The numbers of the lessons that ask something, in order."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(match[1] for name in names if (match := _FILE.match(name)))


def coursework(number: object) -> Coursework:
    """What that lesson ('02') asks; raises InvalidInput where it asks nothing."""
    lesson = normal_key(number)
    if lesson not in lessons_with_coursework():
        known = ", ".join(lessons_with_coursework())
        raise InvalidInput(f"There is no lesson {lesson!r} with exercises; there are {known}.")
    module = import_module(f"{__name__}.lesson_{lesson}")
    return Coursework(
        lesson,
        tuple(module.EXERCISES),
        tuple(getattr(module, "PREDICTIONS", ())),
        tuple(getattr(module, "QUIZ", ())),
    )


def coursework_of(key: object) -> Coursework:
    """What the lesson asks that a key ('02.1') belongs to; raises InvalidInput."""
    return coursework(normal_key(key).partition(".")[0])


def all_coursework() -> tuple[Coursework, ...]:
    """What every lesson asks, in the order of the lessons."""
    return tuple(coursework(number) for number in lessons_with_coursework())
