"""How the exercises of lesson 04 are judged."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from helpers.exercises.lesson_04_files import SIGNATURE, TOKEN
from helpers.exercises.lookup import find_image
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import texts_of

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.engine.image.image import Image

CLEAN, SIGNED = "vault-clean", "letter.signed"
CLEAN_EXPECTED = (
    f"`{CLEAN}` has the signed letter, and the token stands nowhere in it: in no file of any "
    "layer, not in its history, not in its settings"
)

BLACK, GREEN = "tea:black", "tea:green"
TEA_EXPECTED = (
    f"`{BLACK}` and `{GREEN}` have the same instructions, an `ARG` among them; a container of "
    "each has its own `KIND`, black or green"
)


def check_clean(docker: Docker) -> Finding:
    """Whether the image has the signed letter, and the token stands nowhere in it."""
    image = find_image(docker, CLEAN)
    if image is None:
        return not_started(f"There is no image named `{CLEAN}` yet.", CLEAN_EXPECTED)
    if not _paths(image, SIGNED):
        return not_yet(
            f"There is no `{SIGNED}` in `{CLEAN}`.",
            CLEAN_EXPECTED,
            "Which instruction makes it, and is its result in the last stage?",
        )
    if not image.find(SIGNATURE):
        return not_yet(
            f"`{SIGNED}` in `{CLEAN}` is not signed with the token.",
            CLEAN_EXPECTED,
            "What does `sign.sh` read, and was it there when it ran?",
        )
    return _token_in(image)


def _token_in(image: Image) -> Finding:
    matches = image.find(TOKEN)
    in_files = [match for match in matches if match.kind == "file"]
    if in_files:
        match = in_files[0]
        gone = match.path not in image.files()
        state = "hidden, and still in the layer of" if gone else "brought by"
        return not_yet(
            f"The token stands in `/{match.path}`, {state} `{match.instruction}`.",
            CLEAN_EXPECTED,
            "How can a file be there while an instruction runs, and in no layer afterwards?"
            if gone
            else "Who brought that file into the last stage, and was all of it needed?",
        )
    if matches:
        where = "history" if matches[0].kind == "history" else "settings"
        return not_yet(
            f"The token stands in the {where} of `{CLEAN}`.",
            CLEAN_EXPECTED,
            "Which instructions write their values into the image's note?",
        )
    return passed(f"`{CLEAN}` has the letter with its signature, and the token nowhere.")


def check_tea(docker: Docker) -> Finding:
    """Whether there are both images, each with its own KIND, from a Dockerfile that asks for it."""
    black, green = find_image(docker, BLACK), find_image(docker, GREEN)
    if black is None and green is None:
        return not_started(f"There is no image `{BLACK}` and no `{GREEN}` yet.", TEA_EXPECTED)
    if black is None or green is None:
        there = BLACK if green is None else GREEN
        return not_yet(
            f"There is `{there}` alone.",
            TEA_EXPECTED,
            "Which option of `docker build` gives an argument another value for one build?",
        )
    for name, kind in ((BLACK, "black"), (GREEN, "green")):
        value = _setting(docker, name, "KIND")
        if value is None:
            return not_yet(
                f"A container of `{name}` has no `KIND`.",
                TEA_EXPECTED,
                "Which of `ARG` and `ENV` is for the build alone, and which for containers, too?",
            )
        if value != kind:
            return not_yet(
                f"In a container of `{name}`, `KIND` is `{value}`.",
                TEA_EXPECTED,
                "What does `ENV` take its value from, and was that said in this build?",
            )
    return _compared(black, green)


def _compared(black: Image, green: Image) -> Finding:
    """Whether both can come from one Dockerfile, as far as a history tells.

    BuildKit notes an argument's value, be it from the command or the Dockerfile, so a default that
    was edited between the builds looks like `--build-arg`.
    """
    histories = [[layer.instruction for layer in image.outline()] for image in (black, green)]
    for name, history in zip((BLACK, GREEN), histories, strict=True):
        if not any(step.startswith("ARG ") for step in history):
            return not_yet(
                f"The history of `{name}` has no `ARG`, so its Dockerfile gives this tea only.",
                TEA_EXPECTED,
                "Which instruction takes a value from the command that builds?",
            )
    for here, there in zip_longest(*histories, fillvalue="nothing"):
        if _without_kind(here) != _without_kind(there):
            return not_yet(
                f"`{BLACK}` has `{here[:60]}` in its history where `{GREEN}` has `{there[:60]}`.",
                TEA_EXPECTED,
                "Were both built from the Dockerfile as it is now?",
            )
    return passed(f"`{BLACK}` has `KIND=black`, `{GREEN}` has `KIND=green`, and all else is alike.")


def _without_kind(instruction: str) -> str:
    """The instruction as it is for either tea; builders write arguments in several ways."""
    return "ARG" if instruction.startswith("ARG ") else instruction.replace("green", "black")


def _setting(docker: Docker, image: str, name: str) -> str | None:
    inspected: Any = docker.client.api.inspect_image(image)
    for line in texts_of(inspected, "Config", "Env"):
        key, _, value = line.partition("=")
        if key == name:
            return value
    return None


def _paths(image: Image, name: str) -> list[str]:
    return [path for path in image.files() if path.rpartition("/")[2] == name]
