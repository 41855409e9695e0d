"""What tests made by hand with a label of the workbook's, which clean-up leaves alone: removed."""

from __future__ import annotations

from contextlib import suppress

from docker import DockerClient
from docker.errors import APIError

from helpers.engine.base.labels import LESSON


def remove_labelled(client: DockerClient, lesson: str) -> None:
    """Nothing with that lesson's label is left on the engine, whoever made it."""
    api, mark = client.api, {"label": f"{LESSON}={lesson}"}
    for container in api.containers(all=True, filters=mark):
        with suppress(APIError):
            api.remove_container(container["Id"], v=True, force=True)
    for network in api.networks(filters=mark):
        with suppress(APIError):
            api.remove_network(network["Id"])
    for volume in api.volumes(filters=mark)["Volumes"] or []:
        with suppress(APIError):
            api.remove_volume(volume["Name"])
    for image in api.images(filters=mark):
        for name in [tag for tag in image["RepoTags"] or [] if tag != "<none>:<none>"] or [
            image["Id"]
        ]:
            with suppress(APIError):
                api.remove_image(name)
