"""What engines really answered, and what stood in the control groups' files at that time.

Each file of tests/recorded/stats says what it was recorded from.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.mounts import Mount
from helpers.engine.usage.counter_files import counter_files_of
from helpers.model.container.limits import NO_LIMITS, Limits
from helpers.model.usage.control_group import reading_v1, reading_v2
from helpers.model.usage.stats_answer import previous_reading_of, reading_of
from helpers.model.usage.usage import Reading, Usage, usage_between

FOLDER = Path(__file__).resolve().parents[3] / "recorded" / "stats"
ENGINES = sorted(path.stem for path in FOLDER.glob("*.json"))
WITH_FILES = [name for name in ENGINES if name != "docker-26.1.5-cgroup-v1"]
MIB = 1 << 20


def recorded(engine: str) -> dict[str, Any]:
    """{name: what was recorded of that container}."""
    text = (FOLDER / f"{engine}.json").read_text(encoding="utf-8")
    containers: dict[str, Any] = json.loads(text)["containers"]
    return containers


def usage_of(container: dict[str, Any]) -> Usage:
    answer = container["stats"]
    reading = reading_of(answer, Limits.from_inspect(container["inspect"]))
    assert reading is not None
    return usage_between(previous_reading_of(answer), reading)


def readings_in_files(container: dict[str, Any], is_v2: bool) -> list[Reading]:
    """Those before and after the one-shot answers."""
    form = reading_v2 if is_v2 else reading_v1
    limits = Limits.from_inspect(container["inspect"])
    return [
        form(
            {name: text.encode() for name, text in look["texts"].items()},
            look["net_dev"].encode(),
            look["at"],
            limits,
            1 << 40,
        )
        for look in container["files"]
    ]


def test_all_of_them_are_there() -> None:
    assert len(ENGINES) == 4


@pytest.mark.parametrize("engine", ENGINES)
def test_one_that_spins_under_a_limit(engine: str) -> None:
    used = usage_of(recorded(engine)["busy"])
    assert used.cpu_percent is not None
    assert used.cpu_percent > 20, "the clock of a virtual machine in software is no good one"
    assert used.cpu_percent_of_limit == pytest.approx(used.cpu_percent * 2)
    assert (used.memory_limit_bytes, used.has_memory_limit) == (64 * MIB, True)
    assert used.memory_bytes is not None
    assert used.memory_bytes < 2 * MIB, "the 4 MiB of page cache are not its memory"
    assert (used.pids, used.pids_limit) == (1, 50)
    assert used.network_rx_bytes is not None
    assert (used.throttled_percent is None) == engine.startswith("podman")


@pytest.mark.parametrize("engine", ENGINES)
def test_one_on_the_hosts_network_and_one_that_ended(engine: str) -> None:
    found = recorded(engine)
    assert usage_of(found["onhost"]).network_rx_bytes is None
    assert usage_of(found["onhost"]).network_tx_bytes is None
    assert reading_of(found["ended"]["stats"]) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_no_limit_is_the_machines(engine: str) -> None:
    used = usage_of(recorded(engine)["idle"])
    assert used.memory_limit_bytes is not None
    assert used.memory_limit_bytes > 1 << 30
    assert not used.has_memory_limit
    assert used.cpu_percent_of_limit is None
    assert used.pids_limit is None


@pytest.mark.parametrize("engine", WITH_FILES)
def test_files_and_api_say_the_same(engine: str) -> None:
    busy = recorded(engine)["busy"]
    before, after = readings_in_files(busy, engine.endswith("v2"))
    for answer in busy["one_shots"]:
        told = reading_of(answer, Limits.from_inspect(busy["inspect"]))
        assert told is not None
        assert before.cpu_nanoseconds is not None
        assert told.cpu_nanoseconds is not None
        assert after.cpu_nanoseconds is not None
        assert before.cpu_nanoseconds <= told.cpu_nanoseconds <= after.cpu_nanoseconds
        assert before.at < told.at < after.at
        same = ["memory_limit_bytes", "has_memory_limit", "cpu_limit", "block_read_bytes",
                "block_write_bytes", "pids", "pids_limit"]  # fmt: skip
        for name in same:
            assert getattr(told, name) == getattr(before, name), name
        for name in ("network_rx_bytes", "network_tx_bytes"):
            assert getattr(before, name) <= getattr(told, name) <= getattr(after, name)
        memory = usage_between(None, told).memory_bytes
        assert memory == pytest.approx(usage_between(None, before).memory_bytes, abs=MIB)


def test_the_clock_and_the_machines_time_come_to_the_same() -> None:
    busy = recorded("docker-20.10.24-cgroup-v1")["busy"]
    first, second = (reading_of(answer) for answer in busy["one_shots"])
    assert first is not None
    assert second is not None
    by_machine = usage_between(first, second).cpu_percent
    by_clock = usage_between(replace(first, system_nanoseconds=None), second).cpu_percent
    assert by_clock == pytest.approx(by_machine, rel=0.2), "its ticks are 10 ms"


def test_a_new_group_has_counted_nothing_yet() -> None:
    empty = reading_v2(
        {"io.stat": b"", "memory.stat": b"", "pids.max": b"max\n"}, None, 1, NO_LIMITS, 9
    )
    assert (empty.block_read_bytes, empty.block_write_bytes) == (0, 0)
    assert (empty.inactive_file_bytes, empty.pids_limit, empty.cpu_nanoseconds) == (None,) * 3
    assert (empty.network_rx_bytes, empty.memory_limit_bytes) == (None, 9)


def test_all_disks_and_all_interfaces_are_counted() -> None:
    dev = (
        b"h\nh\n lo: 9 1 0 0 0 0 0 0 9 1\neth0: 100 1 0 0 0 0 0 0 7 1\neth1:20 1 0 0 0 0 0 0 1 1\n"
    )
    v1 = b"8:0 Read 10\n8:0 Write 1\n8:0 Sync 11\n8:16 Read 20\n8:16 Write 2\nTotal 33\n"
    v2 = b"8:0 rbytes=10 wbytes=1 rios=5 wios=5\n8:16 rbytes=20 wbytes=2 rios=5 wios=5\n"
    for reading in (
        reading_v1({"blkio.throttle.io_service_bytes": v1}, dev, 1, NO_LIMITS, 9),
        reading_v2({"io.stat": v2}, dev, 1, NO_LIMITS, 9),
    ):
        assert (reading.block_read_bytes, reading.block_write_bytes) == (30, 3)
        assert (reading.network_rx_bytes, reading.network_tx_bytes) == (120, 8)


ID = "c0ffee" * 10 + "beef"
V2_TEXTS = {"cpu.stat": "usage_usec 5\n", "memory.current": "7\n"}
LAYOUTS = [
    f"/docker/{ID}",
    f"/system.slice/docker-{ID}.scope",
    f"/docker-workbook-engine/{ID}",
    f"/machine.slice/libpod-{ID}.scope/container",
    f"/system.slice/docker-{ID}.scope/init",
]


def tree(root: Path, group: str, v1: bool) -> list[Mount]:
    """A machine's control groups with one container in them, and where they are mounted."""
    (root / "proc" / "7").mkdir(parents=True)
    own = "/".join(
        group.split("/")[: next(n for n, part in enumerate(group.split("/")) if ID in part) + 1]
    )
    if not v1:
        (root / "proc" / "7" / "cgroup").write_text(f"0::{group}\n")
        folder = Path(f"{root}/cg{own}")
        folder.mkdir(parents=True)
        for name, text in V2_TEXTS.items():
            (folder / name).write_text(text)
        return [Mount(f"{root}/cg", "cgroup2")]
    (root / "proc" / "7" / "cgroup").write_text(
        f"4:memory:{group}\n3:cpu,cpuacct:{group}\n0::{group}\n"
    )
    for controllers, name in (
        ("memory", "memory.usage_in_bytes"),
        ("cpu,cpuacct", "cpuacct.usage"),
    ):
        folder = Path(f"{root}/cg/{controllers}{own}")
        folder.mkdir(parents=True)
        (folder / name).write_text("5\n")
    return [
        Mount(f"{root}/cg/{controllers}", "cgroup", "/", f"rw,{controllers}")
        for controllers in ("memory", "cpu,cpuacct")
    ] + [Mount(f"{root}/cg/unified", "cgroup2")]


@pytest.mark.parametrize("group", LAYOUTS)
@pytest.mark.parametrize("v1", [True, False], ids=["v1", "v2"])
def test_the_files_are_found_in_every_layout(tmp_path: Path, group: str, v1: bool) -> None:
    points = tree(tmp_path, group, v1)
    counters = counter_files_of(ID, 7, False, points, tmp_path / "proc")
    assert counters is not None
    assert counters.is_v2 is not v1
    reading = counters.read(lambda: 3.0, NO_LIMITS, 9)
    assert (reading.at, reading.memory_usage_bytes) == (3.0, 5 if v1 else 7)
    assert reading.cpu_nanoseconds == (5 if v1 else 5000)


def test_another_machines_numbers_are_not_believed(tmp_path: Path) -> None:
    points = tree(tmp_path, LAYOUTS[0], v1=False)
    processes = tmp_path / "proc"
    assert counter_files_of("d" * 64, 7, False, points, processes) is None, "another container"
    assert counter_files_of(ID, 8, False, points, processes) is None, "no such process"
    assert counter_files_of(ID, 7, True, points, processes) is None, "its network is not told"
    assert counter_files_of(ID, 7, False, [], processes) is None, "no control groups mounted"
    (processes / "7" / "cgroup").write_text(f"0::/../other/{ID}\n")
    assert counter_files_of(ID, 7, False, points, processes) is None, "outside of our namespace"


def test_a_mount_that_shows_a_part_of_its_hierarchy(tmp_path: Path) -> None:
    tree(tmp_path, LAYOUTS[0], v1=False)
    points = [Mount(f"{tmp_path}/cg/docker", "cgroup2", "/docker")]
    assert counter_files_of(ID, 7, False, points, tmp_path / "proc") is not None
