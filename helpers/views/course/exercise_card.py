"""An exercise to look at: its card, what a check found, a hint, the solution."""

from __future__ import annotations

from html import escape
from typing import Any

from helpers.model.course.exercise import Exercise, Finding, Outcome
from helpers.views.kit.inert import inert_html
from helpers.views.kit.live_card import CardContent, Note
from helpers.views.kit.marked import folded_html, marked_html
from helpers.views.kit.page import Page, alert, box

MARKS = {
    Outcome.NOT_STARTED: ("info", "○ not started"),
    Outcome.NOT_YET: ("warning", "◐ not yet"),
    Outcome.PASSED: ("success", "● passed"),
    Outcome.UNKNOWN: ("danger", "? could not look"),
}
PASSED_BEFORE = "You passed this one before, and that counts."
CALLS = "ex.check()   ex.hint()   ex.solution()"
_LOOKS_FIRST = "It looks at your engine first: call `ex.hint()`."


def card_title(exercise: Exercise[Any]) -> str:
    """'Exercise 00.1: A container that stays'."""
    return f"Exercise {exercise.number}: {exercise.title}"


def card_page(exercise: Exercise[Any], finding: Finding) -> Page:
    """The goal, where it stands, and what can be called; hints and solution are folded away."""
    kind, mark = MARKS[finding.outcome]
    title = card_title(exercise)
    hints = (
        folded_html(f"Hint {at + 1} of {len(exercise.hints)}", f"<p>{marked_html(text)}</p>")
        for at, text in enumerate(hint or _LOOKS_FIRST for hint in exercise.hints_shown)
    )
    solution = folded_html("A solution", f"<pre>{escape(exercise.solution)}</pre>")
    html = (
        f"<p><b>{inert_html(title)}</b> · {mark}</p><p>{marked_html(exercise.goal)}</p>"
        f"<p><code>{CALLS}</code></p>{''.join(hints)}{solution}"
    )
    return Page(box(kind, html), f"{title} · {mark}\n{exercise.goal}\n{CALLS}")


def card_content(exercise: Exercise[Any]) -> CardContent:
    """The same for a live card."""
    buttons = (("check", "Check"), ("hint", "Hint"), ("solution", "Show a solution"))
    return CardContent(card_title(exercise), buttons, exercise.goal, exercise.starter)


def hint_label(seen: int, count: int) -> str:
    """The label of the button for the next hint."""
    return f"Hint {seen + 1} of {count}" if seen < count else f"Hint {count} of {count} again"


def finding_lines(finding: Finding, *more: str) -> tuple[str, ...]:
    """The outcome, what was observed, what was expected, and the question."""
    lines = [MARKS[finding.outcome][1], f"Observed: {finding.observed}"]
    if finding.expected and not finding.passed:
        lines.append(f"Expected: {finding.expected.rstrip('.')}.")
    return (*lines, *filter(None, (finding.question, *more)))


def finding_page(exercise: Exercise[Any], finding: Finding, *more: str) -> Page:
    """The same as a page, with the exercise's number; `more` are further lines."""
    first, *others = finding_lines(finding, *more)
    return alert(MARKS[finding.outcome][0], f"{first}: exercise {exercise.number}", *others)


def hint_note(index: int, count: int, text: str, *more: str) -> Note:
    """One hint with its place among them, on a live card; `more` are further lines."""
    return Note((f"Hint {index + 1} of {count}", text, *more))


def hint_page(index: int, count: int, text: str) -> Page:
    """The same as a page."""
    return alert("info", f"Hint {index + 1} of {count}: {text}")


def solution_note(exercise: Exercise[Any]) -> Note:
    """The source of a cell that solves it, on a live card."""
    return Note(("A solution. There are others.",), exercise.solution)


def solution_page(exercise: Exercise[Any]) -> Page:
    """The source of a cell that solves it."""
    return Page(f"<pre>{escape(exercise.solution)}</pre>", exercise.solution)
