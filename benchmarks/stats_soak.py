"""Containers that come and go under feeds that stop and start: what is left over in this process.

benchmarks/stats.py lets it run for as long as one wants; the tests for a minute.
"""

from __future__ import annotations

import gc
import resource
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.docker import Docker
from helpers.engine.usage import UsageFeed
from helpers.model.usage.usage import Tick

NAME = "wb-benchmark-stats"
MOST_GROWN_BYTES = 5_000_000


@dataclass(frozen=True)
class Held:
    """What this process holds: threads, open files, resident memory."""

    threads: int
    files: int
    memory_bytes: int

    @classmethod
    def now(cls) -> Held:
        gc.collect()
        status = Path("/proc/self/statm").read_text().split()
        files = len(list(Path("/proc/self/fd").iterdir()))
        return cls(threading.active_count(), files, int(status[1]) * resource.getpagesize())


@dataclass(frozen=True)
class Soak:
    """What a soak came to: how long it took, what went on in it, and what was held around it."""

    seconds: float
    rounds: int
    ticks: int
    before: Held
    after: Held

    def __str__(self) -> str:
        before, after = self.before, self.after
        return (
            f"soak of {self.seconds:.0f} s: {self.rounds} containers came and went,"
            f" {self.ticks} ticks\n  threads {before.threads} before, {after.threads} after; open"
            f" files {before.files} before, {after.files} after; memory"
            f" {before.memory_bytes / 1e6:.1f} MB before, {self.grown_bytes / 1e6:+.1f} MB"
        )

    @property
    def grown_bytes(self) -> int:
        """How much more memory is held, in bytes."""
        return self.after.memory_bytes - self.before.memory_bytes

    @property
    def nothing_left(self) -> bool:
        """Whether no thread and no file is left, and memory is what it was but for 5 MB."""
        return (
            self.after.threads <= self.before.threads
            and self.after.files <= self.before.files
            and self.grown_bytes < MOST_GROWN_BYTES
        )


def soak(docker: Docker, image: str, seconds: float, files: bool) -> Soak:
    """A soak of so many seconds, after one of a third of it, at most a minute, to warm up."""
    try:
        churn(docker, image, min(seconds / 3, 60), files)
        docker.client.close()
        before, begun = Held.now(), time.monotonic()
        rounds, ticks = churn(docker, image, seconds, files)
        docker.client.close()
        return Soak(time.monotonic() - begun, rounds, ticks, before, Held.now())
    finally:
        remove(docker)


def churn(docker: Docker, image: str, seconds: float, files: bool) -> tuple[int, int]:
    """How many containers came and went, and how many ticks told of them."""
    deadline, rounds, ticks = time.monotonic() + seconds, 0, [0]

    def count(tick: Tick) -> None:
        ticks[0] += 1

    while time.monotonic() < deadline:
        feed = UsageFeed(docker.client, every=0.1, files=files)
        feed.start(count)
        try:
            for _ in range(5):
                box = docker.run(image, "sleep 600", name=f"{NAME}-{rounds % 100}")
                box.pause()
                box.unpause()
                time.sleep(0.2)
                box.remove(force=True)
                rounds += 1
        finally:
            feed.stop()
    return rounds, ticks[0]


def remove(docker: Docker) -> None:
    """None of the benchmark's containers is left."""
    for item in docker.client.api.containers(all=True, filters={"name": NAME}):
        with suppress(Exception):
            docker.client.api.remove_container(item["Id"], force=True)
