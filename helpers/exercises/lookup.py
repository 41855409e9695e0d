"""What a check looks for on the engine, or None where it is not there: absence is no error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.errors import NoSuchContainer, NoSuchImage, NoSuchVolume

if TYPE_CHECKING:
    from helpers.engine.container.container import Container
    from helpers.engine.docker import Docker
    from helpers.engine.image.image import Image
    from helpers.engine.volume.volume import Volume


def find_container(docker: Docker, name: str) -> Container | None:
    """The container of that name; None where there is none."""
    try:
        return docker.container(name)
    except NoSuchContainer:
        return None


def find_image(docker: Docker, name: str) -> Image | None:
    """The image of that name; None where there is none."""
    try:
        return docker.image(name)
    except NoSuchImage:
        return None


def find_volume(docker: Docker, name: str) -> Volume | None:
    """The volume of that name; None where there is none."""
    try:
        return docker.volume(name)
    except NoSuchVolume:
        return None
