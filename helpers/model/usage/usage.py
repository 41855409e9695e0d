"""What containers use: raw readings, the usage between two of them, and a tick of many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED, Contact


@dataclass(frozen=True)
class Reading:
    """A container's counters at one moment, raw; None for what its source does not tell.

    `at` is in seconds since 1970. `system_nanoseconds` is the CPU time of the whole machine, which
    `docker stats` measures time by; `online_cpus` goes with it. `cpu_limit` is in cores, None for
    no limit. `memory_usage_bytes` counts the page cache, of which `inactive_file_bytes` is the part
    that the kernel gives up first.
    """

    at: float
    cpu_nanoseconds: int | None = None
    system_nanoseconds: int | None = None
    online_cpus: int = 0
    cpu_limit: float | None = None
    periods: int | None = None
    throttled_periods: int | None = None
    memory_usage_bytes: int | None = None
    inactive_file_bytes: int | None = None
    memory_limit_bytes: int | None = None
    has_memory_limit: bool = False
    network_rx_bytes: int | None = None
    network_tx_bytes: int | None = None
    block_read_bytes: int | None = None
    block_write_bytes: int | None = None
    pids: int | None = None
    pids_limit: int | None = None


@dataclass(frozen=True)
class Usage:
    """What a container used up to a moment, counted as `docker stats` does; None shows as n/a.

    `cpu_percent` is 100 for one full core. `memory_bytes` leaves out `memory_cache_bytes`, the page
    cache that the kernel gives up first; the two together are what is held against the limit.
    `memory_limit_bytes` is the machine's memory where `has_memory_limit` is false. Network and
    block bytes count from the container's start. `throttled_percent` is the share of periods in
    which it wanted more CPU than its limit. `at` is in seconds since 1970.
    """

    at: float
    cpu_percent: float | None = None
    cpu_percent_of_limit: float | None = None
    throttled_percent: float | None = None
    memory_bytes: int | None = None
    memory_cache_bytes: int | None = None
    memory_limit_bytes: int | None = None
    has_memory_limit: bool = False
    network_rx_bytes: int | None = None
    network_tx_bytes: int | None = None
    block_read_bytes: int | None = None
    block_write_bytes: int | None = None
    pids: int | None = None
    pids_limit: int | None = None


@dataclass(frozen=True)
class Tick:
    """What was found out since the tick before, of all containers watched.

    `usages` holds those measured since then, by container id; a source that is slower than the
    ticks leaves some out. `names` and `states` (running, paused, exited …) hold every container
    watched; one that was removed is there once more, as `removed`, with its `destroy` event.
    `rate_hz` is how often each running container was really measured, None before that is known.
    """

    at: float
    usages: Mapping[str, Usage] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    events: tuple[EngineEvent, ...] = ()
    source: str = ""
    rate_hz: float | None = None
    contact: Contact = CONNECTED


def usage_between(earlier: Reading | None, later: Reading) -> Usage:
    """The usage at the later of two readings; its CPU is that between them, None without both.

    Source of the formulas: docker/cli, cli/command/container/stats_helpers.go.
    """
    cpu = _cpu_percent(earlier, later)
    memory, cache = _memory(later)
    return Usage(
        at=later.at,
        cpu_percent=cpu,
        cpu_percent_of_limit=None if cpu is None or not later.cpu_limit else cpu / later.cpu_limit,
        throttled_percent=_throttled_percent(earlier, later),
        memory_bytes=memory,
        memory_cache_bytes=cache,
        memory_limit_bytes=later.memory_limit_bytes,
        has_memory_limit=later.has_memory_limit,
        network_rx_bytes=later.network_rx_bytes,
        network_tx_bytes=later.network_tx_bytes,
        block_read_bytes=later.block_read_bytes,
        block_write_bytes=later.block_write_bytes,
        pids=later.pids,
        pids_limit=later.pids_limit,
    )


def _cpu_percent(earlier: Reading | None, later: Reading) -> float | None:
    """Cores' worth of CPU × 100, by the machine's CPU time where both tell it, else by the clock.

    The machine's CPU time moves in ticks of 10 ms, so over half a second the clock is finer.
    """
    if earlier is None or earlier.cpu_nanoseconds is None or later.cpu_nanoseconds is None:
        return None
    used = later.cpu_nanoseconds - earlier.cpu_nanoseconds
    if earlier.system_nanoseconds is None or later.system_nanoseconds is None:
        passed = (later.at - earlier.at) * 1e9
    else:
        system = later.system_nanoseconds - earlier.system_nanoseconds
        passed = system / (later.online_cpus or 1)
    return used / passed * 100 if used > 0 and passed > 0 else 0.0


def _memory(reading: Reading) -> tuple[int | None, int | None]:
    """The memory in use and the cache left out of it, in bytes."""
    usage, cache = reading.memory_usage_bytes, reading.inactive_file_bytes
    if usage is None or cache is None:
        return usage, None
    return (usage - cache, cache) if cache < usage else (usage, 0)


def _throttled_percent(earlier: Reading | None, later: Reading) -> float | None:
    """The share of enforcement periods between the two in which it was throttled.

    A group that wanted no CPU has no periods, and was not throttled.
    """
    if earlier is None or earlier.periods is None or earlier.throttled_periods is None:
        return None
    if later.periods is None or later.throttled_periods is None:
        return None
    periods = later.periods - earlier.periods
    throttled = later.throttled_periods - earlier.throttled_periods
    return throttled / periods * 100 if throttled > 0 and periods > 0 else 0.0
