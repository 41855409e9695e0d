"""Where an act is tried: in the container itself, or in a twin of it that has a busybox."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from helpers.engine.isolation.shell import BUSYBOX, answered
from helpers.engine.isolation.siblings import Siblings
from helpers.errors import EngineError
from helpers.model.isolation.walls import Walls

if TYPE_CHECKING:
    from docker import DockerClient

IN_IT = "in the container"
IN_A_TWIN = "in a twin: busybox with the same options, users, processes and network"
_ROOT, _MEMORY = "/", "/dev/shm"
_OWN_MEMORY = ("", "private", "shareable")


@contextmanager
def stage_of(
    siblings: Siblings, seen: dict[str, Any], walls: Walls
) -> Iterator[tuple[str, str, str]]:
    """The id of the container to try in, a new folder of its own there, and which container it is.

    `seen` is what the engine inspects. A folder that may be the host's is never taken. Raises
    EngineError where a twin does not start, or has no room.
    """
    name = f"workbook-try-{secrets.token_hex(6)}"
    container = str(seen["Id"])
    if folder := made_folder(siblings.client, container, own_folders(seen), name):
        yield container, folder, IN_IT
        return
    status = walls.status
    user = "" if status is None or status.user is None else f"{status.user}:{status.group}"
    with siblings.running(user=user, **twin_options(seen)) as made:
        folder = made_folder(siblings.client, made, (_ROOT, _MEMORY), name)
        if not folder:
            raise EngineError("A twin has no folder to try in.", "Look whether its disk has room.")
        yield made, folder, IN_A_TWIN


def own_folders(seen: dict[str, Any]) -> tuple[str, ...]:
    """The folders of the container's own in which something may be written, where they let it.

    A root without capabilities cannot write into Podman's `/`, which nobody may write into.
    """
    mounted = {str(mount.get("Destination")) for mount in seen.get("Mounts") or ()}
    has_own = str(seen["HostConfig"].get("IpcMode") or "") in _OWN_MEMORY
    root = () if seen["HostConfig"].get("ReadonlyRootfs") else (_ROOT,)
    return (*root, _MEMORY) if has_own and not mounted & {_MEMORY, "/dev"} else root


def made_folder(client: DockerClient, container: str, parents: tuple[str, ...], name: str) -> str:
    """The folder of that name, in which everybody may write, that a busybox which is there made
    in the first of these where it could; empty where it could not.
    """
    for parent in parents:
        folder = f"{parent.rstrip('/')}/{name}"
        script = f"b={BUSYBOX}; $b mkdir {folder} && $b chmod 777 {folder}"
        with suppress(EngineError):
            if answered(client, container, (BUSYBOX, "sh", "-c", script), "0:0").is_good:
                return folder
    return ""


def twin_options(seen: dict[str, Any]) -> dict[str, Any]:
    """The options of `create_host_config` that give a twin the same rights, and none of its files.

    It has a host name of its own even where the container has the host's.
    """
    config = seen["HostConfig"]
    wanted = {
        "cap_add": config.get("CapAdd"),
        "cap_drop": config.get("CapDrop"),
        "privileged": config.get("Privileged"),
        "security_opt": config.get("SecurityOpt"),
        "group_add": config.get("GroupAdd"),
        "userns_mode": "host" if config.get("UsernsMode") == "host" else None,
    }
    beside = f"container:{seen['Id']}"
    shared = {"pid_mode": beside, "network_mode": beside}
    return shared | {name: value for name, value in wanted.items() if value}
