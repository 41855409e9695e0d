"""What carries the workbook's label and is not its own, as far as its notes tell: it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.labels import LESSON
from helpers.engine.base.listed_objects import (
    containers_of,
    images_of,
    networks_of,
    volumes_of,
)
from helpers.engine.base.origin import own_objects
from helpers.engine.base.origin_ledger import (
    CONTAINERS,
    IMAGES,
    NETWORKS,
    VOLUMES,
    engine_id,
    noted_objects,
)
from helpers.model.image.digest import short_id

if TYPE_CHECKING:
    from docker import DockerClient

_LABELLED = {"label": [LESSON]}


def labelled_by_others(client: DockerClient) -> list[str]:
    """The names of what inherited the label, got it by hand, or stood in a note that was lost."""
    with translated("docker ps"):
        own = own_objects(client, noted_objects(engine_id(client)))
        api = client.api
        containers = containers_of(api, all=True, filters=_LABELLED)
        images = images_of(api, filters=_LABELLED)
        networks = networks_of(api, filters=_LABELLED)
        volumes = volumes_of(api, filters=_LABELLED)
    others = [item.name for item in containers if item.id not in own[CONTAINERS]]
    for item in images:
        tags = [tag for tag in item.tags if not tag.startswith("<none>")]
        tags = tags or ([] if item.id in own[IMAGES] else [short_id(item.id)])
        others += [tag for tag in tags if tag not in own[IMAGES]]
    others += [item.name for item in networks if item.id not in own[NETWORKS]]
    return others + [item.name for item in volumes if item.id not in own[VOLUMES]]
