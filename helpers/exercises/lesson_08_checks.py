"""How the exercises of lesson 08 are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.exercises.lookup import find_container
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import count_in

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker
    from helpers.model.container.container_state import ContainerState

THREE = ("red", "green", "blue")
SIGN = "/busy"
MOST_CPUS = 0.1
NOISY_EXPECTED = (
    f"the noisy one still runs, with {MOST_CPUS} CPU at most, and the other two are as they were"
)


def check_noisy(docker: Docker) -> Finding:
    """Whether the one of the three that burns CPU was held back, and no other was touched."""
    looked_up = {name: find_container(docker, name) for name in THREE}
    boxes = {name: box for name, box in looked_up.items() if box is not None}
    if not boxes:
        return not_started(
            "The three containers are not there: run the cell above.", NOISY_EXPECTED
        )
    if gone := [name for name in THREE if name not in boxes]:
        return not_yet(
            f"`{gone[0]}` is gone.",
            NOISY_EXPECTED,
            "Remove what is left of the three, and run the cell that starts them once more. Can a "
            "limit be set without a removal?",
        )
    states = {name: box.state for name, box in boxes.items()}
    noisy = next((name for name, box in boxes.items() if _is_busy(box)), None)
    if noisy is None:
        return not_started("None of the three is noisy: run the cell above.", NOISY_EXPECTED)
    quiet = {name: state for name, state in states.items() if name != noisy}
    return _quiet_touched(quiet, count_in(docker.info, "NCPU")) or _judged(noisy, states[noisy])


def _quiet_touched(quiet: dict[str, ContainerState], cores: int) -> Finding | None:
    for name, other in quiet.items():
        if other.status != "running":
            return not_yet(
                f"`{name}` is {other.status}, and it had used next to nothing.",
                NOISY_EXPECTED,
                f"What do `docker stats` and `live_usage` say of the three, with `{name}` back?",
            )
        # The engine never takes a CPU limit off again: one of all cores is as good as none.
        if other.limits.cpus is not None and other.limits.cpus < cores:
            return not_yet(
                f"`{name}` is held back, and it had used next to nothing.",
                NOISY_EXPECTED,
                "What do `docker stats` and `live_usage` say of each of the three? (`docker update "
                f"--cpus {cores} {name}` gives it all CPUs again.)",
            )
    return None


def _judged(noisy: str, state: ContainerState) -> Finding:
    limit = state.limits.cpus
    if state.status != "running":
        return not_yet(
            f"`{noisy}` is {state.status}: it was the noisy one, and now its work is not done.",
            NOISY_EXPECTED,
            "Start it again. Which command changes the limits of a container that runs?",
        )
    if limit is None:
        return not_started("The three run, and none of them has a limit yet.", NOISY_EXPECTED)
    if limit > MOST_CPUS:
        return not_yet(
            f"You found it: `{noisy}`. It may still use {limit:g} CPU.",
            NOISY_EXPECTED,
            f"Is that {MOST_CPUS} or less?",
        )
    return passed(f"`{noisy}` was the noisy one. It goes on, with {limit:g} CPU at most.")


def _is_busy(box: Container) -> bool:
    return any(path == SIGN for _, path in box.diff())
