"""`predict("02.a")`: a guess before an experiment, kept, and set beside what really happens."""

from __future__ import annotations

from typing import Any

from helpers.exercises import coursework_of
from helpers.model.course.coursework import find_task
from helpers.model.course.prediction import Guess, Prediction, compare
from helpers.model.course.progress import Kind
from helpers.notebook.progress import keep, progress_file
from helpers.views.course.question import (
    comparison_page,
    kept_lines,
    kept_page,
    prediction_content,
    prediction_page,
)
from helpers.views.kit.live_card import CardState, LiveCard, Note
from helpers.views.kit.mode import is_live
from helpers.views.kit.page import Page


class NotebookPrediction:
    """A question with a form to answer it; the last answer counts."""

    def __init__(self, prediction: Prediction) -> None:
        self._prediction = prediction
        self._unkept: Guess | None = None
        self._card = LiveCard(prediction_content(prediction), self._clicked)

    def __repr__(self) -> str:
        return prediction_page(self._prediction).text

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        page = prediction_page(self._prediction)
        if not is_live():
            return page._repr_mimebundle_()
        self._card.show(self._state())
        return self._card.bundle(page)

    @property
    def value(self) -> Guess | None:
        """The guess: the text of a choice, or a number; None where there is none yet."""
        if self._unkept is not None:
            return self._unkept
        kept = progress_file().standing().predictions.get(self._prediction.key)
        return None if kept is None else self._prediction.kept_guess(kept)

    def answer(self, value: object) -> Page:
        """The guess as it is kept: a choice by its place or text, or a number.

        Raises InvalidInput where it answers another question.
        """
        guess = self._prediction.guess(value)
        unkept = keep(Kind.PREDICTION, self._prediction.key, guess)
        self._unkept = guess if unkept else None
        self._card.show(self._state())
        return kept_page(self._prediction, guess, *unkept)

    def compare(self, observed: object) -> Page:
        """The guess beside what really happened; `observed` is None where nobody could tell."""
        return comparison_page(compare(self._prediction, self.value, observed))

    def _clicked(self, _: str, value: object) -> CardState:
        self.answer(value)
        return self._state()

    def _state(self) -> CardState:
        guess = self.value
        if guess is None:
            return CardState()
        return CardState(notes=(Note(kept_lines(self._prediction, guess)),), answer=guess)


def predict(key: str) -> NotebookPrediction:
    """The prediction of that key ('02.a'); raises InvalidInput where there is none."""
    return NotebookPrediction(find_task("prediction", key, coursework_of(key).predictions))
