"""The workbook's own images on an engine: each carries a hash of the recipe that it was made by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docker.errors import ImageNotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import Ensure
from helpers.engine.base.labels import RECIPE
from helpers.engine.supply.stand_in import key_of
from helpers.engine.supply.vm_tools import recipe_key
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import LessonImage, lesson_image
from helpers.model.text.answer_parts import table_of_texts

if TYPE_CHECKING:
    from docker import DockerClient


def key_of_own(image: LessonImage) -> str:
    """What the label of that image says where it was made by today's recipe."""
    return key_of(image.stand_in) if image.stand_in else recipe_key()


def ensure_own(client: DockerClient, name: str, ensure: Ensure) -> None:
    """The image, on the engine by the time this returns; one of an older recipe is made anew."""
    recipe = _recipe_of(client, name)
    if recipe is not None and recipe != _todays(name):
        with _put_aside(client, name):
            ensure(name)
    else:
        ensure(name)


def is_todays(client: DockerClient, name: str) -> bool:
    """Whether the engine has that image, made by today's recipe."""
    return _recipe_of(client, name) == _todays(name)


def _todays(name: str) -> str:
    image = lesson_image(ImageReference.parse(name))
    return key_of_own(image) if image else ""


def _recipe_of(client: DockerClient, name: str) -> str | None:
    """By which recipe the engine's image was made; None where it has none."""
    with translated(f"docker image inspect {name}"):
        try:
            inspected = client.api.inspect_image(name)
        except ImageNotFound:
            return None
    return table_of_texts(inspected, "Config", "Labels").get(RECIPE, "")


@contextmanager
def _put_aside(client: DockerClient, name: str) -> Iterator[None]:
    """A block in which no image of that name is there; the old ones come back where it fails."""
    repository, _, tag = name.partition(":")
    aside = f"{repository}:before"
    with translated(f"docker tag {name} {aside}"):
        client.api.tag(name, repository, "before", force=True)
        client.api.remove_image(name, force=True, noprune=True)
    try:
        yield
    except BaseException:
        with translated(f"docker tag {aside} {name}"):
            client.api.tag(aside, repository, tag, force=True)
        raise
    finally:
        with translated(f"docker rmi {aside}"):
            client.api.remove_image(aside, force=True)
