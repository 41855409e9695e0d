"""A Dockerfile taken apart: its instructions with their lines, its stages.

Only what a report needs. The builder's own parser is the judge of what is right; whatever this
one does not understand it passes over.
Source: the Dockerfile reference, and BuildKit's frontend/dockerfile/parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

# The instructions that BuildKit shows as steps; the others only set what the image says of itself.
STEPS = frozenset(("FROM", "RUN", "COPY", "ADD", "WORKDIR"))
_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$")
_STAGE = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$", re.IGNORECASE)
# A word as a shell reads it, its quotes kept; the space after << belongs to it.
_WORD = re.compile(r"""(?:<<\s*|\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+""")
_HEREDOC = re.compile(r"\d*<<(-?)\s*([^<]+)")
_QUOTING = re.compile(r"""\\(.)|['"]""")
_TAKES_HEREDOC = frozenset(("RUN", "COPY", "ADD"))


@dataclass(frozen=True)
class Instruction:
    """One instruction: `text` in one line as it was written, `line` its first line, from 1.

    `stage` is the number of its stage from 0, -1 before the first FROM. `heredoc` is the text
    that follows it in lines of its own.
    """

    keyword: str
    text: str
    line: int
    stage: int = -1
    heredoc: str = ""

    @property
    def arguments(self) -> str:
        """What follows the keyword."""
        return self.text.partition(" ")[2].strip()

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

        Newer ones call a stage that is alone and unnamed `stage-0` where a RUN of it has mounts.
        """
        wanted = label.lower()
        for stage in self.stages:
            if wanted in (self.stage_label(stage.number), stage.name or f"stage-{stage.number}"):
                return stage
        return None

    def _stage(self, number: int) -> Stage:
        own = tuple(one for one in self.instructions if one.stage == number)
        match = _STAGE.match(own[0].text)
        image, name = (match[1], match[2] or "") if match else ("", "")
        return Stage(number, image, name.lower(), own)


def read_dockerfile(text: str) -> Dockerfile:
    """The Dockerfile of that text; nothing is raised for what is wrong in it."""
    lines = text.removeprefix("\ufeff").splitlines()
    escape = dict(_directives(lines)).get("escape", "\\")
    instructions: list[Instruction] = []
    stage = -1
    for line, words, heredoc in _logical_lines(lines, escape):
        keyword = words.split(None, 1)[0].upper()
        stage += keyword == "FROM"
        instructions.append(Instruction(keyword, words, line, stage, heredoc))
    return Dockerfile(text, tuple(instructions))


def _directives(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The comments at the very top that the parser obeys."""
    for line in lines:
        match = _DIRECTIVE.match(line.strip())
        if not match:
            return
        yield match[1].lower(), match[2]


def _logical_lines(lines: list[str], escape: str) -> Iterator[tuple[int, str, str]]:
    """(first line from 1, the instruction in one line, its heredocs) of each instruction."""
    position = 0
    while position < len(lines):
        first = position
        words, position = _joined(lines, position, escape)
        if not words:
            continue
        heredoc, position = _heredocs(words, lines, position)
        yield first + 1, words, heredoc


def _joined(lines: list[str], position: int, escape: str) -> tuple[str, int]:
    """The instruction that begins at this place, and the place after it; "" for none."""
    parts: list[str] = []
    while position < len(lines):
        line = lines[position].strip()
        position += 1
        if not line or line.startswith("#"):
            if parts:
                continue
            return "", position
        if not line.endswith(escape):
            parts.append(line)
            break
        parts.append(line[: -len(escape)].rstrip())
    return " ".join(part for part in parts if part), position


def _heredocs(words: str, lines: list[str], position: int) -> tuple[str, int]:
    """The heredocs that begin at this place, and the place after them.

    One that never ends is none: the builder refuses it, and what follows is worth a look.
    """
    body: list[str] = []
    for dash, end in _heredoc_ends(words):
        left = (line.lstrip("\t") if dash else line for line in lines[position:])
        length = next((count for count, line in enumerate(left) if line == end), None)
        if length is None:
            break
        body += lines[position : position + length]
        position += length + 1
    return "\n".join(body), position


def _heredoc_ends(words: str) -> Iterator[tuple[str, str]]:
    """("-" or "", the line that ends it) of each heredoc; none where a quote is left open.

    A heredoc is a word of its own outside of quotes, so `<<<` and `a<<b` are none.
    """
    keyword = words.upper().removeprefix("ONBUILD ").split(None, 1)[0]
    if keyword not in _TAKES_HEREDOC or _WORD.sub("", words).strip():
        return
    for word in _WORD.findall(words):
        if match := _HEREDOC.fullmatch(word):
            yield match[1], _QUOTING.sub(lambda quoting: quoting[1] or "", match[2])
