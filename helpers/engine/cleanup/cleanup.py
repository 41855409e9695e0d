"""Removing what the workbook made, and nothing else: by its notes, never by a label alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from docker.errors import APIError, NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.origin import own_objects
from helpers.engine.base.origin_ledger import (
    IMAGES,
    KINDS,
    VOLUMES,
    MadeObject,
    engine_id,
    forget,
    noted_objects,
)
from helpers.engine.build.leftovers import forget_leftovers, leftovers
from helpers.engine.cleanup.lesson_opening import close_lesson, strangers
from helpers.engine.cleanup.present import present
from helpers.engine.registry.volume import names_under
from helpers.model.container.outcome import Removed
from helpers.model.course.lesson import LESSONS
from helpers.model.text.answer_parts import texts_of

if TYPE_CHECKING:
    from docker import DockerClient

Listed = dict[str, dict[str, str]]
# What somebody else still uses: a network with their container on it answers with the first.
_IN_USE = (403, 409)


def clean_up(client: DockerClient, lesson: str, names: tuple[str, ...] = ()) -> Removed:
    """What was removed: all that was noted as made in that lesson, and what has one of the names
    that the lesson declares, unless it was there before the lesson.
    """
    with translated("docker rm"):
        doomed = _noted(client, lesson)
        _add(doomed, _made_since(client, lesson, names))
        removed = _with_leftovers(client, lesson, remove_listed(client, doomed))
        close_lesson(client, lesson, names)
        _forget_what_is_gone(client)
        return removed


def clean_up_all(client: DockerClient) -> Removed:
    """What was removed: all that the workbook made in any lesson or outside of one."""
    with translated("docker rm"):
        doomed = _noted(client, None)
        for lesson in LESSONS:
            _add(doomed, _made_since(client, lesson.number, lesson.names, only_open=True))
        removed = _with_leftovers(client, None, remove_listed(client, doomed))
        for lesson in LESSONS:
            close_lesson(client, lesson.number, lesson.names)
        _forget_what_is_gone(client)
        return removed


def _noted(client: DockerClient, lesson: str | None) -> Listed:
    own = own_objects(client, noted_objects(engine_id(client), lesson))
    doomed = {kind: {key: name for key, (name, _) in own[kind].items()} for kind in KINDS}
    for _, volume in own[VOLUMES].values():
        doomed[IMAGES] |= {name: name for name in names_under(client, volume)}
    return doomed


def _forget_what_is_gone(client: DockerClient) -> None:
    """Drops the notes on what is on the engine no longer; one without an id after a day."""
    notes = noted_objects(engine_id(client))
    matches = own_objects(client, notes).values()
    there = {note.token for match in matches for _, note in match.values()}
    forget(note for note in notes if note.token not in there and _is_over(note))


def _is_over(note: MadeObject) -> bool:
    return bool(note.identity) or not note.is_young


def _made_since(
    client: DockerClient, lesson: str, names: tuple[str, ...], only_open: bool = False
) -> Listed:
    """What has a declared name and was not there when the lesson was opened."""
    before = strangers(client, lesson, only_open) if names else None
    if before is None:
        return {kind: {} for kind in KINDS}
    now = present(client, names)
    return {
        kind: {
            (name if kind in ("images", "volumes") else identity): name
            for name, identity in now[kind].items()
            if _is_new(before.get(kind, {}), kind, name, identity)
        }
        for kind in KINDS
    }


def _is_new(before: Mapping[str, str], kind: str, name: str, identity: str) -> bool:
    """Whether it was not there before; a volume, which has no id, was if its name was taken."""
    return name not in before or (kind != VOLUMES and before[name] != identity)


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
    engine = engine_id(client)
    images = [image for image in leftovers(engine, lesson) if _is_unnamed(client, image)]
    gone = [image[:12] for image in images if _try(client.api.remove_image, image)]
    forget_leftovers(engine, lesson)
    return replace(removed, images=(*removed.images, *gone))


def _is_unnamed(client: DockerClient, image: str) -> bool:
    try:
        return not texts_of(client.api.inspect_image(image), "RepoTags")
    except NotFound:
        return False


def _try(remove: Callable[[str], object], key: str) -> bool:
    """Whether it is gone now; what somebody else still uses stays."""
    try:
        remove(key)
    except NotFound:
        return False
    except APIError as error:
        if error.status_code in _IN_USE:
            return False
        raise
    return True
