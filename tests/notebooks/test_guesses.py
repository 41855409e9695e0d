"""What a lesson compares a guess with can be guessed: it is one of the question's choices."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from helpers.exercises import coursework, lessons_with_coursework
from helpers.lessons.lesson_files import lesson_sources
from helpers.model.course.prediction import chosen

ASKED = re.compile(r'\bpredict\("(\d\d\.\w)"\)')
# The text that a cell names as what happened, where it names one.
NAMED = re.compile(r'\.compare\("([^"]+)"(?:\)| if .*? else (?:"([^"]+)")?)')


def named_outcomes(number: str) -> Iterator[tuple[str, str]]:
    """(key of the prediction, outcome) for each outcome that a cell of the lesson names."""
    key, text = "", lesson_sources()[number].read_text(encoding="utf-8")
    for found in re.finditer(f"{ASKED.pattern}|{NAMED.pattern}", text):
        key = found[1] or key
        yield from ((key, outcome) for outcome in found.groups()[1:] if outcome)


@pytest.mark.parametrize("number", lessons_with_coursework())
def test_what_happened_is_one_of_the_choices(number: str) -> None:
    choices = {prediction.key: prediction.choices for prediction in coursework(number).predictions}
    for key, outcome in named_outcomes(number):
        assert chosen(outcome, choices[key])


def test_outcomes_are_found() -> None:
    assert ("02.a", "still there") in list(named_outcomes("02"))
