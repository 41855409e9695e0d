"""A typed command that makes something: its label, and the note by which clean-up knows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.labels import TOKEN
from helpers.engine.base.listed_objects import (
    ListedObject,
    containers_of,
    networks_of,
    volumes_of,
)
from helpers.engine.base.origin_ledger import (
    CONTAINERS,
    IMAGES,
    NETWORKS,
    VOLUMES,
    MadeObject,
    asked_for,
    forget,
)
from helpers.engine.command.image_tags import leads_to
from helpers.errors import EngineError
from helpers.model.command.typed_command import TypedCommand

if TYPE_CHECKING:
    from docker import DockerClient

_KINDS = {
    "run": CONTAINERS, "create": CONTAINERS, "network create": NETWORKS, "volume create": VOLUMES,
    "tag": IMAGES, "commit": IMAGES, "import": IMAGES,
}  # fmt: skip
NOTED = tuple(_KINDS)


class NotedCommand:
    """Such a command: from its making on there is a note, and after `settle` what it made.

    `words` are those of the command with the labels, `made` is the id of what it made, "" before
    and for nothing. An object is listed by the token in its label, an image by its name.
    """

    def __init__(self, context: EngineContext, command: TypedCommand) -> None:
        self._client = context.client
        self._command = command
        self._kind = _KINDS[command.verb]
        self._name = _name_of(command)
        about: dict[str, Any] = {"name": self._name}
        if self._kind == CONTAINERS:
            about["image"] = (command.arguments or ("",))[0]
        elif self._kind == IMAGES:
            about["before"] = leads_to(self._client, self._name)
        self._note = asked_for(self._client, context.lesson, self._kind, **about)
        self.made = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The command with the labels that go along."""
        if self._kind == IMAGES:
            return self._command.words
        labels = (f"{name}={value}" for name, value in self._note.labels.items())
        return self._command.with_options(*(w for label in labels for w in ("--label", label)))

    def settle(self) -> None:
        """Notes what is there now; also after an error, which may leave a created container."""
        self.made = settle(self._client, self._note)


def settle(client: DockerClient, note: MadeObject) -> str:
    """The id of what is there of that note, which is noted; "" for nothing, which is forgotten."""
    try:
        made = _identity(client, note)
    except (DockerException, RequestException, EngineError):
        return ""  # the note stays, and with it what clean-up needs to find it
    if made:
        note.made(made)
    else:
        forget([note])
    return made


def _identity(client: DockerClient, note: MadeObject) -> str:
    if note.kind == IMAGES:
        now = leads_to(client, note.name)
        return "" if now == note.before else "".join(now)
    return _LISTED[note.kind](client, note)


def _name_of(command: TypedCommand) -> str:
    """The name that it gives: a tag, a volume's, a container's; "" where it gives none."""
    arguments = command.arguments
    if command.verb in ("run", "create"):
        return (command.values("name") or [""])[-1]
    if command.verb in ("tag", "commit", "import"):
        return arguments[1] if len(arguments) > 1 else ""
    return arguments[0] if arguments else ""


def _filter(note: MadeObject) -> dict[str, str]:
    return {"label": f"{TOKEN}={note.token}"}


def _container(client: DockerClient, note: MadeObject) -> str:
    return _first_id(containers_of(client.api, all=True, filters=_filter(note)))


def _network(client: DockerClient, note: MadeObject) -> str:
    return _first_id(networks_of(client.api, filters=_filter(note)))


def _volume(client: DockerClient, note: MadeObject) -> str:
    return _first_id(volumes_of(client.api, filters=_filter(note)))


def _first_id(listed: Sequence[ListedObject]) -> str:
    return listed[0].id if listed else ""


_LISTED: dict[str, Callable[[Any, MadeObject], str]] = {
    CONTAINERS: _container,
    NETWORKS: _network,
    VOLUMES: _volume,
}
