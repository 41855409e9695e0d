"""This machine: its disks and ports."""

from __future__ import annotations

import errno
import shutil
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """A file system, in bytes: what folders on it are for, and the first of them."""

    purposes: tuple[str, ...]
    folder: Path
    total_bytes: int
    free_bytes: int


def disks(folders: Iterable[tuple[str, Path]]) -> list[Disk]:
    """The file system of each folder (purpose, path), once where several share one."""
    by_device: dict[int, Disk] = {}
    for purpose, folder in folders:
        existing = next((path for path in (folder, *folder.parents) if path.exists()), None)
        if existing is None:
            continue
        try:
            device = existing.stat().st_dev
            usage = shutil.disk_usage(existing)
        except OSError:
            continue
        disk = by_device.get(device, Disk((), existing, usage.total, usage.free))
        by_device[device] = replace(disk, purposes=(*disk.purposes, purpose))
    return list(by_device.values())


def busy_ports(ports: Iterable[int]) -> list[int]:
    """Those of these TCP ports on which nothing more can listen here."""
    return [port for port in ports if not _is_free(port)]


def _is_free(port: int) -> bool:
    """Whether a port can be had on every address, as `-p` takes it."""
    families = [(socket.AF_INET, "0.0.0.0")]
    if socket.has_dualstack_ipv6():
        families.append((socket.AF_INET6, "::"))
    return all(_can_listen(family, address, port) for family, address in families)


def _can_listen(family: socket.AddressFamily, address: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if sys.platform != "win32":
            # Connections that have just ended do not keep a port busy for the engine either.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            listener.bind((address, port))
            listener.listen(1)
        except OSError as error:
            return error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
    return True
