"""The images that the workbook brought to an engine, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.labels import RECIPE, STAND_IN
from helpers.engine.base.listed_objects import images_of
from helpers.engine.base.origin_ledger import KINDS, engine_id
from helpers.engine.cleanup.cleanup import Listed, remove_listed
from helpers.engine.supply.ledger import supplied, unfinished
from helpers.model.container.outcome import Removed

if TYPE_CHECKING:
    from docker import DockerClient

_MADE_HERE = {STAND_IN, RECIPE}


def remove_supplied(client: DockerClient) -> Removed:
    """What was removed: the images that the workbook brought to this engine, and nobody uses.

    Of an image whose maker was killed before it could note the id, the name and the label decide.
    """
    with translated("docker rmi"):
        engine = engine_id(client)
        brought = {entry.name: entry.image_id for entry in supplied(engine)}
        begun = unfinished(engine)
        doomed: Listed = {kind: {} for kind in KINDS}
        for item in images_of(client.api):
            is_made_here = bool(_MADE_HERE & set(item.labels))
            for name in item.tags:
                if brought.get(name) == item.id or (name in begun and is_made_here):
                    doomed["images"][name] = name
        return remove_listed(client, doomed)
