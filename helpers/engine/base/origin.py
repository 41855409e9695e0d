"""Which of an engine's objects the workbook made, by its notes: see `origin_ledger`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.labels import LESSON, TOKEN
from helpers.engine.base.listed_objects import (
    ListedImage,
    ListedObject,
    containers_of,
    images_of,
    networks_of,
    volumes_of,
)
from helpers.engine.base.origin_ledger import (
    CONTAINERS,
    IMAGES,
    KINDS,
    NETWORKS,
    VOLUMES,
    MadeObject,
    engine_id,
    noted_objects,
)
from helpers.errors import InvalidInput
from helpers.model.image.digest import short_id
from helpers.model.image.reference import ImageReference
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

# {how the engine is asked to remove it: (how people know it, the note on it)}
Matches = dict[str, tuple[str, MadeObject]]
_UNNAMED = "<none>:<none>"
_LABELLED = {"label": [LESSON]}


def own_objects(client: DockerClient, notes: Iterable[MadeObject]) -> dict[str, Matches]:
    """{kind: matches} of what is on the engine and stands in these notes of it."""
    by_kind: dict[str, list[MadeObject]] = {kind: [] for kind in KINDS}
    for note in notes:
        by_kind[note.kind].append(note)
    return {kind: match(client, by_kind[kind]) for kind, match in _MATCHES.items()}


def own_names(client: DockerClient, kind: str) -> set[str]:
    """How people know what the workbook made there of one kind; an image without ':latest'."""
    own = own_objects(client, _noted(client, kind))[kind].values()
    return {name.removesuffix(":latest") for name, _ in own}


def is_own_container(client: DockerClient, identity: str) -> bool:
    """Whether the workbook made the container of that id, in whatever session."""
    return identity in _containers(client, _noted(client, CONTAINERS))


def is_own_volume(client: DockerClient, name: str) -> bool:
    """Whether the workbook made the volume of that name, in whatever session."""
    return name in _volumes(client, _noted(client, VOLUMES))


def _noted(client: DockerClient, kind: str) -> list[MadeObject]:
    return [note for note in noted_objects(engine_id(client)) if note.kind == kind]


def _containers(client: DockerClient, notes: list[MadeObject]) -> Matches:
    if not notes:
        return {}
    items = containers_of(client.api, all=True, filters=_LABELLED)
    return {
        item.id: (item.name, note)
        for item, note in _by_id_or_token(items, notes)
        if note.identity or _image_of(client, item.id) == note.image
    }


def _image_of(client: DockerClient, container: str) -> str | None:
    """What the container was asked of, as it was written then; None where it is gone."""
    with suppress(NotFound):
        return text_in(client.api.inspect_container(container), "Config", "Image")
    return None


def _networks(client: DockerClient, notes: list[MadeObject]) -> Matches:
    if not notes:
        return {}
    items = networks_of(client.api, filters=_LABELLED)
    return {item.id: (item.name, note) for item, note in _by_id_or_token(items, notes)}


def _volumes(client: DockerClient, notes: list[MadeObject]) -> Matches:
    """By name and token, which nothing inherits from a volume."""
    if not notes:
        return {}
    by_token = {note.token: note for note in notes}
    matches: Matches = {}
    for item in volumes_of(client.api, filters=_LABELLED):
        note = by_token.get(_token(item))
        if note and note.name == item.name:
            matches[item.name] = (item.name, note)
    return matches


def _by_id_or_token(
    items: list[ListedObject], notes: list[MadeObject]
) -> list[tuple[ListedObject, MadeObject]]:
    """Each item with its note; by the token only while no id was noted, and for one alone."""
    by_id = {note.identity: note for note in notes if note.identity}
    by_token = {note.token: note for note in notes if not note.identity}
    counts = Counter(_token(item) for item in items)
    pairs = []
    for item in items:
        token = _token(item)
        note = by_id.get(item.id) or (by_token.get(token) if counts[token] == 1 else None)
        if note:
            pairs.append((item, note))
    return pairs


def _token(item: ListedObject) -> str:
    return item.labels.get(TOKEN, "")


def _images(client: DockerClient, notes: list[MadeObject]) -> Matches:
    """By tag and id; one that lost its only name to a newer one by its id and label."""
    if not notes:
        return {}
    wanted = [(note, canonical(note.name)) for note in notes]
    matches: Matches = {}
    for item in images_of(client.api):
        names = {name: canonical(name) for name in item.tags if name != _UNNAMED}
        for note, tag in wanted:
            if note.identity == item.id and not names and LESSON in item.labels:
                matches[item.id] = (short_id(item.id), note)
            for name, full in names.items():
                if full == tag and _led_to(note, item):
                    matches[name] = (name, note)
    return matches


def _led_to(note: MadeObject, image: ListedImage) -> bool:
    """Whether it is of that note that its tag leads to that image."""
    if note.identity:
        return note.identity == image.id
    is_of_lesson = image.labels.get(LESSON) == note.lesson
    return note.is_young and image.id not in note.before and is_of_lesson


def canonical(name: str) -> str:
    """The full name of an image, or what was handed in where that is none."""
    with suppress(InvalidInput):
        return ImageReference.parse(name).canonical()
    return name


_MATCHES = {CONTAINERS: _containers, IMAGES: _images, NETWORKS: _networks, VOLUMES: _volumes}
