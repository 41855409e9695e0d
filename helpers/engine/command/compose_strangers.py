"""Projects that were on the engine before a lesson, and those of other folders with its name.

Compose knows a project by its name alone, which is that of its folder unless somebody says
otherwise: two folders `shop` are one project to it, and the second takes the first one's place.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.engine.base.listed_objects import (
    ListedObject,
    containers_of,
    networks_of,
    volumes_of,
)
from helpers.engine.base.origin import own_names
from helpers.engine.base.origin_ledger import CONTAINERS, NETWORKS, VOLUMES
from helpers.engine.base.project_files import with_project_paths
from helpers.errors import InvalidInput
from helpers.model.command.compose_command import ComposeCommand
from helpers.model.project.member import PROJECT

if TYPE_CHECKING:
    from docker import DockerClient

_FOLDER = f"{PROJECT}.working_dir"

# Raises InvalidInput where one of the names was on the engine before the lesson.
KeepStrangers = Callable[[str, tuple[str, ...]], None]


def keep_project(
    client: DockerClient, keep: KeepStrangers, typed: ComposeCommand, project: str
) -> None:
    """Raises InvalidInput where what is in that project is somebody else's."""
    if not project:
        return
    api, wanted = client.api, {"label": f"{PROJECT}={project}"}
    containers = {item.name: item for item in containers_of(api, all=True, filters=wanted)}
    keep(CONTAINERS, tuple(containers))
    keep(NETWORKS, tuple(item.name for item in networks_of(api, filters=wanted)))
    keep(VOLUMES, tuple(item.name for item in volumes_of(api, filters=wanted)))
    if containers and not typed.project and "COMPOSE_PROJECT_NAME" not in os.environ:
        _keep_other_folder(client, project, containers, _folders(typed))


def _keep_other_folder(
    client: DockerClient, project: str, containers: dict[str, ListedObject], ours: set[Path]
) -> None:
    strangers = containers.keys() - own_names(client, CONTAINERS)
    for name in sorted(strangers):
        folder = containers[name].labels.get(_FOLDER, "")
        if folder and Path(folder).resolve() not in ours:
            raise InvalidInput(
                f"A project `{project}` of another folder, {folder}, is on this engine; it was "
                "left alone.",
                "Give this one a name of its own: `docker compose -p NAME …`.",
            )


def _folders(typed: ComposeCommand) -> set[Path]:
    """Where the project may be: here and above, or where an option or a variable leads."""
    folders = _values(typed, "project-directory", "workdir")
    files = _values(typed, "file", "f") + os.environ.get("COMPOSE_FILE", "").split(os.pathsep)
    here = Path.cwd()
    paths = [here, *here.parents, *_paths(folders), *(path.parent for path in _paths(files))]
    return {path.resolve() for path in paths}


def _values(typed: ComposeCommand, *names: str) -> list[str]:
    return [option.value for option in typed.own if option.name in names]


def _paths(words: Iterable[str]) -> list[Path]:
    return [Path(word).expanduser() for word in with_project_paths(words) if word]
