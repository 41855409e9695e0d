"""The images that a Dockerfile builds on, with its arguments filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from helpers.model.build.dockerfile import Dockerfile, Instruction, Stage

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})")
_FROM_FLAG = re.compile(r"--from=(\S+)")
_MOUNT = re.compile(r"--mount=(\S+)")


class NeededImage(NamedTuple):
    """An image that an instruction names."""

    name: str
    instruction: Instruction


def needed_images(
    dockerfile: Dockerfile,
    arguments: Mapping[str, str],
    target: str = "",
    skips_stages: bool = True,
) -> tuple[NeededImage, ...]:
    """The images of FROM, COPY --from and RUN --mount that are no stages of the Dockerfile itself.

    Of stages that the target is not made from, only a builder that never `skips_stages` needs any.
    Names that cannot be told before the build (an argument with no value) are left out.
    """
    values = global_arguments(dockerfile, arguments)
    stages = dockerfile.stages[: _last(dockerfile, target) + 1]
    images: dict[str, NeededImage] = {}
    for stage in _made_from(stages, values) if skips_stages else stages:
        for instruction, name in _names(stage, values):
            is_image = name not in ("", "scratch") and not _stage_of(instruction, name, stages)
            if is_image and "$" not in name:
                images.setdefault(name, NeededImage(name, instruction))
    return tuple(images.values())


def global_arguments(dockerfile: Dockerfile, arguments: Mapping[str, str]) -> dict[str, str]:
    """The values of the ARGs before the first FROM, which FROM lines may use."""
    values: dict[str, str] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword == "ARG" and instruction.stage == -1:
            for word in instruction.arguments.split():
                name, _, default = word.partition("=")
                values[name] = arguments.get(name, expanded(default.strip("\"'"), values))
    return values


def expanded(text: str, values: Mapping[str, str]) -> str:
    """The text with $NAME, ${NAME}, ${NAME:-word} and ${NAME:+word} filled in.

    What has no value stays as it is written.
    """

    def value(match: re.Match[str]) -> str:
        known = values.get(match[1] or match[2], "")
        if match[3] == "-":
            return known or match[4]
        if match[3] == "+":
            return match[4] if known else ""
        return known or match[0]

    return _VARIABLE.sub(value, text)


def _last(dockerfile: Dockerfile, target: str) -> int:
    """The number of the stage that is built; those after it do not matter."""
    for stage in dockerfile.stages:
        if target and target.lower() in (stage.name, str(stage.number)):
            return stage.number
    return len(dockerfile.stages)


def _made_from(stages: Sequence[Stage], values: Mapping[str, str]) -> list[Stage]:
    """The last of the stages and those that it is made from, in their order.

    All of them where a name cannot be told before the build: any stage may be meant.
    """
    wanted = set(stages[-1:])
    left = list(wanted)
    while left:
        names = list(_names(left.pop(), values))
        if any("$" in name for _, name in names):
            return list(stages)
        others = {stage for pair in names if (stage := _stage_of(*pair, stages))} - wanted
        wanted |= others
        left += others
    return [stage for stage in stages if stage in wanted]


def _stage_of(instruction: Instruction, name: str, stages: Sequence[Stage]) -> Stage | None:
    """The stage that the instruction means by that name: FROM knows none but those before it."""
    is_base = instruction.keyword == "FROM"
    for stage in reversed(stages[: instruction.stage] if is_base else stages):
        names = {stage.name} if is_base else {stage.name, str(stage.number)}
        if name and name.lower() in names:
            return stage
    return None


def _names(stage: Stage, values: Mapping[str, str]) -> Iterator[tuple[Instruction, str]]:
    """(instruction, what it names) for each image or stage that the stage takes something from."""
    for instruction in stage.instructions:
        for name in _names_in(instruction, stage.image, values):
            yield instruction, name


def _names_in(instruction: Instruction, image: str, values: Mapping[str, str]) -> Iterator[str]:
    if instruction.keyword == "FROM":
        yield expanded(image.strip("\"'"), values)
    elif instruction.keyword in ("COPY", "ADD"):
        yield from _FROM_FLAG.findall(instruction.text)
    elif instruction.keyword == "RUN":
        for mount in _MOUNT.findall(instruction.text):
            settings = dict(part.partition("=")[::2] for part in mount.split(","))
            if "from" in settings:
                yield settings["from"]
