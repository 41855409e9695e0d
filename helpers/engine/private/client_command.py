"""The `docker` command for a private engine's cells and terminals: its own client and plug-ins.

The client is that of the engine's packages, so that its words and buildx and Compose fit. It finds
plug-ins in its settings' folder, or in places that only an administrator fills; so it gets a folder
of the workbook's own, in which all but the plug-ins is a link to what the user has in ~/.docker.
Logins and contexts are the user's as before, and what is changed in settings is changed there.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from helpers.engine.base.folders import state_dir
from helpers.engine.debian.unpacked_tree import UnpackedTree

_PLUGINS = "usr/libexec/docker/cli-plugins"


def client_environment() -> dict[str, str]:
    """PATH and DOCKER_CONFIG for whoever types docker commands for a private engine."""
    programs = str(_folder() / "bin")
    others = [part for part in os.environ.get("PATH", "").split(os.pathsep) if part != programs]
    return {
        "PATH": os.pathsep.join([programs, *others]),
        "DOCKER_CONFIG": str(_folder() / "config"),
    }


def prepare_client(tree: UnpackedTree) -> None:
    """The client and plug-ins that `client_environment` leads to are those of the tree."""
    settings = _users_settings()
    _link(_folder() / "bin" / "docker", tree.folder / "usr/bin/docker")
    config = _folder() / "config"
    config.mkdir(exist_ok=True)
    _remove_links(config)
    for path in settings.iterdir() if settings.is_dir() else ():
        if path.name != "cli-plugins":
            _link(config / path.name, path)
    _link_plugins(config / "cli-plugins", tree, settings)


def _link_plugins(folder: Path, tree: UnpackedTree, settings: Path) -> None:
    """The tree's plug-ins, and those that the user has beside them."""
    shutil.rmtree(folder, ignore_errors=True)
    for source in (settings / "cli-plugins", tree.folder / _PLUGINS):
        for plugin in source.iterdir() if source.is_dir() else ():
            _link(folder / plugin.name, plugin)


def _users_settings() -> Path:
    """The folder of the user's own docker command; never ours, which a terminal of ours names."""
    folder = os.environ.get("DOCKER_CONFIG")
    if folder and Path(folder) != _folder() / "config":
        return Path(folder)
    return Path.home() / ".docker"


def _folder() -> Path:
    return state_dir() / "docker"


def _link(link: Path, target: Path) -> None:
    """The link leads there, whatever was in its place; a folder that docker made stays."""
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_dir() and not link.is_symlink():
        return
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _remove_links(folder: Path) -> None:
    """No link is left that an earlier start made; what docker itself wrote there stays."""
    for path in folder.iterdir():
        if path.is_symlink():
            path.unlink()
