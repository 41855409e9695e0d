"""How late an event is when the lifecycle sends it to the page, after the engine's own time stamp.

The peer is the docker CLI (`docker events --format '{{json .}}'`), which is told of the same events
in the same run. Both clocks must be one, so the engine must be on this machine. What is left out is
the way from the kernel to the browser; the view writes the whole of it into its `data-delay`.

    .venv/bin/python benchmarks/events.py [--events 200] [--image busybox:1.37]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

import helpers
from helpers.engine.container.container import Container
from helpers.engine.container.event_feed import EventFeed
from helpers.engine.docker import Docker
from helpers.model.container.event import EngineEvent
from helpers.model.container.lifecycle import Item, Life
from helpers.views.container.lifecycle import LifecycleView

NAME = "wb-benchmark-events"
GOAL_SECONDS = 0.1
MEASURED = ("pause", "unpause")
LONGEST_SECONDS = 30


class TimedView(LifecycleView):
    """A lifecycle that notes how late each event left for the page."""

    def __init__(self, container: Container) -> None:
        feed = EventFeed(container)
        super().__init__(Life.from_events(container.name, *feed.so_far()), feed)
        self.late: dict[float, float] = {}

    def take(self, item: Item) -> None:
        """The view with that known too, and the time when its message had been given away."""
        super().take(item)
        if isinstance(item, EngineEvent) and item.action in MEASURED:
            self.late.setdefault(item.at, time.time() - item.at)


class TimedCli:
    """`docker events`, read line by line, with how late each line came."""

    def __init__(self, host: str, container: Container) -> None:
        command = ["docker", "--host", host, "events", "--filter", f"container={container.id}",
                   "--format", "{{json .}}"]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        self.late: dict[float, float] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            now = time.time()
            event = EngineEvent.from_message(json.loads(line))
            if event.action in MEASURED:
                self.late[event.at] = now - event.at

    def close(self) -> None:
        """The process ended."""
        self._process.terminate()
        self._process.wait()


def freeze_and_thaw(box: Container) -> None:
    """Two events."""
    box.pause()
    box.unpause()


def measure(docker: Docker, box: Container, events: int) -> tuple[Sequence[float], Sequence[float]]:
    """Seconds from stamp to page and from stamp to CLI, of the same events."""
    view, cli = TimedView(box), TimedCli(docker.endpoint.host, box)
    view.open()
    try:
        until(lambda: freeze_and_thaw(box), lambda: bool(view.late) and bool(cli.late))
        begun = time.time()
        for _ in range(events // 2):
            freeze_and_thaw(box)
            time.sleep(0.01)
        until(lambda: time.sleep(0.05), lambda: len(after(view.late, begun)) >= events
              and len(after(cli.late, begun)) >= events)  # fmt: skip
        same = after(view.late, begun).keys() & after(cli.late, begun).keys()
        return [view.late[at] for at in same], [cli.late[at] for at in same]
    finally:
        cli.close()
        view.close()


def until(act: Callable[[], None], so: Callable[[], bool]) -> None:
    """Acts until it is so."""
    begun = time.monotonic()
    while not so():
        assert time.monotonic() - begun < LONGEST_SECONDS, "the events did not come"
        act()


def after(late: dict[float, float], begun: float) -> dict[float, float]:
    """Those of events stamped since then."""
    return {at: seconds for at, seconds in list(late.items()) if at > begun}


def in_words(seconds: Sequence[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    median, high = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
    return f"median {median * 1000:.2f} ms, 95th percentile {high * 1000:.2f} ms"


def main() -> None:
    """Prints both delays, the ratio of the medians, and whether the goal was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--image", default="busybox:1.37")
    arguments = parser.parse_args()
    docker = helpers.connect()
    box = docker.run(arguments.image, "sleep 3600", name=NAME)
    try:
        ours, peer = measure(docker, box, arguments.events)
    finally:
        box.remove(force=True)
    ratio = statistics.median(ours) / statistics.median(peer)
    met = statistics.quantiles(ours, n=20)[-1] < GOAL_SECONDS
    print(f"{len(ours)} events of Docker Engine {docker.info['ServerVersion']}")
    print(f"engine to page:       {in_words(ours)}")
    print(f"engine to docker CLI: {in_words(peer)}")
    print(
        f"ratio of the medians {ratio:.2f}; goal 100 ms at the 95th: {'met' if met else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
