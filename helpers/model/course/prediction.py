"""A prediction: a question before an experiment, the learner's guess, and what really came."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

from helpers.errors import InvalidInput

Guess = str | float


@dataclass(frozen=True)
class Prediction:
    """A question with choices, or with a number in a unit ("s", "MB", "layers") as its answer.

    `key` is the lesson and a letter: '02.a'. `explanation` is shown once the answer is known.
    """

    key: str
    question: str
    explanation: str
    choices: tuple[str, ...] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        if bool(self.choices) == bool(self.unit) or len(set(self.choices)) == 1:
            raise InvalidInput(f"Prediction {self.key} needs two choices or more, or else a unit.")

    def guess(self, value: object) -> Guess:
        """That answer as it is kept: the text of a choice, or a number.

        A choice may be given by its text or by its place from 1. Raises InvalidInput.
        """
        if self.choices:
            return chosen(value, self.choices)
        if isinstance(value, str):
            value = _number_in(value, self.unit)
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise InvalidInput(f"A guess here is a number, in {self.unit}, such as 3 or 0.5.")
        return float(value)

    def kept_guess(self, value: object) -> Guess | None:
        """The same from a file; None where it is no answer to the question as it now stands."""
        try:
            return self.guess(value)
        except InvalidInput:
            return None


def plain(text: object) -> str:
    """The text without the backticks that mark code in it."""
    return str(text).replace("`", "").strip()


def chosen(value: object, choices: tuple[str, ...]) -> str:
    """The choice of that text, or else of that place from 1; raises InvalidInput."""
    text = plain(value)
    for choice in choices:
        if plain(choice) == text:
            return choice
    if text.isdecimal() and 1 <= int(text) <= len(choices):
        return choices[int(text) - 1]
    raise InvalidInput(f"Answer with one of the places 1 to {len(choices)}.")


@dataclass(frozen=True)
class Comparison:
    """A guess beside what the engine really did; either of them may be missing."""

    prediction: Prediction
    guess: Guess | None
    observed: Guess | None

    @property
    def difference(self) -> float | None:
        """Observed minus guessed; None unless both are numbers."""
        if isinstance(self.guess, float) and isinstance(self.observed, float):
            return self.observed - self.guess
        return None

    @property
    def ratio(self) -> float | None:
        """How many times the smaller the larger is (1 or more); None unless both are positive."""
        if not (isinstance(self.guess, float) and isinstance(self.observed, float)):
            return None
        low, high = sorted((self.guess, self.observed))
        return high / low if low > 0 else None

    @property
    def agrees(self) -> bool | None:
        """Whether the guess was right; for a number, within a tenth of what was observed."""
        if self.guess is None or self.observed is None:
            return None
        if self.difference is None or isinstance(self.observed, str):
            return self.guess == self.observed
        return abs(self.difference) <= abs(self.observed) / 10


def compare(prediction: Prediction, guess: Guess | None, observed: object) -> Comparison:
    """The guess beside what was observed; what the engine did not tell is given as None."""
    if observed is None:
        return Comparison(prediction, guess, None)
    if prediction.choices:
        fitting = (choice for choice in prediction.choices if plain(choice) == plain(observed))
        return Comparison(prediction, guess, next(fitting, str(observed).strip()))
    if isinstance(observed, bool) or not isinstance(observed, Real) or math.isnan(observed):
        raise InvalidInput(
            f"Prediction {prediction.key} is about a number, in {prediction.unit}, and what was "
            "observed here is none.",
            "Where this cell belongs to another prediction, first run the cell above it that has "
            "`predict(…)`, and then this one.",
        )
    return Comparison(prediction, guess, float(observed))


def _number_in(text: str, unit: str) -> object:
    """The number of a text such as '0,5 s'; the text itself where there is none."""
    bare = text.strip().removesuffix(unit).strip().replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        return text
