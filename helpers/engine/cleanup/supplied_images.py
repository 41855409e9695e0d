"""The images that the workbook brought to an engine, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.origin_ledger import KINDS
from helpers.engine.cleanup.cleanup import Listed, remove_listed
from helpers.engine.supply.ledger import supplied
from helpers.model.container.outcome import Removed

if TYPE_CHECKING:
    from docker import DockerClient


def remove_supplied(client: DockerClient) -> Removed:
    """What was removed: the images that the workbook brought to this engine, and nobody uses."""
    with translated("docker rmi"):
        brought = {entry.name: entry.image_id for entry in supplied(client.info()["ID"])}
        doomed: Listed = {kind: {} for kind in KINDS}
        for item in client.api.images():
            for name in item["RepoTags"] or []:
                if brought.get(name) == item["Id"]:
                    doomed["images"][name] = name
        return remove_listed(client, doomed)
