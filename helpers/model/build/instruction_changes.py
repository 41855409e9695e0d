"""What is different in the instructions that a step depends on, in words about the step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from helpers.model.build.dockerfile import Dockerfile, Instruction, Stage
from helpers.model.build.dockerfile_lines import BLANKS

# What says how an image is and what runs in it; LABEL, EXPOSE, CMD and the like do not.
_FILES = frozenset(("FROM", "RUN", "COPY", "ADD"))
_SURROUNDINGS = frozenset(("WORKDIR", "ENV", "ARG", "USER", "SHELL"))
_NAME = re.compile(r"\$\{?([^\W\d]\w*)")


class InstructionChanges:
    """Two Dockerfiles side by side; each answer is a sentence, "" where nothing is different."""

    def __init__(self, now: Dockerfile, then: Dockerfile) -> None:
        self._now, self._then = now, then

    def of_stage(self, step: Instruction) -> str:
        """Whether its stage is new."""
        return "" if self._stage_then(step) else "Its stage is new."

    def up_to(self, step: Instruction) -> str:
        """The first instruction, up to this one, that decides what it does and is another."""
        return self._first_change(step, lambda other: matters(other, step))

    def anywhere_above(self, step: Instruction) -> str:
        """Any other difference above it: the classic builder begins anew after each."""
        change = self._first_change(step, lambda other: other.keyword in _FILES | _SURROUNDINGS)
        return f"Perhaps by what is above it: {change[:1].lower()}{change[1:]}" if change else ""

    def _first_change(self, step: Instruction, counts: Callable[[Instruction], bool]) -> str:
        stage = self._stage_then(step)
        if stage is None:
            return ""
        now = [one for one in self._now.stages[step.stage].instructions if counts(one)]
        then = [one for one in stage.instructions if counts(one)]
        for position, mine in enumerate(now):
            was = then[position] if position < len(then) else None
            if was is None or (mine.text, mine.heredoc) != (was.text, was.heredoc):
                return _difference(mine, was, step, now, then)
            if mine is step:
                break
        return ""

    def _stage_then(self, step: Instruction) -> Stage | None:
        called = self._then.stage_called(self._now.stage_label(step.stage))
        if called:
            return called
        same = [s for s in self._then.stages if s.number == step.stage]
        return same[0] if same else None


def matters(other: Instruction, step: Instruction) -> bool:
    """Whether an instruction decides what the step does: RUN sees all that is set above it, COPY
    and ADD the folder that they copy into, and the variables that they name.
    """
    if other is step or other.keyword in _FILES:
        return True
    if other.keyword not in _SURROUNDINGS:
        return False
    if step.keyword == "RUN" or other.keyword == "WORKDIR":
        return True
    return other.keyword in ("ENV", "ARG") and bool(names_used(step.text) & set(_set_by(other)))


def names_used(text: str) -> set[str]:
    """The variables that a text names."""
    return set(_NAME.findall(text))


def _set_by(instruction: Instruction) -> Iterator[str]:
    """The names that ARG or ENV may set, in either of ENV's forms."""
    for word in instruction.arguments.split():
        yield word.partition("=")[0]


def _difference(
    mine: Instruction,
    was: Instruction | None,
    step: Instruction,
    now: Sequence[Instruction],
    then: Sequence[Instruction],
) -> str:
    """What an instruction was, in a sentence about the step."""
    where = "It" if mine is step else f"Line {mine.line}, above it,"
    if was is None:
        return f"{where} is new."
    if was.text == mine.text:
        return f"{where} has other lines below it than before."
    if any(other.text == mine.text for other in then):
        if any(other.text == was.text for other in now):
            return f"{where} has moved: `{_brief(was.text)}` stood there before."
        return f"`{_brief(was.text)}`, which stood before it, is gone."
    if was.keyword != mine.keyword:
        return f"{where} is new: `{_brief(was.text)}` stood there before."
    return f"{where} was `{_brief(was.text)}`."


def _brief(text: str) -> str:
    line = text.strip(BLANKS)
    return line if len(line) <= 60 else f"{line[:59]}…"
