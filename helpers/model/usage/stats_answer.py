"""The readings in an answer of the Engine API's /containers/ID/stats.

Docker tells the same on cgroup v1 and v2 under different names: `total_inactive_file` and
`inactive_file`, operations `Read` and `read`; on v2 there is no `percpu_usage`. Podman's
compatible API has no `memory_stats.stats` and no limit of processes, and always says that nothing
was throttled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.model.container.limits import NO_LIMITS, Limits
from helpers.model.text.timestamps import seconds_since_1970
from helpers.model.usage.usage import Reading

_UNLIMITED = 2**62


def reading_of(answer: Mapping[str, Any], limits: Limits = NO_LIMITS) -> Reading | None:
    """The reading in an answer; None of a container that does not run."""
    cpu, memory = answer.get("cpu_stats") or {}, answer.get("memory_stats") or {}
    if not memory.get("usage") and not (cpu.get("cpu_usage") or {}).get("total_usage"):
        return None
    received, sent = _network(answer.get("networks"))
    read, written = _blocks((answer.get("blkio_stats") or {}).get("io_service_bytes_recursive"))
    periods, throttled = _throttling(answer)
    pids = answer.get("pids_stats") or {}
    return Reading(
        at=seconds_since_1970(answer["read"]),
        cpu_nanoseconds=cpu["cpu_usage"]["total_usage"],
        system_nanoseconds=cpu.get("system_cpu_usage"),
        online_cpus=_online_cpus(cpu),
        cpu_limit=limits.cpus,
        periods=periods,
        throttled_periods=throttled,
        memory_usage_bytes=memory.get("usage"),
        inactive_file_bytes=_inactive_file(memory),
        memory_limit_bytes=memory.get("limit"),
        has_memory_limit=limits.memory_bytes is not None,
        network_rx_bytes=received,
        network_tx_bytes=sent,
        block_read_bytes=read,
        block_write_bytes=written,
        pids=pids.get("current"),
        pids_limit=limit_or_none(pids.get("limit")) or limits.pids,
    )


def previous_reading_of(answer: Mapping[str, Any]) -> Reading | None:
    """The CPU part of the reading before, which streams tell; None in a first answer."""
    cpu = answer.get("precpu_stats") or {}
    if not cpu.get("system_cpu_usage"):
        return None
    throttling = cpu.get("throttling_data") or {}
    return Reading(
        at=seconds_since_1970(answer["preread"]),
        cpu_nanoseconds=cpu["cpu_usage"]["total_usage"],
        system_nanoseconds=cpu["system_cpu_usage"],
        periods=throttling.get("periods"),
        throttled_periods=throttling.get("throttled_periods"),
    )


def limit_or_none(limit: int | None) -> int | None:
    """The limit; None where it is 0 or beyond all reason, which both stand for `max`."""
    return limit if limit and limit < _UNLIMITED else None


def _online_cpus(cpu: Mapping[str, Any]) -> int:
    return cpu.get("online_cpus") or len((cpu.get("cpu_usage") or {}).get("percpu_usage") or ())


def _throttling(answer: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Periods and throttled periods; None of Podman, which says 0 whatever happens."""
    cpu = answer["cpu_stats"]
    throttling = cpu.get("throttling_data")
    if throttling is None or "cpu" in cpu:
        return None, None
    return throttling.get("periods"), throttling.get("throttled_periods")


def _inactive_file(memory: Mapping[str, Any]) -> int | None:
    stats: Mapping[str, int] = memory.get("stats") or {}
    return stats.get("total_inactive_file", stats.get("inactive_file"))


def _network(networks: Mapping[str, Any] | None) -> tuple[int | None, int | None]:
    """Bytes received and sent by all interfaces; None without any, as with the host's network."""
    if not networks:
        return None, None
    interfaces = networks.values()
    return sum(item["rx_bytes"] for item in interfaces), sum(
        item["tx_bytes"] for item in interfaces
    )


def _blocks(entries: Iterable[Mapping[str, Any]] | None) -> tuple[int | None, int | None]:
    """Bytes read from and written to all devices; None where the engine has no such count.

    The docker CLI goes by the first letter, and so adds Podman's `rios` and `wios` to the bytes,
    which count operations.
    """
    if entries is None:
        return None, None
    totals = {"read": 0, "write": 0}
    for entry in entries:
        word = entry["op"].lower()
        if word in totals:
            totals[word] += entry["value"]
    return totals["read"], totals["write"]
