"""What the live usage sends to the browser for each tick, and what it costs the kernel to make it.

The peers are the same numbers of the newest tick as JSON, and the still picture as PNG, which is
what a cell sends that draws anew each time. All are counted in the same run, on the same ticks. No
engine is needed: the ticks are made up; a third of the containers is busy and the others rest.

    .venv/bin/python benchmarks/usage_messages.py [--ticks 600]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict

from jupyter_client.session import Session

from helpers.model.usage.usage import Tick, Usage
from helpers.views.usage.live_usage import UsageView

COUNTS = (1, 10, 50)


class NoFeed:
    """A feed that tells nothing."""

    def start(self, on_tick: Callable[[Tick], None]) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""


class CountingView(UsageView):
    """A view that counts what it sends, with no page to send it to."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__(NoFeed(), names)
        self.ticks_bytes: list[int] = []
        self.news_bytes: list[int] = []

    def tell(self, message: dict[str, object], data: bytes = b"") -> None:
        """The message's size, noted."""
        self.ticks_bytes.append(len(json.dumps(message)) + len(data))

    def refresh(self) -> None:
        """The content's size, noted."""
        self.news_bytes.append(len(json.dumps(self.content())))


def ticks(count: int, containers: int) -> Iterator[Tick]:
    """Ticks of so many containers, a third of them busy; the same in each run."""
    chance = random.Random(containers)
    names = {f"{number:064x}": f"container-{number}" for number in range(containers)}
    received = dict.fromkeys(names, 0)
    for at in range(count):
        usages = {}
        for index, key in enumerate(names):
            busy = index % 3 == 0
            received[key] += chance.randrange(50_000) if busy else 0
            usages[key] = Usage(
                at=at / 2, cpu_percent=chance.uniform(5, 90) if busy else 0.0,
                throttled_percent=0.0, memory_bytes=20_000_000 + busy * chance.randrange(10**6),
                memory_cache_bytes=4_000_000, network_rx_bytes=received[key],
                network_tx_bytes=received[key] // 3, block_read_bytes=0, block_write_bytes=0,
                pids=5,
            )  # fmt: skip
        yield Tick(at / 2, usages, names, dict.fromkeys(names, "running"), (), "a list", 2.0)


def envelope_bytes() -> int:
    """The bytes of Jupyter's own around such a message: headers, and the comm's address."""
    session = Session(key=b"key")
    cell = session.msg("execute_request")
    data = {"comm_id": "0" * 32, "data": {"method": "custom", "content": {}}}
    message = session.msg("comm_msg", data, parent=cell)
    return sum(len(part) for part in session.serialize(message))


def peers_bytes(view: UsageView, tick: Tick) -> tuple[int, int]:
    """The bytes of the tick as JSON with names of fields, and of the picture."""
    numbers = {name: asdict(tick.usages[key]) for key, name in tick.names.items()}
    return len(json.dumps(numbers)), len(view.picture())


def main() -> None:
    """Prints bytes and milliseconds a tick for 1, 10 and 50 containers, and the peer's bytes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ticks", type=int, default=600)
    arguments = parser.parse_args()
    print(f"{arguments.ticks} ticks; beside these bytes, {envelope_bytes()} of Jupyter's own")
    for containers in COUNTS:
        made = list(ticks(arguments.ticks, containers))
        view = CountingView({})
        begun = time.process_time()
        for tick in made:
            view.take(tick)
        each_ms = (time.process_time() - begun) / len(made) * 1000
        median, most = statistics.median(view.ticks_bytes), max(view.ticks_bytes)
        newest, picture = peers_bytes(view, made[-1])
        print(
            f"{containers:3} containers: {median:6.0f} B a tick (most {most} B), "
            f"{len(view.news_bytes)} times news of {max(view.news_bytes)} B, "
            f"{each_ms:.2f} ms of CPU; as JSON {newest} B ({newest / median:.0f} × as much), "
            f"as a picture {picture} B ({picture / median:.0f} ×)"
        )


if __name__ == "__main__":
    main()
