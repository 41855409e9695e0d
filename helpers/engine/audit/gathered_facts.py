"""What an engine tells of itself and of a container, for an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.needed_parts import needed_table
from helpers.errors import EngineError, EngineGone
from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.audit.engine_facts import EngineFacts
from helpers.model.text.answer_parts import lists_of, text_in, texts_of
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

# What `ps` calls the command line: procps, and what Podman asks for itself.
_COMMAND_TITLES = ("CMD", "COMMAND")


def engine_facts(client: DockerClient) -> EngineFacts:
    """What the engine has to offer; raises EngineGone."""
    with translated("docker info"):
        return EngineFacts.from_info(info_of(client))


def container_facts(client: DockerClient, name: str) -> ContainerFacts:
    """What there is to know of the container of that name or id; raises NoSuchContainer."""
    with translated(docker_line("inspect", name)):
        inspected = needed_table(client.api.inspect_container(name), "docker inspect")
    state = text_in(inspected, "State", "Status")
    if state not in ("running", "paused"):
        why = f"it is {state}, so nothing runs in it"
        return ContainerFacts.from_inspect(inspected, None, why)
    try:
        return ContainerFacts.from_inspect(inspected, _commands(client, name))
    except EngineGone:
        raise
    except EngineError as error:
        why = f"`docker top` does not tell: {error.message}"
        return ContainerFacts.from_inspect(inspected, None, why)


def _commands(client: DockerClient, name: str) -> list[str]:
    """The command lines of its processes, as the host's `ps` has them."""
    with translated(docker_line("top", name)):
        answer = client.api.top(name)
    titles = texts_of(answer, "Titles")
    column = next((at for at, title in enumerate(titles) if title in _COMMAND_TITLES), None)
    if column is None:
        raise EngineError(f"`docker top {name}` names no commands.")
    return [str(row[column]) for row in lists_of(answer, "Processes") if len(row) > column]
