"""The readings in an answer of the Engine API's /containers/ID/stats.

Docker tells the same on cgroup v1 and v2 under different names: `total_inactive_file` and
`inactive_file`, operations `Read` and `read`; on v2 there is no `percpu_usage`. Podman's
compatible API has no `memory_stats.stats` and no limit of processes, and always says that nothing
was throttled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.model.container.limits import NO_LIMITS, Limits
from helpers.model.text.answer_parts import (
    count_in,
    count_or_none,
    moment_in,
    part_of,
    tables_of,
    text_in,
)
from helpers.model.usage.usage import Reading

_UNLIMITED = 2**62


def reading_of(answer: Mapping[str, Any], limits: Limits = NO_LIMITS) -> Reading | None:
    """The reading in an answer; None of a container that does not run."""
    cpu, memory = part_of(answer, "cpu_stats"), part_of(answer, "memory_stats")
    usage, used = count_or_none(memory, "usage"), count_or_none(cpu, "cpu_usage", "total_usage")
    if not usage and not used:
        return None
    received, sent = _network(part_of(answer, "networks"))
    read, written = _blocks(part_of(answer, "blkio_stats"))
    periods, throttled = _throttling(cpu)
    return Reading(
        at=moment_in(answer, "read"),
        cpu_nanoseconds=used,
        system_nanoseconds=count_or_none(cpu, "system_cpu_usage"),
        online_cpus=_online_cpus(cpu),
        cpu_limit=limits.cpus,
        periods=periods,
        throttled_periods=throttled,
        memory_usage_bytes=usage,
        inactive_file_bytes=_inactive_file(memory),
        memory_limit_bytes=count_or_none(memory, "limit"),
        has_memory_limit=limits.memory_bytes is not None,
        network_rx_bytes=received,
        network_tx_bytes=sent,
        block_read_bytes=read,
        block_write_bytes=written,
        pids=count_or_none(answer, "pids_stats", "current"),
        pids_limit=limit_or_none(count_or_none(answer, "pids_stats", "limit")) or limits.pids,
    )


def previous_reading_of(answer: Mapping[str, Any]) -> Reading | None:
    """The CPU part of the reading before, which streams tell; None in a first answer."""
    cpu = part_of(answer, "precpu_stats")
    system = count_or_none(cpu, "system_cpu_usage")
    if not system:
        return None
    return Reading(
        at=moment_in(answer, "preread"),
        cpu_nanoseconds=count_or_none(cpu, "cpu_usage", "total_usage"),
        system_nanoseconds=system,
        periods=count_or_none(cpu, "throttling_data", "periods"),
        throttled_periods=count_or_none(cpu, "throttling_data", "throttled_periods"),
    )


def limit_or_none(limit: int | None) -> int | None:
    """The limit; None where it is 0 or beyond all reason, which both stand for `max`."""
    return limit if limit and limit < _UNLIMITED else None


def _online_cpus(cpu: Mapping[str, Any]) -> int:
    each = part_of(cpu, "cpu_usage").get("percpu_usage")
    return count_in(cpu, "online_cpus") or (len(each) if isinstance(each, list) else 0)


def _throttling(cpu: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Periods and throttled periods; None of Podman, which says 0 whatever happens."""
    if "cpu" in cpu:
        return None, None
    throttling = part_of(cpu, "throttling_data")
    return count_or_none(throttling, "periods"), count_or_none(throttling, "throttled_periods")


def _inactive_file(memory: Mapping[str, Any]) -> int | None:
    stats = part_of(memory, "stats")
    version_1 = count_or_none(stats, "total_inactive_file")
    return count_or_none(stats, "inactive_file") if version_1 is None else version_1


def _network(networks: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Bytes received and sent by all interfaces; None without any, as with the host's network."""
    if not networks:
        return None, None
    interfaces = networks.values()
    return sum(count_in(item, "rx_bytes") for item in interfaces), sum(
        count_in(item, "tx_bytes") for item in interfaces
    )


def _blocks(stats: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Bytes read from and written to all devices; None where the engine has no such count.

    The docker CLI goes by the first letter, and so adds Podman's `rios` and `wios` to the bytes,
    which count operations.
    """
    key = "io_service_bytes_recursive"
    if not isinstance(stats.get(key), list):
        return None, None
    totals = {"read": 0, "write": 0}
    for entry in tables_of(stats, key):
        word = text_in(entry, "op").lower()
        if word in totals:
            totals[word] += count_in(entry, "value")
    return totals["read"], totals["write"]
