"""What lesson 00 asks: a guess, and a container that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.errors import NoSuchContainer, NoSuchImage
from helpers.model.course.exercise import Exercise, Finding, Outcome, not_started, not_yet, passed
from helpers.model.course.prediction import Prediction

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.model.container.container_state import ContainerState

NAME = "greeter"
IMAGE = "busybox:1.37"
GOAL = f"A container named `{NAME}`, made from the image `{IMAGE}`, is running."
EXPECTED = f"a running container named `{NAME}`, made from `{IMAGE}`"


def check_greeter(engine: Docker) -> Finding:
    """Whether a container of that name runs, from that image."""
    try:
        state = engine.container(NAME).state
    except NoSuchContainer:
        return not_started(f"There is no container named `{NAME}` yet.", EXPECTED)
    if not _is_made_from(engine, state, IMAGE):
        return not_yet(
            f"`{NAME}` is there, made from `{state.image}`.",
            EXPECTED,
            "Which word of the command names the image?",
        )
    if state.status == "running":
        return passed(f"`{NAME}` runs, made from `{IMAGE}`.")
    return _not_running(state)


def _is_made_from(engine: Docker, state: ContainerState, image: str) -> bool:
    """Whether that image was named when it was made, or is the one by whatever name."""
    if state.image == image:
        return True
    try:
        return state.image_id == engine.image(image).id
    except NoSuchImage:
        return False


def _not_running(state: ContainerState) -> Finding:
    if state.status == "created" and state.error:
        return not_yet(
            f"`{NAME}` was created, and could not be started: {state.error}",
            EXPECTED,
            "Is there a program of that name in the image?",
        )
    if state.status == "created":
        return not_yet(
            f"`{NAME}` was created, and its process never started.",
            EXPECTED,
            "`docker run` is two steps in one: create, and then?",
        )
    if state.status in ("exited", "dead"):
        return not_yet(
            f"`{NAME}` ran and ended with exit code {state.exit_code}.",
            EXPECTED,
            "How long does its command take? A container lives as long as its first process.",
        )
    return not_yet(f"`{NAME}` is {state.status}.", EXPECTED, "Which command lets it go on?")


def hint_from_state(engine: Docker) -> str:
    """The hint that fits what is on the engine."""
    finding = check_greeter(engine)
    if finding.passed:
        return f"`{NAME}` runs already, as it should. Check it."
    if finding.outcome is Outcome.NOT_STARTED:
        return (
            f"It begins with `%docker run -d --name {NAME} {IMAGE}`, "
            "and ends with a command that takes its time."
        )
    return (
        f"The name {NAME} is taken by your first try. Remove it with `%docker rm --force {NAME}`, "
        "then run it with a command that takes its time, such as `sleep 600`."
    )


EXERCISES = (
    Exercise(
        number="00.1",
        title="A container that stays",
        goal=GOAL,
        starter=f"# %docker run ... --name {NAME} {IMAGE} ...",
        solution=f"%docker run -d --name {NAME} {IMAGE} sleep 600",
        check=check_greeter,
        hints=(
            "`echo` prints and ends, and so did its container. Which command does not end soon?",
            hint_from_state,
        ),
        names=(NAME,),
    ),
)

PREDICTIONS = (
    Prediction(
        key="00.a",
        question=(
            "A container starts, prints one line, and ends. How many seconds pass between the "
            "moment that it is made and its end?"
        ),
        unit="s",
        explanation=(
            "There is no system to boot: the engine adds a thin layer over the image's files and "
            "asks the kernel for a process in a fence."
        ),
    ),
)
