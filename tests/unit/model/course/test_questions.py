"""Predictions and quiz questions: what counts as an answer, and what is said of it."""

from __future__ import annotations

import math

import numpy
import pytest

from helpers.errors import InvalidInput
from helpers.model.course.prediction import Comparison, Prediction, compare
from helpers.model.course.quiz import Choice, QuizQuestion
from helpers.views.course.question import (
    amount,
    choice_page,
    comparison_line,
    comparison_page,
    kept_page,
    prediction_page,
    quiz_page,
)

EVIL = "<img src=x onerror=alert(1)>"
CODE = Prediction("02.a", "Which exit code?", "It is 128 + 9.", choices=("0", "1", "137"))
TIME = Prediction("02.b", "How long?", "PID 1 was a shell.", unit="s")
QUIZ = QuizQuestion(
    "02.q1",
    f"A container is {EVIL} …",
    (
        Choice("a `vm`", f"There is one kernel {EVIL}."),
        Choice("processes", "On the host's kernel.", right=True),
    ),
)


@pytest.mark.parametrize(
    ("value", "kept"), [("137", "137"), (137, "137"), (1, "1"), (2, "1"), (3, "137")]
)
def test_a_choice_is_given_by_text_or_else_by_place(value: object, kept: str) -> None:
    assert CODE.guess(value) == kept


@pytest.mark.parametrize(
    ("value", "kept"),
    [(3, 3.0), (0.5, 0.5), ("0,5", 0.5), ("2 s", 2.0), (numpy.float64(1.5), 1.5), ("-1", -1.0)],
)
def test_a_number_is_given_as_a_number_or_a_text(value: object, kept: float) -> None:
    assert TIME.guess(value) == kept


@pytest.mark.parametrize("value", ["soon", "", None, True, math.nan, math.inf, "nan", [1], {}])
def test_what_is_no_number_is_refused_in_words(value: object) -> None:
    with pytest.raises(InvalidInput, match="A guess here is a number, in s"):
        TIME.guess(value)
    assert TIME.kept_guess(value) is None


@pytest.mark.parametrize("value", ["none", 0.5, 4, -1, "", None, "²"])
def test_what_is_no_choice_is_refused_in_words(value: object) -> None:
    with pytest.raises(InvalidInput, match="one of the places 1 to 3"):
        CODE.guess(value)


@pytest.mark.parametrize("choices", [(), ("one",), ("same", "same")])
def test_a_prediction_needs_real_choices_or_a_unit(choices: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        Prediction("02.c", "?", "", choices=choices)
    with pytest.raises(InvalidInput):
        Prediction("02.c", "?", "", choices=("a", "b"), unit="s")


@pytest.mark.parametrize(
    ("guess", "observed", "line"),
    [
        (10, 0.5, "9.5 s less than your guess, which was off by a factor of 20."),
        (0.5, 10, "9.5 s more than your guess, which was off by a factor of 20."),
        (10, 10.5, "Close: 0.5 s more than your guess."),
        (10, 15, "5 s more than your guess."),
        (0, 3, "3 s more than your guess."),
        (0, 0, "Just as you guessed."),
        (2, 2, "Just as you guessed."),
        (None, 2, "No guess was kept, which is fine; the next one is waiting."),
        (2, None, "Your guess can't be compared this time."),
    ],
)
def test_numbers_are_compared_in_words(guess: object, observed: object, line: str) -> None:
    kept = None if guess is None else TIME.guess(guess)
    assert comparison_line(compare(TIME, kept, observed)) == line


def test_choices_are_compared_in_words_that_shame_nobody() -> None:
    assert comparison_line(compare(CODE, "137", 137)) == "Just as you guessed."
    assert comparison_line(compare(CODE, "0", 137)) == "It came out differently."
    assert comparison_line(compare(CODE, "0", "something else")) == "It came out differently."


def test_backticks_are_no_part_of_an_answer() -> None:
    marked = Prediction("02.f", "?", "", choices=("`0`", "`137`, or 128 + 9"))
    assert marked.guess("0") == marked.guess(1) == "`0`"
    assert compare(marked, "`0`", 0).agrees is True
    assert "your guess     0\nwhat happened  0" in comparison_page(compare(marked, "`0`", 0)).text


def test_ratio_and_agreement_are_those_of_the_numbers() -> None:
    assert compare(TIME, 4.0, 1).ratio == 4
    assert compare(TIME, 0.0, 1).ratio is None
    assert compare(TIME, 1.0, 1.1).agrees is True
    assert compare(TIME, 1.0, 1.2).agrees is False
    assert Comparison(TIME, None, 1.0).agrees is None


def test_what_was_observed_must_fit_the_question() -> None:
    with pytest.raises(InvalidInput, match=rf"Prediction {TIME.key} .* number, in s,") as caught:
        compare(TIME, 1.0, "long")
    assert "predict(" in caught.value.next_step


def test_guess_and_observation_stand_side_by_side() -> None:
    page = comparison_page(compare(TIME, 10.0, 0.4321))
    assert page.text.splitlines() == [
        "               How long?",
        "your guess     10 s",
        "what happened  0.432 s",
        "9.57 s less than your guess, which was off by a factor of 23.1. PID 1 was a shell.",
    ]
    assert "what happened  n/a" in comparison_page(compare(TIME, 1.0, None)).text
    assert "your guess     none this time" in comparison_page(compare(TIME, None, 1)).text


@pytest.mark.parametrize(
    ("value", "shown"), [(3.0, "3 MB"), (1234.5, "1,234 MB"), (0.04321, "0.0432 MB"), ("a", "a")]
)
def test_amounts_have_three_figures_and_their_unit(value: float | str, shown: str) -> None:
    assert amount(value, "MB") == shown


def test_a_question_has_different_choices_and_one_of_them_right() -> None:
    right, wrong = Choice("a", "", right=True), Choice("b", "")
    for choices in ((), (wrong,), (right, right), (right, Choice("b", "", right=True))):
        with pytest.raises(InvalidInput):
            QuizQuestion("02.q2", "?", choices)
    assert QUIZ.choice(2) is QUIZ.choice("processes")
    assert QUIZ.choice(2).right
    assert QUIZ.kept_choice("no longer asked") is None


def test_every_text_is_text_on_every_page() -> None:
    asked = Prediction("02.d", EVIL, EVIL, choices=(EVIL, "b"))
    pages = [
        prediction_page(asked),
        kept_page(asked, EVIL),
        comparison_page(compare(asked, EVIL, EVIL)),
        prediction_page(Prediction("02.e", EVIL, EVIL, unit=EVIL)),
        quiz_page(QUIZ),
        choice_page(QUIZ.choices[0]),
    ]
    for page in pages:
        assert "<img" not in page.html
        assert "&lt;img" in page.html
        assert EVIL in page.text


def test_a_quiz_can_be_read_without_a_kernel_and_the_answer_is_folded() -> None:
    page = quiz_page(QUIZ)
    question, fold = page.html.split("<details>")
    assert "On the host" not in question
    assert "● right: On the host&#x27;s kernel." in fold
    assert fold.endswith("</details></div>")
    assert page.text.endswith("  1. a `vm`\n  2. processes\nq.answer(1)")
