"""A container made from settings, not yet started."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import CONTAINERS, asked_for
from helpers.engine.base.project_files import project_path
from helpers.errors import Interrupted
from helpers.model.container.run_settings import RunSettings
from helpers.model.text.command_line import words_of
from helpers.model.text.units import parse_bytes, parse_swap

if TYPE_CHECKING:
    from docker import DockerClient


def create_container(
    client: DockerClient,
    image: str,
    command: str | Sequence[str] | None,
    settings: RunSettings,
    lesson: str,
) -> str:
    """The id of the new container; raises the SDK's own errors, and Interrupted.

    The request runs on a thread of its own: an interrupt in its middle would lose the id, and
    with it the container. It is noted for clean-up before it is made.
    """
    with ThreadPoolExecutor(1) as pool:
        request = pool.submit(_request, client, image, command, settings, lesson)
        try:
            return request.result()
        except KeyboardInterrupt:
            client.api.remove_container(request.result(), v=True, force=True)
            raise Interrupted("No container was made.", "Run the cell again.") from None


def _request(
    client: DockerClient,
    image: str,
    command: str | Sequence[str] | None,
    settings: RunSettings,
    lesson: str,
) -> str:
    note = asked_for(client, lesson, CONTAINERS, name=settings.name or "", image=image)
    made = client.api.create_container(
        image,
        words_of(command) or None,
        name=settings.name,
        environment=settings.variables(),
        ports=[_port(inside) for inside in settings.bindings()],
        volumes=_mount_points(settings) or None,
        user=settings.user,
        working_dir=settings.workdir,
        entrypoint=list(settings.entrypoint) if settings.entrypoint is not None else None,
        healthcheck=settings.health_check(),
        labels=note.labels,
        host_config=client.api.create_host_config(**_host_settings(settings)),
    )
    identity = id_in(made, "docker create")
    note.made(identity)
    return identity


def _port(inside: str) -> tuple[int, str]:
    number, _, protocol = inside.partition("/")
    return int(number), protocol


def _binds(settings: RunSettings) -> list[str]:
    """`source:path` for each volume; a relative folder of this machine becomes absolute."""
    return [f"{_source(name)}:{path}" for name, path in settings.volumes]


def _source(name: str) -> str:
    return str(project_path(name).resolve()) if name.startswith(".") else name


def _mount_points(settings: RunSettings) -> list[str]:
    return [path.split(":")[0] for _, path in settings.volumes]


def _logging(settings: RunSettings) -> dict[str, Any] | None:
    """The log driver, '' for the engine's own, and its options, which are texts to the engine."""
    if settings.log_driver is None and not settings.log_opt:
        return None
    texts = {name: value or "" for name, value in settings.log_opt.items()}
    return {"Type": settings.log_driver or "", "Config": texts}


def _host_settings(settings: RunSettings) -> dict[str, Any]:
    wanted = {
        "port_bindings": settings.bindings() or None,
        "binds": _binds(settings) or None,
        "network_mode": settings.network,
        "mem_limit": None if settings.memory is None else parse_bytes(settings.memory),
        "memswap_limit": None if settings.memory_swap is None else parse_swap(settings.memory_swap),
        "nano_cpus": None if settings.cpus is None else round(settings.cpus * 1e9),
        "pids_limit": settings.pids_limit,
        "restart_policy": settings.restart_policy(),
        "read_only": settings.read_only or None,
        "init": settings.init or None,
        "cap_drop": list(settings.cap_drop) or None,
        "cap_add": list(settings.cap_add) or None,
        "security_opt": list(settings.security_opt) or None,
        "runtime": settings.runtime,
        "devices": list(settings.devices) or None,
        "tmpfs": {path: how or "" for path, how in settings.tmpfs.items()} or None,
        "extra_hosts": {name: host or "" for name, host in settings.add_host.items()} or None,
        "log_config": _logging(settings),
    }
    return {name: value for name, value in wanted.items() if value is not None}
