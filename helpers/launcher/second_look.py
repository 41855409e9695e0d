"""Tests that failed beside others, run once more with the machine to themselves.

A lesson beside a lesson on two cores can be late for a reason that is not its own, and whoever
waits half an hour for an answer wants to know which it is. What fails again has failed; what then
passes is named, so that somebody finds out what it was late for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

# More than a few at once are no accident.
MOST_TESTS = 8


def worth_repeating(failures: Path, parts: Sequence[str]) -> list[str]:
    """The failed tests of that file where a second look is worth it, else none.

    Only tests in `parts`, which use an engine or a browser, can have been late: where another one
    failed too, or too many did, the run has failed.
    """
    if not failures.is_file():
        return []
    tests: list[str] = json.loads(failures.read_text(encoding="utf-8"))
    prefixes = tuple(f"{part}/" for part in parts)
    is_worth_it = len(tests) <= MOST_TESTS and all(test.startswith(prefixes) for test in tests)
    return tests if is_worth_it else []


def announcement(tests: Sequence[str]) -> str:
    """What is said before they run again."""
    return "\n".join(
        [
            f"\nFailed beside others: {len(tests)}. Once more, with the machine to themselves:",
            *(f"  {test}" for test in tests),
        ]
    )


def verdict(tests: Sequence[str], status: int) -> str:
    """What is said afterwards, by pytest's exit status."""
    if status:
        return "\nNot an accident: it fails alone as well."
    lines = (f"UNSTEADY {test}: failed beside others, passed alone" for test in tests)
    return "\n".join(["", *lines])
