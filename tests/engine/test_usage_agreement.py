"""What we measure against what the docker CLI shows of the same containers at the same time."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.usage import UsageFeed
from helpers.model.usage.usage import Tick, Usage
from tests.engine.conftest import BUSYBOX

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("docker") is None, reason="the docker CLI is the reference"),
]

NAME = "wbt-agree"
MIB = 1 << 20
SAMPLES = 4
ROUNDED = 0.005  # the CLI shows three digits
_UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": MIB, "GiB": 1 << 30}


@dataclass(frozen=True)
class Shown:
    """A line of `docker stats`, and when it came; sizes as rounded there."""

    at: float
    cpu_percent: float
    memory_bytes: float
    memory_limit_bytes: float
    network: tuple[float, float]
    block: tuple[float, float]
    pids: int

    @classmethod
    def of(cls, line: dict[str, str], at: float) -> Shown:
        memory, limit = sizes(line["MemUsage"])
        return cls(
            at,
            float(line["CPUPerc"].rstrip("%")),
            memory,
            limit,
            sizes(line["NetIO"]),
            sizes(line["BlockIO"]),
            int(line["PIDs"]),
        )


def sizes(text: str) -> tuple[float, float]:
    """Both sizes of '1.008MiB / 64MiB'."""
    first, second = (re.fullmatch(r"([\d.]+)([A-Za-z]+)", part) for part in text.split(" / "))
    assert first is not None
    assert second is not None
    return float(first[1]) * _UNITS[first[2]], float(second[1]) * _UNITS[second[2]]


def cli_shows(host: str, names: Sequence[str]) -> dict[str, Shown]:
    """What `docker stats --no-stream` says: its CPU is that of about the last second."""
    command = ["docker", "--host", host, "stats", "--no-stream", "--format", "{{json .}}", *names]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    at = time.time()
    lines = [json.loads(line) for line in out.splitlines()]
    return {line["Name"]: Shown.of(line, at) for line in lines}


@pytest.fixture(scope="module")
def engine_disk(endpoint: Any) -> str:
    """The disk under the engine's data; empty where it cannot be named on this machine."""
    from helpers.engine.connection.client import open_client

    client = open_client(endpoint)
    root = Path(client.info()["DockerRootDir"])
    client.close()
    if not root.is_dir():
        return ""
    number = root.stat().st_dev
    found = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    disk = Path("/dev", found.resolve().name)
    return str(disk) if found.exists() and disk.is_block_device() else ""


@pytest.fixture
def loads(docker: Docker, engine_disk: str) -> Iterator[list[Container]]:
    """Containers under steady loads, each on another of the things that are counted."""
    api = docker.client.api
    spin = "sh -c 'while :; do :; done'"
    writes = (
        "sh -c 'dd if=/dev/zero of=/direct bs=1M count=20 oflag=direct;"
        " dd if=/dev/zero of=/cached bs=1M count=40; sync;"
        " dd if=/dev/zero of=/m/held bs=1M count=10; sleep 600'"
    )
    boxes = [
        docker.run(BUSYBOX, spin, name=f"{NAME}-half", cpus=0.3, memory="64m", pids_limit=30),
        docker.run(BUSYBOX, spin, name=f"{NAME}-tenth", cpus=0.1),
        docker.run(BUSYBOX, "sh -c 'sleep 600 & sleep 600 & wait'", name=f"{NAME}-three"),
        docker.run(BUSYBOX, "sleep 600", name=f"{NAME}-host", network="host"),
    ]
    limits = {"mem_limit": "128m", "tmpfs": {"/m": ""}}
    if engine_disk:  # a kernel counts the bytes of a disk on cgroup v1 only where a rule asks it to
        limits["device_write_bps"] = [{"Path": engine_disk, "Rate": 1 << 30}]
    made = api.create_container(
        BUSYBOX,
        writes,
        name=f"{NAME}-cache",
        host_config=api.create_host_config(**limits),
        labels={"workbook.lesson": docker.lesson},
    )
    network = api.create_network(f"{NAME}-net", labels={"workbook.lesson": docker.lesson})
    api.connect_container_to_network(made["Id"], network["Id"])
    api.start(made["Id"])
    boxes.append(docker.container(made["Id"]))
    until_written(boxes[-1])
    yield boxes
    for box in boxes:
        box.remove(force=True)
    api.remove_network(network["Id"])


def until_written(box: Container) -> None:
    """It has done all its reading and writing, and spoken with both of its networks."""
    nets = box._client.api.inspect_container(box.id)["NetworkSettings"]["Networks"].values()
    for net in nets:
        box.exec(["ping", "-c", "2", "-s", "900", "-q", net["Gateway"]])
    while "10+0 records out" not in box.logs():
        assert box.status == "running", box.logs()
        time.sleep(0.05)


def measured_with_cli(
    docker: Docker, boxes: Sequence[Container], files: bool
) -> tuple[list[Tick], list[dict[str, Shown]]]:
    """The ticks of some seconds, and what the CLI showed in them."""
    ticks: list[Tick] = []
    feed = UsageFeed(docker.client, [box.id for box in boxes], every=0.25, files=files)
    feed.start(ticks.append)
    try:
        names = [box.name for box in boxes]
        return ticks, [cli_shows(docker.endpoint.host, names) for _ in range(SAMPLES)]
    finally:
        feed.stop()


def cpu_over(usages: Sequence[Usage], begin: float, end: float) -> float:
    """The mean CPU between two moments: each usage counts for the time since the one before."""
    total = covered = 0.0
    for before, after in pairwise(usages):
        overlap = min(end, after.at) - max(begin, before.at)
        if overlap > 0 and after.cpu_percent is not None:
            total, covered = total + overlap * after.cpu_percent, covered + overlap
    return total / covered


@pytest.mark.parametrize("files", [True, False], ids=["files", "api"])
def test_both_say_the_same(docker: Docker, loads: list[Container], files: bool) -> None:
    ticks, shown = measured_with_cli(docker, loads, files)
    assert {tick.source for tick in ticks if tick.usages} != {""}
    for box in loads:
        ours = [tick.usages[box.id] for tick in ticks if box.id in tick.usages]
        theirs = [lines[box.name] for lines in shown]
        seen = [line for line in theirs if ours[0].at < line.at - 1 and line.at <= ours[-1].at + 1]
        assert len(seen) >= SAMPLES - 2
        cpu = mean(cpu_over(ours, line.at - 1, line.at) for line in seen)
        assert cpu == pytest.approx(mean(line.cpu_percent for line in seen), abs=3), box.name
        last, line = ours[-1], theirs[-1]
        assert last.memory_bytes == pytest.approx(line.memory_bytes, rel=0.01, abs=MIB), box.name
        assert last.memory_limit_bytes == pytest.approx(line.memory_limit_bytes, rel=0.001)
        assert last.pids == line.pids
        # A neighbour's packet to all may come between their last word and ours.
        network = {(usage.network_rx_bytes or 0, usage.network_tx_bytes or 0) for usage in ours}
        assert any(pair == pytest.approx(line.network, rel=ROUNDED) for pair in network), box.name
        block = (last.block_read_bytes or 0, last.block_write_bytes or 0)
        assert block == pytest.approx(line.block, rel=ROUNDED), box.name


def test_files_and_api_count_the_same_bytes(docker: Docker, loads: list[Container]) -> None:
    answers = {}
    for files in (True, False):
        found: queue.SimpleQueue[Tick] = queue.SimpleQueue()
        feed = UsageFeed(docker.client, [box.id for box in loads], files=files)
        feed.start(found.put)
        usages: dict[str, Usage] = {}
        while len(usages) < len(loads):
            usages |= found.get(timeout=30).usages
        feed.stop()
        answers[files] = usages
    for box in loads:
        one, other = answers[True][box.id], answers[False][box.id]
        for name in ("network_tx_bytes", "block_read_bytes", "block_write_bytes", "pids",
                     "pids_limit", "memory_limit_bytes", "has_memory_limit"):  # fmt: skip
            if getattr(other, name) is not None:  # on cgroup v2 a first byte must come to be told
                assert getattr(one, name) == getattr(other, name), (box.name, name)
    cache = answers[True][loads[-1].id]
    assert cache.memory_bytes is not None
    assert cache.memory_cache_bytes is not None
    assert 10 * MIB < cache.memory_bytes < 30 * MIB
    assert cache.memory_cache_bytes > 20 * MIB
    assert cache.network_tx_bytes is not None
    assert cache.network_tx_bytes > 3600, "both of its networks are counted"
