"""The readings in a control group's own files, by their texts.

Sources: the kernel's documentation, admin-guide/cgroup-v1 and admin-guide/cgroup-v2.rst, and
proc_pid_net(5) for `dev`. Which files the engine itself reads: containerd/cgroups.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpers.model.container.limits import Limits
from helpers.model.usage.stats_answer import limit_or_none
from helpers.model.usage.usage import Reading

V1_FILES = {
    "cpuacct": ("cpuacct.usage",),
    "cpu": ("cpu.stat",),
    "memory": ("memory.usage_in_bytes", "memory.stat"),
    "pids": ("pids.current", "pids.max"),
    "blkio": ("blkio.throttle.io_service_bytes",),
}
V2_FILES = (
    "cpu.stat",
    "memory.current",
    "memory.stat",
    "pids.current",
    "pids.max",
    "io.stat",
)
_V1_CACHE = re.compile(rb"^total_inactive_file (\d+)", re.MULTILINE)
_V2_CACHE = re.compile(rb"^inactive_file (\d+)", re.MULTILINE)
_PERIODS = re.compile(rb"^nr_periods (\d+)", re.MULTILINE)
_THROTTLED = re.compile(rb"^nr_throttled (\d+)", re.MULTILINE)
_V2_CPU = re.compile(rb"^usage_usec (\d+)", re.MULTILINE)
_V1_READ = re.compile(rb" Read (\d+)")
_V1_WRITTEN = re.compile(rb" Write (\d+)")
_V2_READ = re.compile(rb" rbytes=(\d+)")
_V2_WRITTEN = re.compile(rb" wbytes=(\d+)")

Texts = Mapping[str, bytes]


def reading_v1(
    texts: Texts, network: bytes | None, at: float, limits: Limits, machine_memory_bytes: int
) -> Reading:
    """The reading in the files of cgroup v1 by name; a missing file's numbers are None."""
    received, sent = _network(network)
    blocks = texts.get("blkio.throttle.io_service_bytes")
    return Reading(
        at=at,
        cpu_nanoseconds=_number(texts.get("cpuacct.usage")),
        cpu_limit=limits.cpus,
        periods=_first_number(_PERIODS, texts.get("cpu.stat")),
        throttled_periods=_first_number(_THROTTLED, texts.get("cpu.stat")),
        memory_usage_bytes=_number(texts.get("memory.usage_in_bytes")),
        inactive_file_bytes=_first_number(_V1_CACHE, texts.get("memory.stat")),
        memory_limit_bytes=_limit(limits, machine_memory_bytes),
        has_memory_limit=limits.memory_bytes is not None,
        network_rx_bytes=received,
        network_tx_bytes=sent,
        block_read_bytes=_summed(_V1_READ, blocks),
        block_write_bytes=_summed(_V1_WRITTEN, blocks),
        pids=_number(texts.get("pids.current")),
        pids_limit=limit_or_none(_number(texts.get("pids.max"))),
    )


def reading_v2(
    texts: Texts, network: bytes | None, at: float, limits: Limits, machine_memory_bytes: int
) -> Reading:
    """The reading in the files of cgroup v2 by name; a missing file's numbers are None."""
    received, sent = _network(network)
    microseconds = _first_number(_V2_CPU, texts.get("cpu.stat"))
    return Reading(
        at=at,
        cpu_nanoseconds=None if microseconds is None else microseconds * 1000,
        cpu_limit=limits.cpus,
        periods=_first_number(_PERIODS, texts.get("cpu.stat")),
        throttled_periods=_first_number(_THROTTLED, texts.get("cpu.stat")),
        memory_usage_bytes=_number(texts.get("memory.current")),
        inactive_file_bytes=_first_number(_V2_CACHE, texts.get("memory.stat")),
        memory_limit_bytes=_limit(limits, machine_memory_bytes),
        has_memory_limit=limits.memory_bytes is not None,
        network_rx_bytes=received,
        network_tx_bytes=sent,
        block_read_bytes=_summed(_V2_READ, texts.get("io.stat")),
        block_write_bytes=_summed(_V2_WRITTEN, texts.get("io.stat")),
        pids=_number(texts.get("pids.current")),
        pids_limit=limit_or_none(_number(texts.get("pids.max"))),
    )


def _limit(limits: Limits, machine_memory_bytes: int) -> int:
    """As the engine says it: never more than the machine has."""
    return min(limits.memory_bytes or machine_memory_bytes, machine_memory_bytes)


def _number(text: bytes | None) -> int | None:
    """The number that is all of a file; None for `max`."""
    return int(text) if text is not None and text[:1].isdigit() else None


def _first_number(pattern: re.Pattern[bytes], text: bytes | None) -> int | None:
    match = pattern.search(text) if text is not None else None
    return int(match[1]) if match else None


def _summed(pattern: re.Pattern[bytes], text: bytes | None) -> int | None:
    return None if text is None else sum(map(int, pattern.findall(text)))


def _network(dev: bytes | None) -> tuple[int | None, int | None]:
    """Bytes received and sent by all interfaces but the loopback; None without any.

    A kernel with tunnels in it puts idle ones into each network namespace: they add nothing.
    """
    received, sent, interfaces = 0, 0, 0
    for line in (dev or b"").splitlines()[2:]:
        name, _, counters = line.partition(b":")
        if name.strip() != b"lo":
            columns = counters.split()
            received, sent = received + int(columns[0]), sent + int(columns[8])
            interfaces += 1
    return (received, sent) if interfaces else (None, None)
