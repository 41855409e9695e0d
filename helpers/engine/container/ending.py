"""How a container came to its end, and its last words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.log_text import log_of
from helpers.errors import EngineError, NoSuchContainer
from helpers.model.command.next_step import next_step
from helpers.model.container.container_state import ContainerState
from helpers.model.container.state import exit_meaning
from helpers.model.text.command_line import docker_line
from helpers.outside import visible_line

if TYPE_CHECKING:
    from docker import DockerClient


def ending(client: DockerClient, id: str, state: ContainerState) -> str:
    """How a container that was waited for ended, in lines of their own; '' where all went well."""
    if not state.exit_code:
        return ""
    last = last_line(client, id, state.name)
    step = next_step(last)
    return "".join(
        f"\n{line}"
        for line in (
            f"ended with exit code {state.exit_code}: {exit_meaning(state.exit_code)}",
            f"It said last: {visible_line(last)}" if last else "",
            f"→ {step}" if step else "",
        )
        if line
    )


def why_not_running(
    client: DockerClient, id: str, name: str, look: Callable[[], ContainerState]
) -> str | None:
    """Why nothing in it can answer; None where it may yet."""
    try:
        state = look()
    except NoSuchContainer:
        return f"{name} is gone."
    if state.status in ("running", "restarting", "created"):
        return None
    last = last_line(client, id, name)
    last_words = f" It said last: {last}" if last else ""
    return f"{name} is {state.status} with exit code {state.exit_code}.{last_words}"


def last_line(client: DockerClient, id: str, name: str) -> str:
    """What it printed last; empty where that was not kept (`--log-driver none`)."""
    with suppress(EngineError), translated(docker_line("logs", name)):
        return log_of(client, id, tail=1).decode(errors="replace").strip()
    return ""
