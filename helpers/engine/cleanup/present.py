"""What on the engine has one of some names, by kind, and is not the workbook's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.engine.base.labels import LESSON

if TYPE_CHECKING:
    from docker import DockerClient

KINDS = ("containers", "images", "networks", "volumes")
Present = dict[str, dict[str, str]]


def present(client: DockerClient, names: tuple[str, ...]) -> Present:
    """{kind: {name: identity}} of what has one of these names and no label of the workbook.

    The identity is the id; a volume, which has none, is known by its birth.
    """
    return {kind: _holders(client, kind, names) if names else {} for kind in KINDS}


def _holders(client: DockerClient, kind: str, names: tuple[str, ...]) -> dict[str, str]:
    holders: dict[str, str] = {}
    for names_of_it, identity, labels in _LISTS[kind](client):
        if LESSON not in labels:
            holders |= {name: identity for name in names_of_it if name in names}
    return holders


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
