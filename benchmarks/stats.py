"""What it takes to watch containers, against the docker CLI's `docker stats` in the same run.

Measured in pairs, one after the other, on the same containers: the time to a first reading with
its CPU; the CPU of this process (as of a notebook's kernel) and of the engine's processes at two
readings a second, against `docker stats` at its own pace; the pace reached. Then a soak: containers
come and go while feeds watch, are stopped and started, and nothing may be left over.

The engine must be on this machine. `--api` measures the API alone, as if no file could be read.

    .venv/bin/python benchmarks/stats.py [--containers 1 10 50] [--pairs 3] [--window 8]
                                         [--soak 30] [--image busybox:1.37] [--api]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from engine_cost import EngineCost, cpu_seconds_of
from stats_soak import NAME, remove, soak

import helpers
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.usage import UsageFeed
from helpers.model.usage.usage import Tick

EVERY = 0.5
GOAL_SOONER = 6
GOAL_HZ = 2 * 0.97
GOAL_KERNEL_PERCENT = 3.0
LONGEST_SECONDS = 60


@dataclass
class Ticks:
    """What a feed told, and when each tick came."""

    came: list[tuple[float, Tick]] = field(default_factory=list)

    def take(self, tick: Tick) -> None:
        self.came.append((time.monotonic(), tick))

    def all_known_at(self, ids: set[str]) -> float | None:
        """When the CPU of all of them was known."""
        known: set[str] = set()
        for at, tick in list(self.came):
            known |= {key for key, use in tick.usages.items() if use.cpu_percent is not None}
            if ids <= known:
                return at
        return None

    def hz(self, ids: set[str], begin: float, end: float) -> float:
        """How often each of them was measured in that time, the mean."""
        inside = [tick for at, tick in self.came if begin <= at <= end]
        return sum(len(ids & tick.usages.keys()) for tick in inside) / len(ids) / (end - begin)


@dataclass
class Cost:
    """CPU as a share of one core over a window, in percent, and measurements a second."""

    client: float
    engine: float
    hz: float | None = None


class Bench:
    """Some containers on an engine, and the ways to watch them."""

    def __init__(self, docker: Docker, boxes: Sequence[Container], files: bool) -> None:
        self._docker = docker
        self._names = [box.name for box in boxes]
        self._ids = {box.id for box in boxes}
        self._files = files
        host = docker.endpoint.host
        assert host.startswith("unix://"), "the engine must be on this machine"
        self._engine = EngineCost(Path(host.removeprefix("unix://")))
        self.source = ""

    def feed(self) -> UsageFeed:
        return UsageFeed(self._docker.client, sorted(self._ids), EVERY, self._files)

    def first_of_ours(self) -> float:
        """Seconds to the CPU of all."""
        ticks, feed, begun = Ticks(), self.feed(), time.monotonic()
        feed.start(ticks.take)
        try:
            until(lambda: ticks.all_known_at(self._ids) is not None)
        finally:
            feed.stop()
        at = ticks.all_known_at(self._ids)
        assert at is not None
        self.source = ticks.came[-1][1].source
        return at - begun

    def first_of_cli(self) -> float:
        """Seconds to the table of `docker stats --no-stream`."""
        begun = time.monotonic()
        self._cli("--no-stream").wait()
        return time.monotonic() - begun

    def _cli(self, *options: str) -> subprocess.Popen[bytes]:
        command = ["docker", "--host", self._docker.endpoint.host, "stats", *options, *self._names]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def idle(self, window: float) -> float:
        """The engine's CPU while nobody looks, in percent of a core."""
        begin = self._engine.cpu_seconds()
        time.sleep(window)
        return (self._engine.cpu_seconds() - begin) / window * 100

    def cost_of_ours(self, window: float, idle: float) -> Cost:
        ticks, feed = Ticks(), self.feed()
        feed.start(ticks.take)
        try:
            until(lambda: ticks.all_known_at(self._ids) is not None)
            cost = self._cost(window, idle, time.process_time)
            end = time.monotonic()
        finally:
            feed.stop()
        cost.hz = ticks.hz(self._ids, end - window, end)
        return cost

    def cost_of_cli(self, window: float, idle: float) -> Cost:
        process = self._cli()
        try:
            time.sleep(3)  # its first lines
            return self._cost(window, idle, lambda: cpu_seconds_of(process.pid))
        finally:
            process.kill()  # it does not heed SIGTERM while it streams
            process.wait()

    def _cost(self, window: float, idle: float, client: Callable[[], float]) -> Cost:
        client_begin, engine_begin = client(), self._engine.cpu_seconds()
        begun = time.monotonic()
        time.sleep(window)
        took = time.monotonic() - begun
        return Cost(
            (client() - client_begin) / took * 100,
            (self._engine.cpu_seconds() - engine_begin) / took * 100 - idle,
        )


def until(so: Callable[[], bool]) -> None:
    """Returns once it is so."""
    begun = time.monotonic()
    while not so():
        assert time.monotonic() - begun < LONGEST_SECONDS, "no reading came"
        time.sleep(0.005)


def compare(bench: Bench, count: int, pairs: int, window: float) -> list[bool]:
    """Prints both sides of each figure; returns which goals were met."""
    first = [(bench.first_of_ours(), bench.first_of_cli()) for _ in range(pairs)]
    idle = statistics.median(bench.idle(window / 2) for _ in range(2))
    costs = [
        (bench.cost_of_ours(window, idle), bench.cost_of_cli(window, idle)) for _ in range(pairs)
    ]
    median = statistics.median
    sooner = median(cli / ours for ours, cli in first)
    print(f"\n{count} container{'s' * (count > 1)}, through {bench.source}")
    print(f"  first reading: {median(a for a, _ in first):.2f} s, docker stats --no-stream"
          f" {median(b for _, b in first):.2f} s: {sooner:.1f} x sooner")  # fmt: skip
    kernel, engine = median(a.client for a, _ in costs), median(a.engine for a, _ in costs)
    cli, theirs = median(b.client for _, b in costs), median(b.engine for _, b in costs)
    print(f"  CPU of the kernel: {kernel:.2f} % of a core, of the CLI's process {cli:.2f} %")
    print(f"  CPU of the engine: {engine:.2f} %, under the CLI {theirs:.2f} %"
          f" (nobody looking: {idle:.2f} %, taken off both)")  # fmt: skip
    hz = median(a.hz or 0 for a, _ in costs)
    print(f"  pace reached: {hz:.2f} readings a second of each")
    return [
        goal(f"at least {GOAL_SOONER} x sooner", sooner >= GOAL_SOONER),
        goal("2 readings a second", hz >= GOAL_HZ),
        goal("less engine CPU than the CLI causes", engine < theirs),
        goal(f"the kernel under {GOAL_KERNEL_PERCENT:g} %", kernel < GOAL_KERNEL_PERCENT),
    ]


def goal(words: str, met: bool) -> bool:
    print(f"  goal, {words}: {'met' if met else 'MISSED'}")
    return met


def started(docker: Docker, image: str, count: int) -> list[Container]:
    """So many containers, one in five with a little to do."""
    spin = "sh -c 'while :; do :; done'"
    return [
        docker.run(image, spin, name=f"{NAME}-{index}", cpus=0.02)
        if index % 5 == 0
        else docker.run(image, "sleep 3600", name=f"{NAME}-{index}")
        for index in range(count)
    ]


def main() -> None:
    """Prints all figures, the ratios, and which goals were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--containers", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--window", type=float, default=8)
    parser.add_argument("--soak", type=float, default=30)
    parser.add_argument("--image", default="busybox:1.37")
    parser.add_argument("--api", action="store_true")
    arguments = parser.parse_args()
    docker = helpers.connect()
    info = docker.info
    print(f"Docker Engine {info['ServerVersion']}, cgroup v{info.get('CgroupVersion', '1')}")
    remove(docker)  # what a run left that was killed
    met = []
    for count in arguments.containers:
        boxes: list[Container] = []
        try:
            boxes += started(docker, arguments.image, count)
            bench = Bench(docker, boxes, not arguments.api)
            met += compare(bench, count, arguments.pairs, arguments.window)
        finally:
            remove(docker)
    if arguments.soak:
        outcome = soak(docker, arguments.image, arguments.soak, not arguments.api)
        print(f"\n{outcome}")
        met.append(goal("nothing left over", outcome.nothing_left))
    print(f"\n{sum(met)} of {len(met)} goals met")


if __name__ == "__main__":
    main()
