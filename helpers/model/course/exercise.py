"""An exercise: what is asked, how it is hinted at, solved and judged; and what a check found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

Engine = TypeVar("Engine", contravariant=True)


class Outcome(Enum):
    """The three answers of a check, and the one that says that it could not look."""

    NOT_STARTED = "not started"
    NOT_YET = "not yet"
    PASSED = "passed"
    UNKNOWN = "could not look"


@dataclass(frozen=True)
class Finding:
    """What a check saw on the engine, what it expected, and a question that leads on."""

    outcome: Outcome
    observed: str
    expected: str = ""
    question: str = ""

    @property
    def passed(self) -> bool:
        """Whether the goal is reached."""
        return self.outcome is Outcome.PASSED


def not_started(observed: str, expected: str = "") -> Finding:
    """The finding where nothing of the exercise is on the engine."""
    return Finding(Outcome.NOT_STARTED, observed, expected)


def not_yet(observed: str, expected: str, question: str) -> Finding:
    """The finding where something is there and the goal is not reached."""
    return Finding(Outcome.NOT_YET, observed, expected, question)


def passed(observed: str) -> Finding:
    """The finding where the goal is reached."""
    return Finding(Outcome.PASSED, observed)


def unknown(observed: str, next_step: str) -> Finding:
    """The finding where the engine could not be asked."""
    return Finding(Outcome.UNKNOWN, observed, question=next_step)


@dataclass(frozen=True)
class Exercise(Generic[Engine]):
    """One exercise; `check` reads the engine and changes nothing there.

    A hint is a text, or a function of the engine that gives one. `starter` and `solution` are the
    source of a code cell. `names` are what the exercise makes on the engine. Where `check` must
    wait for something (a process to end, an app to answer), `seconds` is how long it may take.
    """

    number: str
    title: str
    goal: str
    starter: str
    solution: str
    check: Callable[[Engine], Finding]
    hints: tuple[str | Callable[[Engine], str], ...]
    names: tuple[str, ...] = ()
    seconds: float = 8

    @property
    def key(self) -> str:
        """Its number, under the name that everything with an entry in the progress has."""
        return self.number

    def hint(self, index: int, engine: Engine) -> str:
        """The hint of that index from 0; the last one where there are no more."""
        chosen = self.hints[min(index, len(self.hints) - 1)]
        return chosen if isinstance(chosen, str) else chosen(engine)

    @property
    def hints_shown(self) -> tuple[str | None, ...]:
        """The hints that are texts; None for those that must look at the engine first."""
        return tuple(hint if isinstance(hint, str) else None for hint in self.hints)
