"""This machine: its processors, memory, disks and ports."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True)
class Memory:
    """Memory in bytes; `available_bytes` is None where the system does not tell."""

    total_bytes: int
    available_bytes: int | None = None


@dataclass(frozen=True)
class Disk:
    """A file system, in bytes: what folders on it are for, and the first of them."""

    purposes: tuple[str, ...]
    folder: Path
    total_bytes: int
    free_bytes: int


def memory() -> Memory | None:
    """This machine's memory, or what its container may take of it; None if it cannot be told."""
    if sys.platform == "win32":
        return _windows_memory()
    if _MEMINFO.exists():
        return _linux_memory(_MEMINFO.read_text(encoding="ascii"), _limit_bytes())
    try:
        return Memory(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (ValueError, OSError):
        return None


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


def _linux_memory(meminfo: str, limit_bytes: int | None) -> Memory | None:
    sizes = {name: int(size) * 1024 for name, size in re.findall(r"(\w+):\s+(\d+) kB", meminfo)}
    total = sizes.get("MemTotal")
    if total is None:
        return None
    available = sizes.get("MemAvailable")
    if limit_bytes is None or limit_bytes >= total:
        return Memory(total, available)
    return Memory(limit_bytes, None if available is None else min(available, limit_bytes))


def _limit_bytes() -> int | None:
    """The memory limit of the container that this process is in, if it has one."""
    for file in _LIMITS:
        try:
            text = file.read_text(encoding="ascii").strip()
        except OSError:
            continue
        return int(text) if text.isdigit() else None
    return None


def _windows_memory() -> Memory | None:
    """From GlobalMemoryStatusEx, whose structure is two 32-bit and seven 64-bit numbers."""
    if sys.platform != "win32":
        return None
    numbers = (ctypes.c_uint64 * 8)()
    numbers[0] = ctypes.sizeof(numbers)
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(numbers)):
        return None
    return Memory(numbers[1], numbers[2])
