"""A step that ran although a build before it may have left it in the cache, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from helpers.model.build.step import BuildStep
from helpers.outside import visible_repr

Cause = Literal[
    "first build", "no cache", "instruction", "argument", "option", "base", "files",
    "earlier step", "gone",
]  # fmt: skip


@dataclass(frozen=True)
class Miss:
    """A step that ran, and why: the `cause` in a word, `reason` in a sentence.

    `files` are the paths in the context that changed, came or went, `after` the earlier step that
    it follows where that is the cause. A reason that is a guess begins with "Perhaps".
    """

    step: BuildStep
    cause: Cause
    reason: str
    files: tuple[str, ...] = ()
    after: BuildStep | None = None

    @visible_repr
    def __repr__(self) -> str:
        line = f"line {self.step.line}: " if self.step.line else ""
        return f"{line}{self.reason}"
