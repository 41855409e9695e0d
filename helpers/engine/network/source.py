"""The container from inside of which something is tried or asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.errors import EngineError
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

_MENDS = {"paused": "docker unpause"}


def running_source(client: DockerClient, source: str) -> tuple[str, str]:
    """Its id and its name; raises NoSuchContainer, and EngineError where it does not run."""
    with translated(f"docker inspect {source}"):
        seen = client.api.inspect_container(source)
    name, status = text_in(seen, "Name").removeprefix("/"), text_in(seen, "State", "Status")
    if status != "running":
        raise EngineError(
            f"{name} is {status}, so nothing in it can try.",
            f"`{_MENDS.get(status, 'docker start')} {name}` lets it run.",
        )
    return text_in(seen, "Id"), name
