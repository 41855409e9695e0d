"""One volume on the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext, Ensure
from helpers.engine.base.engine_identity import is_podman
from helpers.engine.base.listed_objects import containers_of
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import CONTAINERS, asked_for
from helpers.engine.base.removal import removed_afterwards
from helpers.engine.volume.read_files import files_in, modified_seconds
from helpers.errors import NoSuchVolume
from helpers.model.image.tool_image import TOOL_IMAGE
from helpers.model.text.answer_parts import part_of, tables_of, text_in
from helpers.model.text.command_line import docker_line
from helpers.model.volume.volume_files import VolumeFiles
from helpers.outside import visible_line, visible_repr

if TYPE_CHECKING:
    from docker import DockerClient

FOLDER = "/volume"


class Volume:
    """A volume by its name; raises NoSuchVolume where the engine has none of that name.

    `ensure` brings an image to the engine, for volumes that no container has.
    """

    def __init__(self, context: EngineContext, name: str, ensure: Ensure) -> None:
        self._context = context
        self._ensure = ensure
        self.name = name
        self._inspect()

    @visible_repr
    def __repr__(self) -> str:
        users = ", ".join(visible_line(name) for name in self.containers)
        return f"volume {self.name}, " + (f"used by {users}" if users else "used by no container")

    @property
    def containers(self) -> tuple[str, ...]:
        """The names of the containers that have it, those included that do not run."""
        return tuple(sorted(text_in(item, "Name").removeprefix("/") for item in self._users()))

    def files(self) -> VolumeFiles:
        """What is in it, with owners, modes and hashes; nothing is run and nothing changed.

        Podman's archives tell no owners, and leave out the volume's own folder.
        Read through a container that has it, or else through one that is made, never started, and
        removed again. Raises NoSuchVolume, ImageUnavailable, EngineError or UnreadableImage.
        """
        self._inspect()
        for user in self._users():
            if folder := _plain_folder(user, self.name):
                return self._read(text_in(user, "Id"), folder)
        with self._container() as made:
            return self._read(made, FOLDER)

    def modified_seconds(self, path: str) -> float | None:
        """When that file of it was changed last, in seconds since 1970, to the nanosecond.

        None where there is no such file, or no container that has the volume. Raises EngineError.
        """
        for user in self._users():
            folder = _plain_folder(user, self.name)
            if folder and (seconds := self._modified(text_in(user, "Id"), f"{folder}/{path}")):
                return seconds
        return None

    @property
    def _client(self) -> DockerClient:
        return self._context.client

    def _read(self, container: str, folder: str) -> VolumeFiles:
        with translated(docker_line("cp", f"{container[:12]}:{folder}", "-")):
            files = files_in(self._client, container, folder)
        if is_podman(self._context.info):
            # Its archives name the container's own user as the owner of everything.
            return VolumeFiles(replace(file, owner="") for file in files)
        return files

    def _modified(self, container: str, path: str) -> float:
        with translated(docker_line("cp", f"{container[:12]}:{path}", "-")):
            try:
                return modified_seconds(self._client, container, path)
            except NotFound:
                return 0.0

    def _inspect(self) -> None:
        line = docker_line("volume", "inspect", self.name)
        with translated(line):
            try:
                self._client.api.inspect_volume(self.name)
            except NotFound:
                raise NoSuchVolume(
                    f"There is no volume {self.name!r}.",
                    "`docker volume ls` lists those there are.",
                    command=line,
                ) from None

    def _users(self) -> list[Any]:
        """What `docker inspect` says of each container that has it; none that is just going."""
        api = self._client.api
        users = []
        with translated(docker_line("ps", "--all", "--filter", f"volume={self.name}")):
            for item in containers_of(api, all=True, filters={"volume": self.name}):
                try:
                    users.append(api.inspect_container(item.id))
                except NotFound:
                    continue
        return [user for user in users if _folders(user, self.name)]

    @contextmanager
    def _container(self) -> Iterator[str]:
        self._ensure(TOOL_IMAGE)
        api = self._client.api
        note = asked_for(self._client, self._context.lesson, CONTAINERS, image=TOOL_IMAGE)
        with translated(docker_line("create", "-v", f"{self.name}:{FOLDER}:ro", TOOL_IMAGE)):
            answer = api.create_container(
                TOOL_IMAGE,
                ["true"],
                labels=note.labels,
                host_config=api.create_host_config(binds=[f"{self.name}:{FOLDER}:ro"]),
            )
            note.made(made := id_in(answer, "docker create"))
        with removed_afterwards(partial(api.remove_container, made, v=True, force=True)):
            yield made


def _folders(user: object, volume: str) -> list[str]:
    """Where that container has the volume."""
    return [
        text_in(mount, "Destination")
        for mount in tables_of(user, "Mounts")
        if text_in(mount, "Type") == "volume" and text_in(mount, "Name") == volume
    ]


def _plain_folder(user: object, volume: str) -> str:
    """The same where nothing else is mounted below it; "" where something hides a part of it."""
    targets = [text_in(mount, "Destination") for mount in tables_of(user, "Mounts")]
    targets += part_of(user, "HostConfig", "Tmpfs")
    for folder in _folders(user, volume):
        if not any(target.rstrip("/").startswith(f"{folder.rstrip('/')}/") for target in targets):
            return folder
    return ""
