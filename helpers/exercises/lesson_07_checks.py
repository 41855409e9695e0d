"""How the exercises of lesson 07 are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.exercises.lookup import find_container
from helpers.model.course.exercise import Finding, not_started, not_yet, passed
from helpers.model.text.answer_parts import flag_in
from helpers.model.text.units import format_memory

if TYPE_CHECKING:
    from helpers.engine.docker import Docker
    from helpers.model.container.container_state import ContainerState

LEAKY, CALM = "leaky", "calm"
LEAK_EXPECTED = (
    f"`{LEAKY}` was killed at its own memory limit, with no swap on top, and `{CALM}` still runs"
)


def check_leak(docker: Docker) -> Finding:
    """Whether the leaking container was killed by its own limit, and its neighbour lives."""
    leaky, calm = find_container(docker, LEAKY), find_container(docker, CALM)
    if leaky is None and calm is None:
        return not_started(f"There is no `{LEAKY}` and no `{CALM}` yet.", LEAK_EXPECTED)
    if leaky is None or calm is None:
        missing = CALM if calm is None else LEAKY
        return not_yet(
            f"There is no container named `{missing}`.",
            LEAK_EXPECTED,
            "Two containers are asked for: one that dies, and one that does not. Which is missing?",
        )
    state = leaky.state
    can_limit_swap = flag_in(docker.info, "SwapLimit")
    return (
        _limits_missing(state, can_limit_swap)
        or _still_alive(state)
        or _neighbour_harmed(state, calm.state)
        or passed(
            f"`{LEAKY}` was killed at {_size(state.limits.memory_bytes)}; `{CALM}` never noticed."
        )
    )


def _limits_missing(state: ContainerState, can_limit_swap: bool) -> Finding | None:
    limit, swap = state.limits.memory_bytes, state.memory_swap_bytes
    if limit is None:
        return not_yet(
            f"`{LEAKY}` is {state.status}, and has no memory limit but the machine's own.",
            LEAK_EXPECTED,
            "Which option of `docker run` bounds its memory?",
        )
    if can_limit_swap and swap != limit:
        more = "without bound" if swap is None else f"up to {_size(swap)} with swap counted in"
        return not_yet(
            f"`{LEAKY}` is bound to {_size(limit)} of memory, but may go on {more}.",
            LEAK_EXPECTED,
            "What must `--memory-swap`, which counts both together, be so that no swap is left?",
        )
    return None


def _still_alive(state: ContainerState) -> Finding | None:
    limit = _size(state.limits.memory_bytes)
    if state.status == "running":
        return not_yet(
            f"`{LEAKY}` runs, with a limit of {limit}.",
            LEAK_EXPECTED,
            "How much does it take in the end, and is the limit below that? Or is it too soon?",
        )
    if not state.oom_killed:
        return not_yet(
            f"`{LEAKY}` is {state.status} with exit code {state.exit_code}; no limit was hit.",
            LEAK_EXPECTED,
            "What do its logs say, and does it hold on to what it takes?",
        )
    if state.exit_code != 137:
        return not_yet(
            f"`{LEAKY}` lost a process to its limit, and ended with exit code {state.exit_code}.",
            LEAK_EXPECTED,
            "Which process was killed, the first one or a child of it?",
        )
    return None


def _neighbour_harmed(leaky: ContainerState, calm: ContainerState) -> Finding | None:
    if calm.status != "running":
        return not_yet(
            f"`{CALM}` is {calm.status}.",
            LEAK_EXPECTED,
            "Did it end by itself? Its first process must last longer than the leak.",
        )
    if calm.started[:19] > leaky.finished[:19]:
        return not_yet(
            f"`{CALM}` was started after `{LEAKY}` had died.",
            LEAK_EXPECTED,
            "Who was there to be harmed when it happened?",
        )
    return None


def _size(count: int | None) -> str:
    return "nothing" if count is None else format_memory(count)
