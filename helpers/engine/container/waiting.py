"""Waiting until a container is as somebody wants it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from requests.exceptions import RequestException

from helpers.engine.base.answers import took_too_long
from helpers.engine.base.http_probe import PAUSE_SECONDS
from helpers.engine.base.interruption import as_interrupted
from helpers.errors import NotReady
from helpers.model.container.container_state import ContainerState
from helpers.model.text.answer_parts import count_in

if TYPE_CHECKING:
    from docker import DockerClient

# How long Podman takes at most between a container's end and its next start.
_RESTART_SECONDS = 1.0
Look = Callable[[], ContainerState]


def until_health(look: Look, health: str, seconds: float) -> str:
    """That health, once it is that; raises NotReady, at once where it cannot become so."""
    state = _until(look, lambda state: _is_settled(state, health), seconds)
    if state.health == health and state.status == "running":
        return state.health
    has_one = state.health and state.status == "running"
    why = f"is {state.health}" if has_one else "has no health check, or does not run"
    raise NotReady(f"{state.name} {why}.", "See its `logs()`, and its HEALTHCHECK.")


def first_exit_code(client: DockerClient, id: str, name: str, seconds: float | None) -> int:
    """The exit code of its first process, once that has ended (`docker wait`).

    Raises NotReady when the time is up, and the SDK's errors.
    """
    try:
        return count_in(client.api.wait(id, timeout=seconds), "StatusCode")
    except RequestException as error:
        if seconds is None or not took_too_long(error):
            raise
    raise NotReady(f"{name} has not ended within {seconds:g} s.", "Wait longer, or `stop()` it.")


def until_ended(look: Look, seconds: float) -> int:
    """The exit code, once there is one; raises NotReady when the time is up."""
    deadline = time.monotonic() + seconds
    state = _until(look, _has_ended, seconds)
    while state.may_be_restarted and _is_started_again(look, state):
        state = _until(look, _has_ended, deadline - time.monotonic())
    if state.exit_code is None:
        raise NotReady(
            f"{state.name} is {state.status} after {seconds:g} s.", "Wait longer, or `stop()` it."
        )
    return state.exit_code


def until_restarted(look: Look, seconds: float) -> int:
    """How often its restart policy started it again, once it did; raises NotReady."""
    state = _until(look, lambda state: state.restart_count > 0, seconds)
    if not state.restart_count:
        raise NotReady(
            f"{state.name} was not started again within {seconds:g} s.",
            "Look at its `state`: is there a restart policy, and did it crash?",
        )
    return state.restart_count


def _is_settled(state: ContainerState, health: str) -> bool:
    return state.health in (health, "") or state.status != "running"


def _has_ended(state: ContainerState) -> bool:
    return state.exit_code is not None


def _is_started_again(look: Look, ended: ContainerState) -> bool:
    """Whether it was started since, or is within a second."""
    later = _until(look, lambda state: state.started != ended.started, _RESTART_SECONDS)
    return later.started != ended.started


def _until(look: Look, so: Callable[[ContainerState], bool], seconds: float) -> ContainerState:
    """The state once it is so, or else when the time is up."""
    deadline = time.monotonic() + seconds
    with as_interrupted("Waiting for the container"):
        while not so(state := look()) and time.monotonic() <= deadline:
            time.sleep(PAUSE_SECONDS)
    return state
