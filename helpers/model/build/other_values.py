"""Images and arguments that are others than in an earlier build, in words about a step."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.model.build.dockerfile import Dockerfile, Instruction, read_dockerfile
from helpers.model.build.dockerfile_images import base_of, global_arguments, names_in
from helpers.model.build.inputs import BuildInputs
from helpers.model.build.instruction_changes import names_used
from helpers.model.build.shell_words import split_words
from helpers.model.image.digest import short_id


def changed_base(
    step: Instruction, dockerfile: Dockerfile, now: BuildInputs, then: BuildInputs
) -> str:
    """The image that its stage or its own words name, where that is another one than before."""
    stage = dockerfile.stages[step.stage]
    base = base_of(dockerfile, stage, global_arguments(dockerfile, {}))
    mine = {base, *names_in(step)}
    for name, identity in now.bases.items():
        was = then.bases.get(name)
        if was and was != identity and (name in mine or "$" in stage.image):
            return (
                f"{name} is another image than before: {short_id(was)}, now {short_id(identity)}."
            )
    return ""


def changed_argument(
    step: Instruction, dockerfile: Dockerfile, now: BuildInputs, then: BuildInputs
) -> str:
    """The argument that it can see, or that its FROM names, where its value is another one."""
    for argument in _in_scope(step, dockerfile):
        for name in _declared(argument, dockerfile):
            if now.arguments.get(name) != then.arguments.get(name):
                return f"The build argument {name} has another value than before."
    return _changed_default(step, dockerfile, then)


def _in_scope(step: Instruction, dockerfile: Dockerfile) -> Iterator[Instruction]:
    """The ARGs of its own stage above it that it uses, and those that its FROM is made with."""
    of_base = _names_of_base(step, dockerfile)
    for argument in dockerfile.instructions:
        if argument.keyword != "ARG" or argument.line >= step.line:
            continue
        names = set(_declared(argument, dockerfile))
        is_global = argument.stage == -1
        if is_global and names & of_base:
            yield argument
        is_seen = step.keyword == "RUN" or names & names_used(step.text)
        if argument.stage == step.stage and is_seen:
            yield argument


def _names_of_base(step: Instruction, dockerfile: Dockerfile) -> set[str]:
    """The global arguments that its FROM names, and those that their defaults name."""
    wanted = names_used(dockerfile.stages[step.stage].image)
    for argument in reversed(dockerfile.instructions):
        if argument.keyword == "ARG" and argument.stage == -1:
            for word in split_words(argument.arguments, dockerfile.escape):
                name, _, default = word.partition("=")
                wanted |= names_used(default) if name in wanted else set()
    return wanted


def _changed_default(step: Instruction, dockerfile: Dockerfile, then: BuildInputs) -> str:
    """The default of a global argument that its FROM, or an ARG that it sees, has from above."""
    before = read_dockerfile(then.dockerfile)
    mine, old = global_arguments(dockerfile, {}), global_arguments(before, {})
    seen = _names_of_base(step, dockerfile)
    for argument in _in_scope(step, dockerfile):
        seen |= set(_declared(argument, dockerfile))
    for name in sorted(seen):
        if name in mine and name in old and mine[name] != old[name] and name not in then.arguments:
            return f"The argument {name} is {mine[name] or 'empty'}; before, it was {old[name]}."
    return ""


def _declared(argument: Instruction, dockerfile: Dockerfile) -> Iterator[str]:
    for word in split_words(argument.arguments, dockerfile.escape):
        yield word.partition("=")[0]
