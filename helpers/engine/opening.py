"""What already had a lesson's names on the engine when the lesson was first opened there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.engine.labels import LESSON
from helpers.engine.places import state_dir

if TYPE_CHECKING:
    from docker import DockerClient

KINDS = ("containers", "images", "networks", "volumes")
Present = dict[str, dict[str, str]]


def present(client: DockerClient, names: tuple[str, ...]) -> Present:
    """{kind: {name: identity}} of what has one of these names; a volume's identity is its birth."""
    return {kind: _named(client, kind, names) if names else {} for kind in KINDS}


def strangers(client: DockerClient, lesson: str) -> Present | None:
    """What had these names, unlabelled, when the lesson was opened; None if that was not noted."""
    noted = _read().get(_key(client, lesson))
    return noted if isinstance(noted, dict) else None


def note_opening(client: DockerClient, lesson: str, names: tuple[str, ...]) -> None:
    """Notes strangers the first time a lesson is opened on this engine; later calls keep that."""
    noted = _read()
    key = _key(client, lesson)
    if not names or key in noted:
        return
    noted[key] = present(client, names)
    _write(noted)


def forget_opening(client: DockerClient, lesson: str) -> None:
    """Forgets the note, once the lesson was cleaned up."""
    noted = _read()
    if noted.pop(_key(client, lesson), None) is not None:
        _write(noted)


def _named(client: DockerClient, kind: str, names: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for names_of_it, identity, labels in _LISTS[kind](client):
        if LESSON not in labels:
            found |= {name: identity for name in names_of_it if name in names}
    return found


def _containers(client: DockerClient) -> list[tuple[list[str], str, Mapping[str, str]]]:
    return [
        ([name.removeprefix("/") for name in item["Names"] or []], item["Id"], item["Labels"] or {})
        for item in client.api.containers(all=True)
    ]


def _images(client: DockerClient) -> list[tuple[list[str], str, Mapping[str, str]]]:
    return [
        (
            [name.removesuffix(":latest") for name in item["RepoTags"] or []],
            item["Id"],
            item["Labels"] or {},
        )
        for item in client.api.images()
    ]


def _networks(client: DockerClient) -> list[tuple[list[str], str, Mapping[str, str]]]:
    return [([item["Name"]], item["Id"], item["Labels"] or {}) for item in client.api.networks()]


def _volumes(client: DockerClient) -> list[tuple[list[str], str, Mapping[str, str]]]:
    return [
        ([item["Name"]], item.get("CreatedAt", ""), item["Labels"] or {})
        for item in client.api.volumes()["Volumes"] or []
    ]


_LISTS = {
    "containers": _containers,
    "images": _images,
    "networks": _networks,
    "volumes": _volumes,
}


def _key(client: DockerClient, lesson: str) -> str:
    return f"{client.info()['ID']} {lesson}"


def _file() -> Path:
    return state_dir() / "openings.json"


def _read() -> dict[str, Any]:
    try:
        noted = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _write(noted: Mapping[str, Any]) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(noted, indent=1), encoding="utf-8")
    fresh.replace(path)
