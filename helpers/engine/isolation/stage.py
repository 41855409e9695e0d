"""Where an act is tried: in the container itself, or in a twin of it that has a busybox."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from helpers.engine.base.needed_parts import id_in, needed_table
from helpers.engine.isolation.shell import BUSYBOX, answered
from helpers.engine.isolation.siblings import Siblings
from helpers.errors import EngineError
from helpers.model.isolation.walls import Walls
from helpers.model.text.answer_parts import flag_in, tables_of, text_in, texts_of

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
    container = id_in(seen, "docker inspect")
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
    host = needed_table(seen, "docker inspect", "HostConfig")
    mounted = {text_in(mount, "Destination") for mount in tables_of(seen, "Mounts")}
    has_own = text_in(host, "IpcMode") in _OWN_MEMORY
    root = () if flag_in(host, "ReadonlyRootfs") else (_ROOT,)
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
    host = needed_table(seen, "docker inspect", "HostConfig")
    wanted = {
        "cap_add": texts_of(host, "CapAdd"),
        "cap_drop": texts_of(host, "CapDrop"),
        "privileged": flag_in(host, "Privileged"),
        "security_opt": texts_of(host, "SecurityOpt"),
        "group_add": texts_of(host, "GroupAdd"),
        "userns_mode": "host" if text_in(host, "UsernsMode") == "host" else None,
    }
    beside = f"container:{id_in(seen, 'docker inspect')}"
    shared = {"pid_mode": beside, "network_mode": beside}
    return shared | {name: value for name, value in wanted.items() if value}
