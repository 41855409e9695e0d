"""What carries the workbook's label and is not its own, as far as its notes tell: it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.images_of import images_of
from helpers.engine.base.labels import LESSON
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
        containers = api.containers(all=True, filters=_LABELLED)
        images = images_of(api, filters=_LABELLED)
        networks = api.networks(filters=_LABELLED)
        volumes = api.volumes(filters=_LABELLED)["Volumes"] or []
    names = [((item["Names"] or [short_id(item["Id"])])[0], item["Id"]) for item in containers]
    others = [name.removeprefix("/") for name, key in names if key not in own[CONTAINERS]]
    for item in images:
        tags = [tag for tag in item["RepoTags"] or [] if not tag.startswith("<none>")]
        tags = tags or ([] if item["Id"] in own[IMAGES] else [short_id(item["Id"])])
        others += [tag for tag in tags if tag not in own[IMAGES]]
    others += [item["Name"] for item in networks if item["Id"] not in own[NETWORKS]]
    return others + [item["Name"] for item in volumes if item["Name"] not in own[VOLUMES]]
