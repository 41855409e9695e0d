"""The lesson map and the cards of exercises as pages: what they say, and that all of it is text."""

from __future__ import annotations

import re
from dataclasses import replace

from helpers.exercises.lesson_00 import EXERCISES
from helpers.model.course.coursework import Coursework
from helpers.model.course.exercise import Outcome, not_yet
from helpers.model.course.lesson import LESSONS
from helpers.model.course.prediction import Prediction
from helpers.model.course.progress import Standing
from helpers.model.course.quiz import Choice, QuizQuestion
from helpers.views.course.exercise_card import CALLS, card_page, finding_page, hint_page
from helpers.views.course.lesson_map import lesson_map_page, progress_line

EVIL = "<img src=x onerror=alert(1)>"
COURSES = {
    number: Coursework(number, tuple(replace(EXERCISES[0], number=f"{number}.{at}") for at in ats))
    for number, ats in {"00": (1,), "02": (1, 2)}.items()
}


def test_the_map_links_what_is_there_and_tells_how_far_each_exercise_is() -> None:
    reached = Standing({"00.1": Outcome.PASSED, "02.2": Outcome.NOT_YET}, hints={"02.2": 1})
    page = lesson_map_page(LESSONS, [LESSONS[0]], COURSES, reached)
    assert '<a href="00_start_here.ipynb">Start here</a>' in page.html
    assert "1 of 1 passed" in page.text
    assert "0 of 2 passed" in page.text
    assert page.text.count("to come") == len(LESSONS) - 1
    assert [re.split("  +", line) for line in page.text.splitlines()[-3:]] == [
        ["00.1", "A container that stays", "● passed", "0 of 2"],
        ["02.1", "A container that stays", "○ not started", "0 of 2"],
        ["02.2", "A container that stays", "◐ not yet", "1 of 2"],
    ]


def test_a_lesson_in_one_line_counts_only_its_own() -> None:
    quiz = QuizQuestion("02.q1", "?", (Choice("a", "", right=True), Choice("b", "")))
    asked = replace(
        COURSES["02"], predictions=(Prediction("02.a", "?", "", unit="s"),), quiz=(quiz,)
    )
    reached = Standing(
        {"02.1": Outcome.PASSED, "00.1": Outcome.PASSED},
        {"02.1": 2, "00.1": 1}, {"02.a": 1.0, "00.a": 2.0}, {"02.q1": "a"},
    )  # fmt: skip
    lesson = LESSONS[2]
    assert progress_line(lesson, asked, reached) == (
        "Lesson 02, Containers: 1 of 2 exercises passed · 2 hints seen · 1 of 1 guesses made "
        "· 1 of 1 quiz questions right"
    )
    reached.quiz["02.q1"] = "b"
    assert progress_line(lesson, asked, reached).endswith("0 of 1 quiz questions right")


def test_findings_show_observed_expected_and_the_question_as_text() -> None:
    finding = not_yet(f"{EVIL} is there.", f"a `container` {EVIL}", "Why?")
    page = finding_page(EXERCISES[0], finding)
    assert "<img" not in page.html
    assert "<code>container</code>" in page.html
    assert page.text.splitlines()[1:] == [
        f"Observed: {EVIL} is there.",
        f"Expected: a `container` {EVIL}.",
        "Why?",
    ]


def test_a_card_has_goal_state_and_calls_and_folds_the_rest_away() -> None:
    evil = replace(EXERCISES[0], title=EVIL, goal=f"`x` {EVIL}", solution=EVIL, hints=(EVIL, len))
    page = card_page(evil, not_yet("x", "y", "z"))
    assert page.text == f"Exercise 00.1: {EVIL} · ◐ not yet\n`x` {EVIL}\n{CALLS}"
    assert "<img" not in page.html
    shown, *folds = page.html.split("<details>")
    assert "<code>x</code>" in shown
    assert [fold.split("</summary>")[0] for fold in folds] == [
        "<summary>Hint 1 of 2", "<summary>Hint 2 of 2", "<summary>A solution",
    ]  # fmt: skip
    assert "It looks at your engine first" in folds[1]


def test_a_hint_has_its_place_and_backticks_are_code() -> None:
    page = hint_page(0, 2, EVIL + " `x` and `y")
    assert page.html.count("<") == 6
    assert "<code>x</code> and `y" in page.html
