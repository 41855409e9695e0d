"""The images that a Dockerfile builds on, with its arguments filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from helpers.model.dockerfile import Dockerfile, Instruction

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})")
_FROM_FLAG = re.compile(r"--from=(\S+)")
_MOUNT = re.compile(r"--mount=(\S+)")


class NeededImage(NamedTuple):
    """An image that an instruction names."""

    name: str
    instruction: Instruction


def needed_images(
    dockerfile: Dockerfile, arguments: Mapping[str, str], target: str = ""
) -> tuple[NeededImage, ...]:
    """The images of FROM, COPY --from and RUN --mount that are no stages of the Dockerfile itself.

    Names that cannot be told before the build (an argument with no value) are left out.
    """
    values = global_arguments(dockerfile, arguments)
    stages = dockerfile.stages[: _last(dockerfile, target) + 1]
    names = {stage.name for stage in stages if stage.name} | {str(s.number) for s in stages}
    found: dict[str, NeededImage] = {}
    for stage in stages:
        for instruction in stage.instructions:
            for name in _named(instruction, stage.image, values):
                is_stage = name.lower() in names or name in ("", "scratch")
                if not is_stage and "$" not in name:
                    found.setdefault(name, NeededImage(name, instruction))
    return tuple(found.values())


def global_arguments(dockerfile: Dockerfile, given: Mapping[str, str]) -> dict[str, str]:
    """The values of the ARGs before the first FROM, which FROM lines may use."""
    values: dict[str, str] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword == "ARG" and instruction.stage == -1:
            for word in instruction.arguments.split():
                name, _, default = word.partition("=")
                values[name] = given.get(name, expanded(default.strip("\"'"), values))
    return values


def expanded(text: str, values: Mapping[str, str]) -> str:
    """The text with $NAME, ${NAME}, ${NAME:-word} and ${NAME:+word} filled in.

    What has no value stays as it is written.
    """

    def value(found: re.Match[str]) -> str:
        known = values.get(found[1] or found[2], "")
        if found[3] == "-":
            return known or found[4]
        if found[3] == "+":
            return found[4] if known else ""
        return known or found[0]

    return _VARIABLE.sub(value, text)


def _last(dockerfile: Dockerfile, target: str) -> int:
    """The number of the stage that is built; those after it do not matter."""
    for stage in dockerfile.stages:
        if target and target.lower() in (stage.name, str(stage.number)):
            return stage.number
    return len(dockerfile.stages)


def _named(instruction: Instruction, image: str, values: Mapping[str, str]) -> Iterator[str]:
    if instruction.keyword == "FROM":
        yield expanded(image.strip("\"'"), values)
    elif instruction.keyword in ("COPY", "ADD"):
        yield from _FROM_FLAG.findall(instruction.text)
    elif instruction.keyword == "RUN":
        for mount in _MOUNT.findall(instruction.text):
            settings = dict(part.partition("=")[::2] for part in mount.split(","))
            if "from" in settings:
                yield settings["from"]
