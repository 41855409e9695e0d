"""How the exercises of lesson 06 are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.exercises.lookup import find_container, find_image
from helpers.model.container.container_state import ENDED
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import text_in
from helpers.model.text.units import format_memory

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker

APP_IMAGE, OTHER_IMAGE = "my-python-app", "busybox:1.37"

WITNESSES = ("witness-1", "witness-2")
WITNESSES_EXPECTED = (
    f"`{WITNESSES[0]}` of `{OTHER_IMAGE}` and `{WITNESSES[1]}` of `{APP_IMAGE}` have ended with "
    "exit code 0, and the log of each names its kernel"
)

CROWD = tuple(f"crowd-{number}" for number in range(1, 6))
CROWD_EXPECTED = f"five containers of `{APP_IMAGE}` run"


def check_witnesses(docker: Docker) -> Finding:
    """Whether containers of two images have named the one kernel that there is."""
    witnesses = [find_container(docker, name) for name in WITNESSES]
    there = [container for container in witnesses if container is not None]
    if not there:
        return not_started(
            f"Neither `{WITNESSES[0]}` nor `{WITNESSES[1]}` is there.", WITNESSES_EXPECTED
        )
    if len(there) == 1:
        missing = next(name for name in WITNESSES if name != there[0].name)
        return not_yet(
            f"`{there[0].name}` is there, and `{missing}` is not.",
            WITNESSES_EXPECTED,
            "Can one alone show that two systems have something in common?",
        )
    for container, image in zip(there, (OTHER_IMAGE, APP_IMAGE), strict=True):
        if (finding := _no_witness(docker, container, image)) is not None:
            return finding
    return passed(
        f"Files of {OTHER_IMAGE} and of {APP_IMAGE}, and both name Linux {_kernel(docker)}, "
        "the kernel of the engine's machine."
    )


def check_crowd(docker: Docker) -> Finding:
    """Whether the five run; what they take is measured and told."""
    crowd = [(name, find_container(docker, name)) for name in CROWD]
    there = [container for _, container in crowd if container is not None]
    if not there:
        return not_started(f"None of `{CROWD[0]}` to `{CROWD[-1]}` is there.", CROWD_EXPECTED)
    if missing := [name for name, container in crowd if container is None]:
        return not_yet(
            f"{len(there)} of the five are there; `{missing[0]}` is not.",
            CROWD_EXPECTED,
            "How are the names counted, and from which number to which?",
        )
    for container in there:
        if (finding := _no_member(docker, container)) is not None:
            return finding
    sizes = [_memory_of(container) for container in there]
    return passed(
        f"Five containers take {format_memory(sum(sizes))} together, the largest of them "
        f"{format_memory(max(sizes))}."
    )


def _no_witness(docker: Docker, container: Container, image: str) -> Finding | None:
    """Why that container proves nothing; None where it does."""
    state = container.state
    if not _is_of(docker, container, image):
        return not_yet(
            f"`{state.name}` is made from `{state.image}`, not from `{image}`.",
            WITNESSES_EXPECTED,
            "Would two of one system prove anything about two systems?",
        )
    if state.status not in ENDED:
        return not_yet(
            f"`{state.name}` is {state.status}.",
            WITNESSES_EXPECTED,
            "Which command names the kernel and then ends? And was it started?",
        )
    if state.exit_code != 0:
        return not_yet(
            f"`{state.name}` has ended with exit code {state.exit_code}.",
            WITNESSES_EXPECTED,
            f"What does `docker logs {state.name}` say?",
        )
    if _kernel(docker) not in container.logs():
        return not_yet(
            f"The log of `{state.name}` does not name Linux {_kernel(docker)}.",
            WITNESSES_EXPECTED,
            "Which command names the kernel's release, and did it run in this container?",
        )
    return None


def _no_member(docker: Docker, container: Container) -> Finding | None:
    """Why that container is none of the five; None where it is."""
    state = container.state
    if not _is_of(docker, container, APP_IMAGE):
        return not_yet(
            f"`{state.name}` is made from `{state.image}`, not from `{APP_IMAGE}`.",
            CROWD_EXPECTED,
            "Would it be a fair weighing, with another app in it?",
        )
    if state.status != "running":
        return not_yet(
            f"`{state.name}` is {state.status}.",
            CROWD_EXPECTED,
            "A container that does not run takes no memory. What do its logs say?",
        )
    if state.published:
        return not_yet(
            f"`{state.name}` publishes a port of this machine.",
            CROWD_EXPECTED,
            "Who wants to reach them from outside? Inside, port 80 is each one's own.",
        )
    return None


def _is_of(docker: Docker, container: Container, name: str) -> bool:
    image = find_image(docker, name)
    return image is not None and container.state.image_id == image.id


def _kernel(docker: Docker) -> str:
    return text_in(docker.info, "KernelVersion") or "?"


def _memory_of(container: Container) -> int:
    usage = next(iter(container.usage(seconds=2)), None)
    return usage.memory_bytes or 0 if usage else 0
