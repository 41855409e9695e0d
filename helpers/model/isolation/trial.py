"""What came of trying a capability: what the kernel let the act do, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpers.model.isolation.acts import Act

_MOST_LETTERS = 300
_NO = ("ermitted", "ermission denied", "denied")
_ANYONE = "here anyone may"
_MISSING = ("applet not found", "not found", "no other user")
_NO_TOOL_CODES = (126, 127)


class Outcome(StrEnum):
    """How an act ended."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    ANYONE = "allowed to anyone"
    UNCLEAR = "unclear"
    UNTRIED = "not tried"


@dataclass(frozen=True)
class Trial:
    """One capability tried in one container; `where` says in which process.

    `answer` are the words that came of it, `line` is what was run, `note` a sentence on what that
    means beside the lamp.
    """

    cap: str
    outcome: Outcome
    answer: str = ""
    line: str = ""
    where: str = ""
    note: str = ""
    effective: frozenset[str] | None = None


def outcome_of(act: Act, exit_code: int | None, answer: str) -> Outcome:
    """How the act ended, by its exit code (None: it never did) and what it printed."""
    if exit_code in _NO_TOOL_CODES and any(words in answer for words in _MISSING):
        return Outcome.UNTRIED
    if exit_code is None:
        return Outcome.UNCLEAR
    passed = exit_code == 0 or any(words in answer for words in act.passes)
    if passed:
        return Outcome.ANYONE if _ANYONE in answer else Outcome.ALLOWED
    return Outcome.REFUSED if any(words in answer for words in _NO) else Outcome.UNCLEAR


def answer_in(output: str) -> str:
    """What an act printed, as one short text."""
    lines = [" ".join(line.split()) for line in output.splitlines() if line.strip()]
    text = " / ".join(lines)
    return f"{text[: _MOST_LETTERS - 1]}…" if len(text) > _MOST_LETTERS else text


def note_on(outcome: Outcome, expected: bool | None, exit_code: int | None = 0) -> str:
    """What it means where an act does not end as the lamp says, or not as acts do; else empty."""
    if outcome is Outcome.ANYONE and expected is False:
        return "It is allowed without the capability, as the first words say."
    if outcome is Outcome.ALLOWED and expected is False:
        return "It is allowed without the capability: something else lets it."
    if outcome in (Outcome.ALLOWED, Outcome.REFUSED) and expected is None:
        return "This act alone does not tell: another capability plays a part."
    if outcome is Outcome.REFUSED and expected is True:
        return "The capability is there, and something else says no: seccomp, AppArmor or SELinux."
    if outcome is Outcome.ALLOWED and exit_code != 0:
        return "The right was there; what failed afterwards was meant to fail."
    return ""


def agrees(trial: Trial, expected: bool | None) -> bool | None:
    """Whether the act ended as the capabilities say; None where it cannot tell."""
    if expected is None or trial.outcome not in (Outcome.ALLOWED, Outcome.REFUSED):
        return None
    return (trial.outcome is Outcome.ALLOWED) is expected
