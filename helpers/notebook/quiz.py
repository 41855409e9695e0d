"""`quiz("02.q1")`: a question for what no engine can tell."""

from __future__ import annotations

from typing import Any

from helpers.exercises import coursework_of
from helpers.model.course.coursework import find_task
from helpers.model.course.progress import Kind
from helpers.model.course.quiz import Choice, QuizQuestion
from helpers.notebook.progress import keep, progress_file
from helpers.views.course.question import choice_lines, choice_page, quiz_content, quiz_page
from helpers.views.kit.live_card import CardState, LiveCard, Note
from helpers.views.kit.mode import is_live
from helpers.views.kit.page import Page


class NotebookQuiz:
    """A question with choices; each answer is told why it is right, or why it is not."""

    def __init__(self, question: QuizQuestion) -> None:
        self._question = question
        self._unkept: Choice | None = None
        self._card = LiveCard(quiz_content(question), self._clicked)

    def __repr__(self) -> str:
        return quiz_page(self._question).text

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        page = quiz_page(self._question)
        if not is_live():
            return page._repr_mimebundle_()
        self._card.show(self._state())
        return self._card.bundle(page)

    def answer(self, value: object) -> Page:
        """Whether that choice (its place from 1, or its text) is right, and why or why not.

        Raises InvalidInput where it is none of the choices.
        """
        choice = self._question.choice(value)
        unkept = keep(Kind.QUIZ, self._question.key, choice.text)
        self._unkept = choice if unkept else None
        self._card.show(self._state())
        return choice_page(choice, *unkept)

    def _clicked(self, _: str, value: object) -> CardState:
        self.answer(value)
        return self._state()

    def _state(self) -> CardState:
        kept = progress_file().standing().quiz.get(self._question.key)
        choice = self._unkept or self._question.kept_choice(kept)
        if choice is None:
            return CardState()
        lines = choice_lines(choice)
        kind = "success" if choice.right else "warning"
        return CardState(kind, lines[0], (Note(lines),), answer=choice.text)


def quiz(key: str) -> NotebookQuiz:
    """The quiz question of that key ('02.q1'); raises InvalidInput where there is none."""
    return NotebookQuiz(find_task("question", key, coursework_of(key).quiz))
