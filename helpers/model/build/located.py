"""Where in the Dockerfile a step stands, by the name that the builder gives it.

BuildKit numbers the steps of a stage, and counts with them what the image of its FROM brings along
(ONBUILD). So a number alone says too little: the text has to fit, or the step has no line.
Source: BuildKit's frontend/dockerfile/dockerfile2llb (`processCmdEnv`, `uppercaseCmd`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.model.build.dockerfile import Dockerfile, Instruction
from helpers.model.build.dockerfile_lines import first_word

# "[builder 3/7] RUN make": the stage, the step's number in it, how many there are.
OWN_STEP = re.compile(
    r"\[(?:(?P<stage>[^\]]*?) +| *)(?P<number>\d+)/(?P<total>\d+)\] (?P<text>.*)", re.DOTALL
)
# What the builder fills in where it knows the value.
_VARIABLE = re.compile(r"\$(?:\{.*?\}+|\w+)", re.DOTALL)
# What it may write in another way.
_UNSTEADY = re.compile(r"""[\s\\`'"]+""")


def located(name: str, dockerfile: Dockerfile) -> tuple[str, Instruction | None]:
    """The stage that the builder names, and the instruction, where the Dockerfile has it."""
    own = OWN_STEP.match(name)
    if not own:
        return "", None
    # A platform may stand before the stage: "[linux/amd64 builder 1/4]".
    label = (own["stage"] or "").split(" ")[-1]
    label = "" if "/" in label else label
    stage = dockerfile.stage_called(label)
    if stage is None:
        return label, None
    label = label if stage.name else dockerfile.stage_label(stage.number)
    further = max(0, int(own["total"]) - len(stage.steps))
    number = int(own["number"]) - stage.is_on_image
    if 0 < number <= further:
        return label, None
    position = number - further - 1 + stage.is_on_image if number else 0
    return label, _fitting(stage.steps, position, own["text"])


def _fitting(steps: Sequence[Instruction], position: int, text: str) -> Instruction | None:
    """The step at that position where the text is its own, else the only one whose text it is."""
    if 0 <= position < len(steps) and fits(steps[position], text):
        return steps[position]
    same = [step for step in steps if step.keyword != "FROM" and fits(step, text)]
    return same[0] if len(same) == 1 else None


def fits(instruction: Instruction, text: str) -> bool:
    """Whether the builder may call the instruction so: variables filled in, a heredoc behind it.

    It writes its first word in capitals, and all of one that has no blank but tabs.
    """
    if first_word(text) != instruction.keyword:
        return False
    if instruction.keyword == "FROM":
        return True
    parts = _VARIABLE.split(instruction.text.upper())
    first, *others = (_UNSTEADY.sub("", part) for part in parts)
    shown = _UNSTEADY.sub("", text.upper())
    size = len(instruction.keyword)
    if not shown[size:].startswith(first[size:]):
        return False
    at = len(first)
    for part in others:
        at = shown.find(part, at)
        if at < 0:
            return False
        at += len(part)
    is_open = "<<" in instruction.text or (others and not others[-1])
    return bool(is_open) or at == len(shown) or bool(others and shown.endswith(others[-1]))
