"""What a container used, by the formulas of `docker stats`, on numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from helpers.model.container.limits import NO_LIMITS, Limits
from helpers.model.usage.stats_answer import previous_reading_of, reading_of
from helpers.model.usage.usage import Reading, Usage, usage_between

SECOND = 1_000_000_000
MIB = 1 << 20


def readings(used: int, system: int | None, cpus: int = 4, seconds: float = 1) -> list[Reading]:
    """Two readings between which so much CPU was used, by it and by the machine."""
    first = Reading(100, cpu_nanoseconds=7 * SECOND, online_cpus=cpus)
    second = replace(first, at=100 + seconds, cpu_nanoseconds=7 * SECOND + used)
    if system is None:
        return [first, second]
    begin = 900 * SECOND
    return [
        replace(first, system_nanoseconds=begin),
        replace(second, system_nanoseconds=begin + system),
    ]


def test_one_full_core_is_a_hundred_whatever_the_machine_has() -> None:
    for cpus in (1, 2, 64):
        pair = readings(SECOND, cpus * SECOND, cpus)
        assert usage_between(*pair).cpu_percent == 100


def test_the_clock_serves_where_the_machine_tells_no_time() -> None:
    assert usage_between(*readings(SECOND, None, seconds=0.5)).cpu_percent == 200
    assert usage_between(*readings(SECOND // 4, None)).cpu_percent == 25


def test_a_count_that_went_back_or_stood_still_is_no_use() -> None:
    assert usage_between(*readings(-SECOND, 4 * SECOND)).cpu_percent == 0
    assert usage_between(*readings(0, 4 * SECOND)).cpu_percent == 0
    assert usage_between(*readings(SECOND, 0)).cpu_percent == 0
    assert usage_between(*readings(SECOND, None, seconds=0)).cpu_percent == 0


def test_cpu_is_unknown_before_a_second_reading() -> None:
    first, second = readings(SECOND, None)
    assert usage_between(None, first).cpu_percent is None
    assert usage_between(None, first).throttled_percent is None
    assert usage_between(replace(first, cpu_nanoseconds=None), second).cpu_percent is None


def test_the_share_of_its_own_limit() -> None:
    first, second = (replace(one, cpu_limit=0.5) for one in readings(SECOND // 4, None))
    used = usage_between(first, second)
    assert (used.cpu_percent, used.cpu_percent_of_limit) == (25, 50)
    assert usage_between(*readings(SECOND, None)).cpu_percent_of_limit is None


@pytest.mark.parametrize(
    ("periods", "throttled", "expected"),
    [((10, 20), (3, 8), 50), ((10, 20), (3, 3), 0), ((10, 10), (3, 3), 0), ((10, 5), (3, 1), 0)],
)
def test_the_throttled_share_of_periods(
    periods: tuple[int, int], throttled: tuple[int, int], expected: float
) -> None:
    first, second = (
        Reading(at, periods=one, throttled_periods=two)
        for at, one, two in zip((1, 2), periods, throttled, strict=True)
    )
    assert usage_between(first, second).throttled_percent == expected
    assert usage_between(Reading(1), second).throttled_percent is None


@pytest.mark.parametrize(
    ("usage", "inactive", "memory", "cache"),
    [
        (50 * MIB, 30 * MIB, 20 * MIB, 30 * MIB),
        (50 * MIB, 0, 50 * MIB, 0),
        (50 * MIB, 50 * MIB, 50 * MIB, 0),
        (50 * MIB, 60 * MIB, 50 * MIB, 0),
        (50 * MIB, None, 50 * MIB, None),
        (None, None, None, None),
    ],
)
def test_memory_leaves_out_the_cache_that_is_given_up_first(
    usage: int | None, inactive: int | None, memory: int | None, cache: int | None
) -> None:
    reading = Reading(1, memory_usage_bytes=usage, inactive_file_bytes=inactive)
    found = usage_between(None, reading)
    assert (found.memory_bytes, found.memory_cache_bytes) == (memory, cache)


ANSWER: Mapping[str, Any] = {
    "read": "2026-11-26T10:00:01.500000001Z",
    "preread": "2026-11-26T10:00:00.500000001Z",
    "pids_stats": {"current": 3, "limit": 50},
    "blkio_stats": {
        "io_service_bytes_recursive": [
            {"major": 8, "minor": 0, "op": "Read", "value": 1000},
            {"major": 8, "minor": 0, "op": "Write", "value": 20},
            {"major": 8, "minor": 0, "op": "Sync", "value": 1020},
            {"major": 8, "minor": 0, "op": "Total", "value": 1020},
            {"major": 9, "minor": 0, "op": "read", "value": 300},
            {"major": 9, "minor": 0, "op": "write", "value": 4},
        ]
    },
    "cpu_stats": {
        "cpu_usage": {"total_usage": 3 * SECOND, "percpu_usage": [SECOND, 2 * SECOND]},
        "system_cpu_usage": 40 * SECOND,
        "online_cpus": 2,
        "throttling_data": {"periods": 30, "throttled_periods": 15},
    },
    "precpu_stats": {
        "cpu_usage": {"total_usage": 2 * SECOND},
        "system_cpu_usage": 38 * SECOND,
        "throttling_data": {"periods": 20, "throttled_periods": 14},
    },
    "memory_stats": {
        "usage": 90 * MIB,
        "limit": 64 * MIB,
        "stats": {"total_inactive_file": 60 * MIB, "inactive_file": 1, "cache": 70 * MIB},
    },
    "networks": {
        "eth0": {"rx_bytes": 100, "tx_bytes": 7},
        "eth1": {"rx_bytes": 20, "tx_bytes": 1},
    },
}


def test_all_of_an_answer() -> None:
    reading = reading_of(ANSWER, Limits(0.5, 64 * MIB))
    assert reading is not None
    used = usage_between(previous_reading_of(ANSWER), reading)
    assert used == Usage(
        at=1795687201.5,
        cpu_percent=100,
        cpu_percent_of_limit=200,
        throttled_percent=10,
        memory_bytes=30 * MIB,
        memory_cache_bytes=60 * MIB,
        memory_limit_bytes=64 * MIB,
        has_memory_limit=True,
        network_rx_bytes=120,
        network_tx_bytes=8,
        block_read_bytes=1300,
        block_write_bytes=24,
        pids=3,
        pids_limit=50,
    )


def test_the_processors_are_counted_where_they_are_not_told() -> None:
    cpu = {key: value for key, value in ANSWER["cpu_stats"].items() if key != "online_cpus"}
    reading = reading_of({**ANSWER, "cpu_stats": cpu})
    assert reading is not None
    assert reading.online_cpus == 2


def test_a_first_answer_has_none_before_it() -> None:
    assert (
        previous_reading_of({**ANSWER, "precpu_stats": {"cpu_usage": {"total_usage": 0}}}) is None
    )


@pytest.mark.parametrize(
    ("part", "value", "names"),
    [
        ("networks", None, ["network_rx_bytes", "network_tx_bytes"]),
        ("blkio_stats", {}, ["block_read_bytes", "block_write_bytes"]),
        ("pids_stats", {}, ["pids", "pids_limit"]),
        ("pids_stats", {"current": 1, "limit": 0}, ["pids_limit"]),
        ("pids_stats", {"current": 1, "limit": 2**64 - 1}, ["pids_limit"]),
    ],
)
def test_what_is_not_told_is_none_and_never_nought(
    part: str, value: object, names: list[str]
) -> None:
    reading = reading_of({**ANSWER, part: value})
    assert reading is not None
    used = usage_between(None, reading)
    assert [getattr(used, name) for name in names] == [None] * len(names)


def test_a_disk_that_was_never_touched_is_nought() -> None:
    reading = reading_of({**ANSWER, "blkio_stats": {"io_service_bytes_recursive": []}})
    assert reading is not None
    assert (reading.block_read_bytes, reading.block_write_bytes) == (0, 0)


@pytest.mark.parametrize(
    ("host", "limits"),
    [
        ({"NanoCpus": 1_500_000_000, "Memory": 64 * MIB}, Limits(1.5, 64 * MIB)),
        ({"CpuQuota": 50_000, "CpuPeriod": 200_000}, Limits(0.25)),
        ({"CpuQuota": 50_000, "CpuPeriod": 0}, Limits(0.5)),
        ({"CpuQuota": -1, "Memory": 0, "NanoCpus": 0, "PidsLimit": -1}, NO_LIMITS),
        ({"PidsLimit": 50}, Limits(pids=50)),
        ({}, NO_LIMITS),
    ],
)
def test_limits_as_they_were_given(host: Mapping[str, int], limits: Limits) -> None:
    assert Limits.from_inspect({"HostConfig": host}) == limits
