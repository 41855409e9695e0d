"""What `requests(url, per_second)` sends against what was asked, and what that costs this machine.

The peers are hey, the usual load maker (`apt-get install hey`), where it is installed, and one curl
a request; all ask the same server, a process of its own, in the same run. Printed are, for each:

- the rate that the server counted, and how far from its time the latest percent came;
- the CPU that one request costs, and that as a ratio to hey's and to curl's;
- the requests that came in the second in which the server says nothing (an open loop sends all);
- of ours, whether it counts what the server counts, of answers of seven kinds.

    .venv/bin/python benchmarks/load.py [--rate 200] [--seconds 20] [--hey PATH]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from helpers.engine.load.run import LoadRun
from helpers.model.load.plan import checked_plan
from helpers.views.load.load_view import LoadView
from tests.unit.planned_server import PlannedServer

WORKERS = 20
SILENT_FROM, SILENT_TO = 2.0, 3.0
EVERY_KIND = ("1", "2", "HTTP 500", "HTTP 503", "reset", "closed without an answer", "1",
              "broken off in the middle")  # fmt: skip


class SilentServer(PlannedServer):
    """One that says nothing from the second second after the first request to the third."""

    async def _answer(self, entry: str, writer: asyncio.StreamWriter) -> None:
        since = time.monotonic() - self.arrivals[0]
        if SILENT_FROM <= since < SILENT_TO:
            await asyncio.sleep(SILENT_TO - since)
        await super()._answer(entry, writer)


def serve(kind: type[PlannedServer], plan: tuple[str, ...], line: Connection) -> None:
    """The server's process: its URL, and at its end when each request came and its counts."""
    with kind(plan) as server:
        line.send(server.url)
        line.recv()
        line.send((server.arrivals, server.counts))


@contextmanager
def served(kind: type[PlannedServer], plan: tuple[str, ...] = ("1",)) -> Iterator[Connection]:
    """A server in a process of its own; it ends with the block."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(kind, plan, theirs), daemon=True)
    process.start()
    yield ours
    process.join()


def cpu_seconds() -> float:
    """The CPU of this process and of its children that have ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usages = [resource.getrusage(kind) for kind in kinds]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def by_us(url: str, rate: float, seconds: float) -> LoadRun:
    """Ours, with a view whose message is made five times a second."""
    load = LoadRun(checked_plan(url, rate, seconds))
    view = LoadView(load)
    view.begin()
    view.refresh = lambda: view.content() and None  # type: ignore[method-assign]
    load.start(view.take)
    load.wait()
    return load


def by_hey(program: str) -> Callable[[str, float, float], object]:
    """hey, with so many workers that keep the rate together."""

    def run(url: str, rate: float, seconds: float) -> object:
        words = [program, "-c", str(WORKERS), "-q", str(rate / WORKERS), "-z", f"{seconds:g}s"]
        words += ["-disable-keepalive", url]
        return subprocess.run(words, check=True, stdout=subprocess.DEVNULL)

    return run


def by_curl(url: str, rate: float, seconds: float) -> object:
    """One curl a request, as a loop in a shell has it: the next after the last."""
    begun = time.monotonic()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        subprocess.run(["curl", "-s", "-o", "/dev/null", "--noproxy", "*", url], check=False)
        if time.monotonic() - begun > seconds:
            break
    return None


def off_ms(arrivals: list[float], rate: float) -> float:
    """The 99th percentile of how far requests came from their time, in ms."""
    delays = [arrival - number / rate for number, arrival in enumerate(arrivals)]
    middle = statistics.median(delays)
    return statistics.quantiles([abs(delay - middle) for delay in delays], n=100)[-1] * 1000


def measured(
    name: str, run: Callable[[str, float, float], object], rate: float, seconds: float
) -> float:
    """Prints what that one sent; the CPU milliseconds of one request."""
    with served(PlannedServer) as line:
        url = line.recv()
        begun = cpu_seconds()
        run(url, rate, seconds)
        cost = cpu_seconds() - begun
        line.send("end")
        arrivals, _ = line.recv()
    count, span = len(arrivals), arrivals[-1] - arrivals[0]
    real = (count - 1) / span
    each_ms = cost / count * 1000
    print(
        f"{name:5} {count:6} requests at {real:6.1f} a second ({100 * real / rate - 100:+5.1f} %), "
        f"99 % within {off_ms(arrivals, rate):5.1f} ms of their time; "
        f"{each_ms:.2f} ms of CPU each, {cost / span * 100:.0f} % of a core"
    )
    return each_ms


def silent_second(
    name: str, run: Callable[[str, float, float], object], rate: float, *_: object
) -> None:
    """Prints how many requests came while the server said nothing."""
    with served(SilentServer) as line:
        run(line.recv(), rate, 5)
        line.send("end")
        arrivals, _counts = line.recv()
    since = [arrival - arrivals[0] for arrival in arrivals]
    came = sum(SILENT_FROM <= each < SILENT_TO for each in since)
    print(f"{name:5} sent {came} requests in the second in which nobody answered")


def same_counts(rate: float, seconds: float) -> None:
    """Prints whether ours and the server's counts of every kind are equal."""
    with served(PlannedServer, EVERY_KIND) as line:
        load = by_us(line.recv(), rate, seconds)
        line.send("end")
        _, counts = line.recv()
    ours = Counter(load.tally.answers) + Counter(load.tally.failures)
    verdict = "equal" if ours == counts else f"NOT equal: {ours - counts} {counts - ours}"
    print(f"counts of {sum(counts.values())} requests of {len(counts)} kinds: {verdict}")


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--hey", default=shutil.which("hey"))
    arguments = parser.parse_args()
    rate, seconds = arguments.rate, arguments.seconds
    makers: dict[str, Callable[[str, float, float], object]] = {"ours": by_us}
    if arguments.hey:
        makers["hey"] = by_hey(arguments.hey)
    makers["curl"] = by_curl
    costs = {name: measured(name, run, rate, seconds) for name, run in makers.items()}
    for peer in list(costs)[1:]:
        print(f"CPU of one request, ours : {peer} = {costs['ours'] / costs[peer]:.2f} : 1")
    for name in list(makers)[:-1]:
        silent_second(name, makers[name], rate)
    same_counts(rate, seconds)


if __name__ == "__main__":
    main()
