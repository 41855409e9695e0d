"""Two builds side by side: step by step, and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from helpers.model.build.step import BuildStep
from helpers.model.text.units import format_bytes, format_seconds

if TYPE_CHECKING:
    from helpers.model.build.report import BuildReport


@dataclass(frozen=True)
class ComparedStep:
    """A step in both builds; one of them is None where only the other has it."""

    before: BuildStep | None
    after: BuildStep | None

    @property
    def title(self) -> str:
        """The step's instruction."""
        step = self.after or self.before
        return step.title if step else ""

    @property
    def seconds(self) -> tuple[float | None, float | None]:
        """How long it took in each; 0 from the cache, None where it is not in that build."""
        return _seconds(self.before), _seconds(self.after)

    @property
    def cached(self) -> tuple[bool | None, bool | None]:
        """Whether each took it from the cache; None where it is not in that build."""
        return (
            None if self.before is None else self.before.cached,
            None if self.after is None else self.after.cached,
        )


@dataclass(frozen=True)
class BuildComparison:
    """A build and a later one: `steps` in order, and the whole of both as (before, after)."""

    before: BuildReport
    after: BuildReport
    steps: tuple[ComparedStep, ...]

    @property
    def seconds(self) -> tuple[float, float]:
        """How long both took."""
        return self.before.seconds, self.after.seconds

    @property
    def cached(self) -> tuple[int, int]:
        """How many steps came from the cache."""
        return self.before.cached, self.after.cached

    @property
    def size_bytes(self) -> tuple[int, int]:
        """The images' sizes, in bytes."""
        return self.before.size_bytes, self.after.size_bytes

    @property
    def layer_count(self) -> tuple[int, int]:
        """The images' numbers of layers."""
        return self.before.layer_count, self.after.layer_count

    def __repr__(self) -> str:
        rows = [(row.title, *map(_shown, (row.before, row.after))) for row in self.steps]
        rows += [
            ("all", *map(format_seconds, self.seconds)),
            ("size", *map(format_bytes, self.size_bytes)),
            ("layers", *map(str, self.layer_count)),
        ]
        width = max(len(_short(row[0])) for row in rows)
        return "\n".join(f"{_short(a):{width}}  {b:>9}  {c:>9}" for a, b, c in rows)


def compared_builds(before: BuildReport, after: BuildReport) -> BuildComparison:
    """The two builds with their steps paired: the same instruction of the same stage, in order."""
    return BuildComparison(before, after, tuple(_paired(before.own_steps, after.own_steps)))


def _paired(before: Sequence[BuildStep], after: Sequence[BuildStep]) -> list[ComparedStep]:
    rows: list[ComparedStep] = []
    matcher = SequenceMatcher(
        None, [step.place for step in before], [step.place for step in after], autojunk=False
    )
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        left, right = before[start:end], after[other_start:other_end]
        if kind == "equal":
            rows += [ComparedStep(a, b) for a, b in zip(left, right, strict=True)]
        else:
            rows += [ComparedStep(step, None) for step in left]
            rows += [ComparedStep(None, step) for step in right]
    return rows


def _seconds(step: BuildStep | None) -> float | None:
    return None if step is None else step.seconds


def _shown(step: BuildStep | None) -> str:
    if step is None:
        return "–"
    return format_seconds(step.seconds) if step.status == "done" else step.status


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
