"""A learner's progress: entries of a JSON-lines file, and what they add up to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from helpers.model.course.exercise import Outcome

Value = str | int | float


class Kind(Enum):
    """What an entry is about; its value is an outcome, the hint's number from 1, or an answer."""

    EXERCISE = "exercise"
    HINT = "hint"
    PREDICTION = "prediction"
    QUIZ = "quiz"
    RESET = "reset"


@dataclass(frozen=True)
class ProgressEntry:
    """One thing that a learner did; `time` is ISO 8601 in UTC, `key` is '02.1', '02.a', '02.q1'.

    A reset's key is that of one task, of a lesson ('02'), or '*' for everything.
    """

    time: str
    lesson: str
    kind: Kind
    key: str
    value: Value

    def to_line(self) -> str:
        """The entry as a line of JSON, with its line end."""
        return json.dumps({**asdict(self), "kind": self.kind.value}) + "\n"


@dataclass
class Standing:
    """How far a learner is: {key: outcome}, {key: hints seen}, {key: answer}."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    predictions: dict[str, Value] = field(default_factory=dict)
    quiz: dict[str, Value] = field(default_factory=dict)

    def add(self, entry: ProgressEntry) -> None:
        """Counts one more entry: passed once is passed, and the last answer is the answer."""
        if entry.kind is Kind.EXERCISE:
            if self.outcomes.get(entry.key) is not Outcome.PASSED:
                self.outcomes[entry.key] = Outcome(entry.value)
        elif entry.kind is Kind.HINT:
            self.hints[entry.key] = max(self.hints.get(entry.key, 0), int(entry.value))
        elif entry.kind is Kind.RESET:
            self._forget(entry.key)
        else:
            answers = self.predictions if entry.kind is Kind.PREDICTION else self.quiz
            answers[entry.key] = entry.value

    def _forget(self, target: str) -> None:
        every: tuple[dict[str, Any], ...] = (self.outcomes, self.hints, self.predictions, self.quiz)
        for kept in every:
            for key in [key for key in kept if covers(target, key)]:
                del kept[key]


def covers(target: str, key: str) -> bool:
    """Whether a reset of that target ('02.1', '02' or '*') forgets what has that key."""
    return target in ("*", key) or key.startswith(f"{target}.")


def standing(entries: Iterable[ProgressEntry]) -> Standing:
    """What the entries add up to, in their order."""
    total = Standing()
    for entry in entries:
        total.add(entry)
    return total


def read_entries(text: str) -> list[ProgressEntry]:
    """The entries of a progress file; lines that are damaged or half-written are left out."""
    entries = (_entry(line) for line in text.split("\n"))
    return [entry for entry in entries if entry is not None]


def _entry(line: str) -> ProgressEntry | None:
    try:
        fields = json.loads(line)
        return _checked(fields) if isinstance(fields, Mapping) else None
    except (ValueError, KeyError, RecursionError):
        return None


def _checked(fields: Mapping[str, object]) -> ProgressEntry | None:
    """The entry of these fields; ValueError or KeyError where they make none."""
    kind, value = Kind(fields["kind"]), fields["value"]
    texts = [fields[name] for name in ("time", "lesson", "key")]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if kind is Kind.EXERCISE:
        Outcome(value)
    if kind is Kind.HINT and not isinstance(value, int):
        return None
    time, lesson, key = (text if isinstance(text, str) and text else None for text in texts)
    if time is None or lesson is None or key is None:
        return None
    return ProgressEntry(time, lesson, kind, key, value)
