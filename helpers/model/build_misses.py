"""Why a step of a build did not come from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from helpers.model.build_inputs import BuildInputs
from helpers.model.build_step import BuildStep

Cause = Literal[
    "first build", "no cache", "instruction", "argument", "base", "files", "earlier step", "gone"
]


@dataclass(frozen=True)
class Miss:
    """A step that ran, and why: the `cause` in a word, `reason` in a sentence.

    `files` are the paths in the context that changed, came or went, `after` the earlier step that
    it follows where that is the cause.
    """

    step: BuildStep
    cause: Cause
    reason: str
    files: tuple[str, ...] = ()
    after: BuildStep | None = None

    def __repr__(self) -> str:
        return self.reason


def misses_of(
    steps: Sequence[BuildStep], inputs: BuildInputs, earlier: BuildInputs | None
) -> tuple[Miss, ...]:
    """Why each step that ran did, in the order of the steps."""
    ran = [step for step in steps if step.status in ("done", "failed", "running")]
    return tuple(_miss(step, inputs, earlier) for step in ran)


def _miss(step: BuildStep, inputs: BuildInputs, earlier: BuildInputs | None) -> Miss:
    if inputs.no_cache:
        return Miss(step, "no cache", "The cache was switched off (--no-cache).")
    if earlier is None:
        return Miss(step, "first build", "No earlier build of it is known.")
    return Miss(step, "gone", "The engine has it in its cache no longer.")
