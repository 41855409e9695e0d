"""The images that a Dockerfile builds on, with its arguments filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from helpers.model.build.dockerfile import Dockerfile, Instruction, Stage
from helpers.model.build.instruction_words import mount_settings
from helpers.model.build.shell_words import Values, expanded, split_words


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
    for stage in _made_from(stages, dockerfile, values) if skips_stages else stages:
        for instruction, name in _names(stage, dockerfile, values):
            is_image = name not in ("", "scratch") and not _stage_of(instruction, name, stages)
            if is_image and "$" not in name:
                images.setdefault(name, NeededImage(name, instruction))
    return tuple(images.values())


def global_arguments(dockerfile: Dockerfile, arguments: Mapping[str, str]) -> dict[str, str | None]:
    """The values of the ARGs before the first FROM, which FROM lines may use; None for no value."""
    values: dict[str, str | None] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword != "ARG" or instruction.stage != -1:
            continue
        for word in split_words(instruction.arguments, dockerfile.escape):
            name, has_default, default = word.partition("=")
            if name in arguments:
                values[name] = arguments[name]
            elif has_default:
                values[name] = expanded(default, values, dockerfile.escape)
            else:
                values.setdefault(name, None)
    return values


def base_of(dockerfile: Dockerfile, stage: Stage, values: Values) -> str:
    """What a stage builds on; with a `$` in it where only the builder can tell."""
    return expanded(stage.image, values, dockerfile.escape)


def names_in(instruction: Instruction) -> Iterator[str]:
    """The images or stages that COPY --from and RUN --mount name; the builder expands neither."""
    if instruction.keyword == "COPY":
        yield from instruction.values("from")
    elif instruction.keyword == "RUN":
        for mount in map(mount_settings, instruction.values("mount")):
            if "from" in mount:
                yield mount["from"]


def _last(dockerfile: Dockerfile, target: str) -> int:
    """The number of the stage that is built; those after it do not matter."""
    for stage in dockerfile.stages:
        if target and target.lower() in (stage.name, str(stage.number)):
            return stage.number
    return len(dockerfile.stages)


def _made_from(stages: Sequence[Stage], dockerfile: Dockerfile, values: Values) -> list[Stage]:
    """The last of the stages and those that it is made from, in their order.

    All of them where a name cannot be told before the build: any stage may be meant.
    """
    wanted = set(stages[-1:])
    left = list(wanted)
    while left:
        names = list(_names(left.pop(), dockerfile, values))
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


def _names(
    stage: Stage, dockerfile: Dockerfile, values: Values
) -> Iterator[tuple[Instruction, str]]:
    """(instruction, what it names) for each image or stage that the stage takes something from."""
    yield stage.instructions[0], base_of(dockerfile, stage, values)
    for instruction in stage.instructions[1:]:
        for name in names_in(instruction):
            yield instruction, name
