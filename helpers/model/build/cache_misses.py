"""Why a step of a build did not come from the cache.

Docker's documentation, "Build cache invalidation": a step is taken from the cache when the step
before it was, its instruction is the same, and the files that it copies have the same content.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpers.model.build.copied_files import copied
from helpers.model.build.dockerfile import Dockerfile, Instruction, read_dockerfile
from helpers.model.build.inputs import BuildInputs, changed_files
from helpers.model.build.instruction_changes import InstructionChanges
from helpers.model.build.miss import Cause, Miss
from helpers.model.build.other_values import changed_argument, changed_base
from helpers.model.build.step import BuildStep

_LISTED_FILES = 5


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
        self._inputs, self._earlier, self._steps = inputs, earlier, steps
        self._now = read_dockerfile(inputs.dockerfile)
        self._then = read_dockerfile(earlier.dockerfile)
        self._changes = InstructionChanges(self._now, self._then)

    def miss(self, step: BuildStep) -> Miss:
        """Why that step ran: the first reason that holds."""
        if before := self._ran_before(step):
            where = f"line {before.line}" if before.line else "the step before"
            reason = f"It builds on {where}, which ran again."
            return Miss(step, "earlier step", reason, after=before)
        instruction = _at(self._now, step.line)
        if instruction is None:
            return _unknown(step)
        own = instruction
        return (
            self._because(step, "instruction", self._changes.of_stage(own))
            or self._because(step, "base", changed_base(own, self._now, *self._both))
            or self._because(step, "argument", changed_argument(own, self._now, *self._both))
            or self._because(step, "instruction", self._changes.up_to(own))
            or self._because(step, "option", self._option(own))
            or self._files(step, own)
            or self._because(step, "instruction", self._changes.anywhere_above(own))
            or _unknown(step)
        )

    @property
    def _both(self) -> tuple[BuildInputs, BuildInputs]:
        return self._inputs, self._earlier

    @staticmethod
    def _because(step: BuildStep, cause: Cause, reason: str) -> Miss | None:
        return Miss(step, cause, reason) if reason else None

    def _ran_before(self, step: BuildStep) -> BuildStep | None:
        """A step that it builds on and that ran; by the builder's word, or else by order."""
        ran = [other for other in self._steps if _has_run(other)]
        if step.inputs:
            return next((other for other in ran if other.digest in step.inputs), None)
        same = [s for s in ran if s.stage == step.stage and (s.line or 0) < (step.line or 0)]
        return same[-1] if same else None

    def _option(self, instruction: Instruction) -> str:
        """An option of the command that the step depends on, and that is another than before."""
        for name, now, was in (
            ("--platform", self._inputs.platform, self._earlier.platform),
            ("--network", self._inputs.network, self._earlier.network),
        ):
            if now != was and (name != "--network" or instruction.keyword == "RUN"):
                texts = (f"`{name} {value}`" if value else f"no `{name}`" for value in (now, was))
                return "It was built with {}, before with {}.".format(*texts)
        return ""

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


def _unknown(step: BuildStep) -> Miss:
    """Nothing that is known has changed; what is not known (a secret, a URL) may have."""
    return Miss(step, "gone", "Perhaps the engine has it in its cache no longer.")


def _has_run(step: BuildStep) -> bool:
    return step.started_seconds is not None and step.status in ("done", "failed", "running")


def _at(dockerfile: Dockerfile, line: int | None) -> Instruction | None:
    return next((one for one in dockerfile.instructions if one.line == line), None)


def _sentence(changes: dict[str, str]) -> str:
    """The changes in a sentence: 'app.py changed, notes.txt is new.'"""
    words = {"changed": "changed", "new": "is new", "gone": "is gone"}
    phrases = [f"{path} {words[kind]}" for path, kind in list(changes.items())[:_LISTED_FILES]]
    if len(changes) > _LISTED_FILES:
        phrases.append(f"and {len(changes) - _LISTED_FILES} more")
    return f"{', '.join(phrases)}."
