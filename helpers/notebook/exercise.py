"""`exercise("00.1")`: an exercise in a notebook, judged by the state of the engine."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

from helpers.exercises import coursework_of
from helpers.model.course.coursework import find_task
from helpers.model.course.exercise import Exercise, Finding, Outcome
from helpers.model.course.progress import Kind
from helpers.notebook.look import hint_text, look
from helpers.notebook.progress import keep, progress_file
from helpers.views.course.exercise_card import (
    MARKS,
    PASSED_BEFORE,
    card_content,
    card_page,
    finding_lines,
    finding_page,
    hint_label,
    hint_note,
    hint_page,
    solution_note,
    solution_page,
)
from helpers.views.kit.live_card import CardState, LiveCard, Note
from helpers.views.kit.mode import is_live
from helpers.views.kit.page import Page


class NotebookExercise:
    """An exercise with its card; none of its methods raises or changes what the learner made."""

    def __init__(self, exercise: Exercise[Any]) -> None:
        self._exercise = exercise
        self._finding: Finding | None = None
        self._notes: dict[str, Note] = {}
        self._hints_seen = 0
        self._card = LiveCard(card_content(exercise), self._clicked)
        self._turn = threading.RLock()

    def __repr__(self) -> str:
        return self._page().text

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        page = self._page()
        if not is_live():
            return page._repr_mimebundle_()
        self._card.show(self._state())
        return self._card.bundle(page)

    def check(self) -> Page:
        """Whether the goal is reached: what was observed, expected, and a question that helps."""
        with self._turn:
            finding, more = self._judged()
            self._card.show(self._state())
        return finding_page(self._exercise, finding, *more)

    def hint(self) -> Page:
        """The next hint; the last one again once all were seen."""
        with self._turn:
            index, text = self._next_hint()
            self._card.show(self._state())
        return hint_page(index, len(self._exercise.hints), text)

    def solution(self) -> Page:
        """A cell that solves it."""
        with self._turn:
            self._notes["solution"] = solution_note(self._exercise)
            self._card.show(self._state())
        return solution_page(self._exercise)

    def _page(self) -> Page:
        self._finding = look(self._exercise)
        return card_page(self._exercise, self._finding)

    def _clicked(self, what: str, _: object) -> CardState:
        """The state of the card after a click on one of its buttons."""
        {"check": self.check, "hint": self.hint, "solution": self.solution}[what]()
        return self._state()

    def _judged(self) -> tuple[Finding, tuple[str, ...]]:
        """The finding, and what there is to say of keeping it."""
        self._finding = finding = look(self._exercise)
        more: tuple[str, ...] = ()
        if finding.outcome in (Outcome.NOT_YET, Outcome.PASSED):
            more = keep(Kind.EXERCISE, self._exercise.key, finding.outcome.value)
        now = f"{datetime.now():%H:%M:%S}"
        self._notes["check"] = Note(finding_lines(finding, *more), at=now)
        return finding, more

    def _next_hint(self) -> tuple[int, str]:
        count = len(self._exercise.hints)
        index = min(self._hints_seen, count - 1)
        text = hint_text(self._exercise, index)
        self._hints_seen = index + 1
        more = keep(Kind.HINT, self._exercise.key, index + 1)
        self._notes[f"hint {index}"] = hint_note(index, count, text, *more)
        return index, text

    def _state(self) -> CardState:
        """The card: the outcome on top, then hints in order, then the solution."""
        kind, mark = MARKS[self._finding.outcome] if self._finding else ("info", "")
        label = hint_label(self._hints_seen, len(self._exercise.hints))
        notes = tuple(self._notes[name] for name in sorted(self._notes))
        before = () if "check" in self._notes else self._before()
        return CardState(kind, mark, (*before, *notes), {"hint": label})

    def _before(self) -> tuple[Note, ...]:
        """A word for whoever passed it on another day, and has cleaned up since."""
        reached = progress_file().standing().outcomes.get(self._exercise.key)
        passed_now = self._finding is not None and self._finding.passed
        return (Note((PASSED_BEFORE,)),) if reached is Outcome.PASSED and not passed_now else ()


def exercise(number: str) -> NotebookExercise:
    """The exercise of that number ('00.1'); raises InvalidInput where there is none."""
    return NotebookExercise(find_task("exercise", number, coursework_of(number).exercises))
