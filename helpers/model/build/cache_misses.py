"""Why a step of a build did not come from the cache.

Docker's documentation, "Build cache invalidation": a step is taken from the cache when the step
before it was, its instruction is the same, and the files that it copies have the same content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from helpers.model.build.copied_files import copied
from helpers.model.build.dockerfile import Dockerfile, Instruction, Stage, read_dockerfile
from helpers.model.build.inputs import BuildInputs, changed_files
from helpers.model.build.step import BuildStep
from helpers.model.image.digest import short_id
from helpers.outside import visible_repr

Cause = Literal[
    "first build", "no cache", "instruction", "argument", "base", "files", "earlier step", "gone"
]
# What else than steps decides what a step does; LABEL, EXPOSE, CMD and the like do not.
_MATTERS = frozenset(("FROM", "RUN", "COPY", "ADD", "WORKDIR", "ENV", "ARG", "USER", "SHELL"))
_LISTED_FILES = 5


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

    @visible_repr
    def __repr__(self) -> str:
        line = f"line {self.step.line}: " if self.step.line else ""
        return f"{line}{self.reason}"


def misses_of(
    steps: Sequence[BuildStep], inputs: BuildInputs, earlier: BuildInputs | None
) -> tuple[Miss, ...]:
    """Why each step that ran did, in the order of the steps."""
    ran = [step for step in steps if _has_run(step)]
    if inputs.no_cache:
        return tuple(Miss(s, "no cache", "The cache was switched off (--no-cache).") for s in ran)
    if earlier is None:
        return tuple(Miss(s, "first build", "No earlier build of it is known.") for s in ran)
    compared = _Compared(inputs, earlier, steps)
    return tuple(compared.miss(step) for step in ran)


class _Compared:
    """Two builds' inputs side by side."""

    def __init__(
        self, inputs: BuildInputs, earlier: BuildInputs, steps: Sequence[BuildStep]
    ) -> None:
        self._inputs, self._earlier = inputs, earlier
        self._now, self._then = (
            read_dockerfile(inputs.dockerfile),
            read_dockerfile(earlier.dockerfile),
        )
        self._steps = steps

    def miss(self, step: BuildStep) -> Miss:
        """Why that step ran: the first reason that holds."""
        if before := self._ran_before(step):
            where = f"line {before.line}" if before.line else "the step before"
            reason = f"It builds on {where}, which ran again."
            return Miss(step, "earlier step", reason, after=before)
        instruction = _at(self._now, step.line)
        if instruction is None:
            return Miss(step, "gone", "The engine has it in its cache no longer.")
        return (
            self._base(step, instruction)
            or self._instruction(step, instruction)
            or self._argument(step, instruction)
            or self._files(step, instruction)
            or Miss(step, "gone", "The engine has it in its cache no longer.")
        )

    def _ran_before(self, step: BuildStep) -> BuildStep | None:
        """A step that it builds on and that ran; by the builder's word, or else by order."""
        ran = [other for other in self._steps if _has_run(other)]
        if step.inputs:
            return next((other for other in ran if other.digest in step.inputs), None)
        same = [s for s in ran if s.stage == step.stage and (s.line or 0) < (step.line or 0)]
        return same[-1] if same else None

    def _base(self, step: BuildStep, instruction: Instruction) -> Miss | None:
        image = self._now.stages[instruction.stage].image
        for name, identity in self._inputs.bases.items():
            was = self._earlier.bases.get(name)
            if was and was != identity and (name == image or "$" in image):
                reason = f"{name} is another image than before: {short_id(was)}, now "
                return Miss(step, "base", f"{reason}{short_id(identity)}.")
        return None

    def _instruction(self, step: BuildStep, instruction: Instruction) -> Miss | None:
        """The first instruction, up to this one, that is not what it was."""
        stage = self._stage_then(instruction)
        if stage is None:
            return Miss(step, "instruction", "Its stage is new.")
        now = _mattering(self._now.stages[instruction.stage])
        then = _mattering(stage)
        for position, mine in enumerate(now):
            was = then[position] if position < len(then) else None
            if was is None or (mine.text, mine.heredoc) != (was.text, was.heredoc):
                return Miss(step, "instruction", _difference(mine, was, instruction, then))
            if mine is instruction:
                break
        return None

    def _argument(self, step: BuildStep, instruction: Instruction) -> Miss | None:
        for argument in self._now.instructions:
            in_scope = (
                argument.stage in (-1, instruction.stage) and argument.line < instruction.line
            )
            if argument.keyword != "ARG" or not in_scope:
                continue
            for word in argument.arguments.split():
                name = word.partition("=")[0]
                if instruction.keyword != "RUN" and not _uses(instruction.text, name):
                    continue
                if self._inputs.arguments.get(name) != self._earlier.arguments.get(name):
                    reason = f"The build argument {name} has another value than before."
                    return Miss(step, "argument", reason)
        return None

    def _files(self, step: BuildStep, instruction: Instruction) -> Miss | None:
        now = copied(instruction, self._inputs.files)
        then = copied(instruction, self._earlier.files)
        changes = changed_files(
            {path: self._inputs.files[path] for path in now},
            {path: self._earlier.files[path] for path in then},
        )
        if not changes:
            return None
        return Miss(step, "files", _sentence(changes), tuple(changes))

    def _stage_then(self, instruction: Instruction) -> Stage | None:
        called = self._then.stage_called(self._now.stage_label(instruction.stage))
        if called:
            return called
        same = [s for s in self._then.stages if s.number == instruction.stage]
        return same[0] if same else None


def _has_run(step: BuildStep) -> bool:
    return step.started_seconds is not None and step.status in ("done", "failed", "running")


def _at(dockerfile: Dockerfile, line: int | None) -> Instruction | None:
    return next((one for one in dockerfile.instructions if one.line == line), None)


def _uses(text: str, name: str) -> bool:
    return re.search(rf"\$(?:{re.escape(name)}\b|\{{{re.escape(name)}\b)", text) is not None


def _mattering(stage: Stage) -> list[Instruction]:
    return [instruction for instruction in stage.instructions if instruction.keyword in _MATTERS]


def _difference(
    mine: Instruction, was: Instruction | None, step: Instruction, then: Sequence[Instruction]
) -> str:
    """What an instruction was, in a sentence about the step."""
    where = "It" if mine is step else f"Line {mine.line}, above it,"
    is_old = any(other.text == mine.text for other in then)
    if was is None:
        return f"{where} is new."
    if is_old:
        return f"{where} has moved: `{_brief(was.text)}` stood there before."
    if was.keyword != mine.keyword:
        return f"{where} is new: `{_brief(was.text)}` stood there before."
    if was.text == mine.text:
        return f"{where} has other lines below it than before."
    return f"{where} was `{_brief(was.text)}`."


def _sentence(changes: dict[str, str]) -> str:
    """The changes in a sentence: 'app.py changed, notes.txt is new.'"""
    words = {"changed": "changed", "new": "is new", "gone": "is gone"}
    phrases = [f"{path} {words[kind]}" for path, kind in list(changes.items())[:_LISTED_FILES]]
    if len(changes) > _LISTED_FILES:
        phrases.append(f"and {len(changes) - _LISTED_FILES} more")
    return f"{', '.join(phrases)}."


def _brief(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
