"""A Dockerfile taken apart: its instructions with their lines, its stages.

Only what a report needs. The builder's own parser is the judge of what is right; whatever this
one does not understand it passes over.
Source: the Dockerfile reference, and BuildKit's frontend/dockerfile/parser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from helpers.model.build.dockerfile_lines import directives_of, escape_of, first_word, logical_lines
from helpers.model.build.instruction_words import Flag, split_flags, without_keyword, words_of

# The instructions that BuildKit shows as steps; the others only set what the image says of itself.
STEPS = frozenset(("FROM", "RUN", "COPY", "ADD", "WORKDIR"))


@dataclass(frozen=True)
class Instruction:
    """One instruction: `text` in one line as it was written, `line` its first line, from 1.

    `last_line` is the one that it ends with, 0 where that is not known; `stage` is the number of
    its stage from 0, -1 before the first FROM. `heredoc` is the text that follows it in lines of
    its own.
    """

    keyword: str
    text: str
    line: int
    stage: int = -1
    heredoc: str = ""
    last_line: int = 0

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """Its flags, without their quotes."""
        return self._parts[0]

    @property
    def arguments(self) -> str:
        """What follows the keyword and the flags."""
        return self._parts[1]

    def values(self, flag: str) -> list[str]:
        """The values of the flags of that name, in order."""
        return [one.value for one in self.flags if one.name == flag]

    @cached_property
    def _parts(self) -> tuple[tuple[Flag, ...], str]:
        return split_flags(without_keyword(self.text))

    @property
    def is_step(self) -> bool:
        """Whether BuildKit shows it as a step."""
        return self.keyword in STEPS


@dataclass(frozen=True)
class Stage:
    """One FROM and what follows it; `name` is "" for one without AS.

    `is_on_image` says whether it builds on an image: not on an earlier stage, not on scratch.
    """

    number: int
    image: str
    name: str
    instructions: tuple[Instruction, ...]
    is_on_image: bool = True

    @property
    def steps(self) -> tuple[Instruction, ...]:
        """The instructions that are steps; the first is the FROM where it is on an image."""
        steps = tuple(instruction for instruction in self.instructions if instruction.is_step)
        return steps if self.is_on_image else steps[1:]


@dataclass(frozen=True)
class Dockerfile:
    """Its text, and the instructions in it in order."""

    text: str
    instructions: tuple[Instruction, ...]

    @cached_property
    def escape(self) -> str:
        """The character that escapes in it."""
        return escape_of(self.text)

    @cached_property
    def frontend(self) -> str:
        """The image that reads it in place of the builder's own parser; "" for none."""
        return directives_of(self.text).get("syntax", "").partition(" ")[0]

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in order."""
        numbers = sorted({one.stage for one in self.instructions} - {-1})
        stages: list[Stage] = []
        for number in numbers:
            stage = self._stage(number)
            others = {other.name for other in stages if other.name} | {"scratch"}
            stages.append(replace(stage, is_on_image=stage.image.lower() not in others))
        return tuple(stages)

    def stage_label(self, number: int) -> str:
        """What BuildKit calls a stage: its name, `stage-N`, or "" for an only one without a name.

        Source: BuildKit, frontend/dockerfile/dockerfile2llb.
        """
        stages = self.stages
        return stages[number].name or (f"stage-{number}" if len(stages) > 1 else "")

    def stage_called(self, label: str) -> Stage | None:
        """The stage that BuildKit calls so, where there is one.

        Newer ones call a stage that is alone and unnamed `stage-0` where a RUN of it has mounts,
        and leave out the name of one that is alone.
        """
        wanted = label.lower()
        for stage in self.stages:
            names = {self.stage_label(stage.number), stage.name or f"stage-{stage.number}"}
            if wanted in names or (not wanted and len(self.stages) == 1):
                return stage
        return None

    def _stage(self, number: int) -> Stage:
        own = tuple(one for one in self.instructions if one.stage == number)
        words = words_of(own[0].arguments)
        if len(words) == 3 and words[1].upper() == "AS":
            return Stage(number, words[0], words[2].lower(), own)
        return Stage(number, words[0] if len(words) == 1 else "", "", own)


def read_dockerfile(text: str) -> Dockerfile:
    """The Dockerfile of that text; nothing is raised for what is wrong in it."""
    instructions: list[Instruction] = []
    stage = -1
    for line in logical_lines(text):
        keyword = first_word(line.text)
        stage += keyword == "FROM"
        instructions.append(
            Instruction(keyword, line.text, line.number, stage, line.heredoc, line.last)
        )
    return Dockerfile(text, tuple(instructions))
