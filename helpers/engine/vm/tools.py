"""The image of the VM tools on the engine, and running one of the tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from requests.exceptions import ConnectionError, ReadTimeout

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import Ensure
from helpers.engine.base.needed_parts import needed_count
from helpers.engine.base.removal import removed_afterwards
from helpers.engine.container.create import create_container
from helpers.engine.supply.own_image import ensure_own, is_todays
from helpers.errors import EngineError, NotReady
from helpers.model.container.run_options import RunOptions
from helpers.model.container.run_settings import RunSettings
from helpers.model.supply.catalogue import VM_TOOLS

if TYPE_CHECKING:
    from docker import DockerClient

_TOOL_SECONDS = 120


@dataclass(frozen=True)
class ToolRun:
    """What one of the tools printed, and its exit code."""

    output: str
    exit_code: int


def ensure_tools(client: DockerClient, ensure: Ensure) -> None:
    """The tools, on the engine by the time this returns; ones of an older recipe are made anew."""
    ensure_own(client, VM_TOOLS, ensure)


def has_tools(client: DockerClient) -> bool:
    """Whether the engine has the tools, of today's recipe."""
    return is_todays(client, VM_TOOLS)


def run_tool(
    client: DockerClient,
    lesson: str,
    words: Sequence[str],
    prepare: Callable[[str], object] = lambda made: None,
    seconds: float = _TOOL_SECONDS,
    **settings: Unpack[RunOptions],
) -> ToolRun:
    """What one of the tools printed and how it ended; its container is gone afterwards.

    `prepare` gets the container's id before it starts; `settings` are options of `run`. Raises
    EngineError, Interrupted, or NotReady where it takes longer.
    """
    api = client.api
    run = RunSettings.of({"network": "none", **settings})
    with translated(f"docker run {VM_TOOLS} {words[0]}"):
        made = create_container(client, VM_TOOLS, words, run, lesson)
    with (
        removed_afterwards(lambda: api.remove_container(made, v=True, force=True)),
        translated(f"docker run {VM_TOOLS} {words[0]}"),
    ):
        prepare(made)
        api.start(made)
        return ToolRun(*_ended(client, made, words[0], seconds))


def _ended(client: DockerClient, made: str, word: str, seconds: float) -> tuple[str, int]:
    try:
        answer = client.api.wait(made, timeout=seconds)
    except (ReadTimeout, ConnectionError) as error:
        if "timed out" not in str(error):
            raise
        raise NotReady(f"{word} did not end within {seconds:g} s.", "Try it again.") from None
    code = needed_count(answer, "docker wait", "StatusCode")
    return client.api.logs(made).decode(errors="replace"), code


def must_succeed(run: ToolRun, what: str) -> str:
    """What it printed; raises EngineError with its last line where it failed."""
    if run.exit_code != 0:
        last_line = (run.output.strip().splitlines() or ["it said nothing"])[-1]
        raise EngineError(f"{what} failed: {last_line}", "Is there room? See `docker system df`.")
    return run.output
