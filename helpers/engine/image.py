"""One image on the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.engine.answers import translated
from helpers.model.command_line import docker_line
from helpers.model.units import format_bytes

if TYPE_CHECKING:
    from docker import DockerClient

STAND_IN = "workbook.stand-in"


class Image:
    """An image by its name; raises NoSuchImage where the engine has none of that name."""

    def __init__(self, client: DockerClient, name: str) -> None:
        self._client = client
        self.name = name
        with translated(docker_line("image", "inspect", name)):
            self._found: dict[str, Any] = client.api.inspect_image(name)
        self.id = str(self._found["Id"])

    def __repr__(self) -> str:
        kind = " (a stand-in)" if self.stand_in else ""
        return f"image {self.name}{kind}, {format_bytes(self.size_bytes)}"

    @property
    def size_bytes(self) -> int:
        """What its layers take on the engine's disk, as the engine counts them, in bytes."""
        return int(self._found["Size"])

    @property
    def platform(self) -> str:
        """The system and processor that it is made for: 'linux/amd64'."""
        return f"{self._found['Os']}/{self._found['Architecture']}"

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return dict((self._found.get("Config") or {}).get("Labels") or {})

    @property
    def stand_in(self) -> str:
        """What it was made of in place of the official image; empty for an official one."""
        return self.labels.get(STAND_IN, "")
