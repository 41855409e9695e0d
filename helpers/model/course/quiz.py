"""A quiz question, for what no engine can tell: each choice with the reason why, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.errors import InvalidInput
from helpers.model.course.prediction import chosen


@dataclass(frozen=True)
class Choice:
    """One answer that can be given, and the reason why it is right or not."""

    text: str
    reason: str
    right: bool = False


@dataclass(frozen=True)
class QuizQuestion:
    """One question with exactly one right choice; `key` is the lesson and a number: '02.q1'."""

    key: str
    question: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        texts = [choice.text for choice in self.choices]
        if len(set(texts)) != len(texts) or sum(choice.right for choice in self.choices) != 1:
            raise InvalidInput(f"Question {self.key} needs different choices, one of them right.")

    def choice(self, value: object) -> Choice:
        """The choice of that text or place from 1; raises InvalidInput."""
        text = chosen(value, tuple(choice.text for choice in self.choices))
        return next(choice for choice in self.choices if choice.text == text)

    def kept_choice(self, value: object) -> Choice | None:
        """The same from a file; None where it is no choice of the question as it now stands."""
        return next((choice for choice in self.choices if choice.text == value), None)
