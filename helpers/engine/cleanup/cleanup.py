"""Removing what the workbook made, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docker.errors import APIError, NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.labels import label_filter
from helpers.engine.build.leftovers import forget_leftovers, leftovers
from helpers.engine.cleanup.lesson_opening import close_lesson, strangers
from helpers.engine.cleanup.present import KINDS, present
from helpers.engine.registry.volume import names_under
from helpers.model.container.outcome import Removed
from helpers.model.course.lesson import LESSONS
from helpers.model.image.digest import short_id

if TYPE_CHECKING:
    from docker import DockerClient

_UNNAMED = "<none>:<none>"
Listed = dict[str, dict[str, str]]


def clean_up(client: DockerClient, lesson: str, names: tuple[str, ...] = ()) -> Removed:
    """What was removed: all with the label of that lesson, and what has one of the names that the
    lesson declares, unless it was there before the lesson.
    """
    with translated("docker rm"):
        doomed = _labelled(client, lesson)
        _add(doomed, _made_since(client, lesson, names))
        removed = _with_leftovers(client, lesson, remove_listed(client, doomed))
        close_lesson(client, lesson, names)
        return removed


def clean_up_all(client: DockerClient) -> Removed:
    """What was removed: all that the workbook made in any lesson or outside of one."""
    with translated("docker rm"):
        doomed = _labelled(client, None)
        for lesson in LESSONS:
            _add(doomed, _made_since(client, lesson.number, lesson.names))
        removed = _with_leftovers(client, None, remove_listed(client, doomed))
        for lesson in LESSONS:
            close_lesson(client, lesson.number, lesson.names)
        return removed


def _labelled(client: DockerClient, lesson: str | None) -> Listed:
    wanted = label_filter(lesson)
    containers = client.api.containers(all=True, filters=wanted)
    images = client.api.images(filters=wanted)
    networks = client.api.networks(filters=wanted)
    volumes = client.api.volumes(filters=wanted)["Volumes"] or []
    under_it = [names_under(client, volume) for volume in volumes]
    return {
        "containers": {item["Id"]: item["Names"][0].removeprefix("/") for item in containers},
        "images": {key: name for item in images for key, name in _names(item)}
        | {name: name for names in under_it for name in names},
        "networks": {item["Id"]: item["Name"] for item in networks},
        "volumes": {item["Name"]: item["Name"] for item in volumes},
    }


def _names(image: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(key, name) for each name of an image, or by its id where a newer one took its only name."""
    names = [(name, name) for name in image["RepoTags"] or [] if name != _UNNAMED]
    return names or [(image["Id"], short_id(image["Id"]))]


def _made_since(client: DockerClient, lesson: str, names: tuple[str, ...]) -> Listed:
    """What has a declared name and was not there when the lesson was opened."""
    before = strangers(client, lesson) if names else None
    if before is None:
        return {kind: {} for kind in KINDS}
    now = present(client, names)
    return {
        kind: {
            (name if kind in ("images", "volumes") else identity): name
            for name, identity in now[kind].items()
            if before.get(kind, {}).get(name) != identity
        }
        for kind in KINDS
    }


def _add(doomed: Listed, more: Listed) -> None:
    for kind in KINDS:
        doomed[kind] |= more[kind]


def remove_listed(client: DockerClient, doomed: Listed) -> Removed:
    """What of these was removed, by kind; what somebody else still uses stays."""
    api = client.api
    removers: dict[str, Callable[[str], object]] = {
        "containers": lambda key: api.remove_container(key, v=True, force=True),
        "networks": api.remove_network,
        "volumes": api.remove_volume,
        "images": api.remove_image,
    }
    removed = {
        kind: tuple(sorted(name for key, name in doomed[kind].items() if _try(remove, key)))
        for kind, remove in removers.items()
    }
    return Removed(**removed)


def _with_leftovers(client: DockerClient, lesson: str | None, removed: Removed) -> Removed:
    """What was removed, now with what the classic builder left without a name."""
    engine = client.info()["ID"]
    images = [image for image in leftovers(engine, lesson) if _is_unnamed(client, image)]
    gone = [image[:12] for image in images if _try(client.api.remove_image, image)]
    forget_leftovers(engine, lesson)
    return replace(removed, images=(*removed.images, *gone))


def _is_unnamed(client: DockerClient, image: str) -> bool:
    try:
        return not client.api.inspect_image(image)["RepoTags"]
    except NotFound:
        return False


def _try(remove: Callable[[str], object], key: str) -> bool:
    """Whether it is gone now; what somebody else still uses stays."""
    try:
        remove(key)
    except NotFound:
        return False
    except APIError as error:
        if error.status_code == 409:
            return False
        raise
    return True
