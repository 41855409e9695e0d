"""docker.build against the docker command with BuildKit, on the same engine, in the same run.

    python benchmarks/build.py [--pairs N] [--files N] [--megabytes N] [--rounds N]

Pairs are interleaved, the order within a pair alternates. `cold` builds a multi-stage app with the
cache off, `cached` the same again, `changed` after one file changed. The contexts of many files and
of one big file are sent for the first time (each from a folder of its own, so that the engine has
none of it) and then again. Peak memory is that of the whole process and its children, from
getrusage; both sides run in a process of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.engine.connection.client import find_client  # noqa: E402
from helpers.engine.docker import Docker  # noqa: E402
from tests.engine.build_kit import command  # noqa: E402

LESSON = "bench"
LABEL = f"workbook.lesson={LESSON}"
APP = """\
FROM busybox:1.37 AS maker
WORKDIR /making
COPY source.txt .
RUN tr a-z A-Z < source.txt > made.txt
FROM busybox:1.37
COPY --from=maker /making/made.txt /
COPY . /app/
RUN wc -c /app/* > /sizes
CMD ["cat", "/sizes"]
"""
Side = Callable[[Path, str, bool], tuple[float, str]]


def by_helper(docker: Docker) -> Side:
    """Builds with docker.build in this process, connected as a notebook is."""

    def build(folder: Path, tag: str, cold: bool) -> tuple[float, str]:
        began = time.perf_counter()
        report = docker.build(folder, tag, no_cache=cold)
        return time.perf_counter() - began, report.image_id

    return build


def by_command(docker: Docker) -> Side:
    """Builds with the docker command."""

    def build(folder: Path, tag: str, cold: bool) -> tuple[float, str]:
        began = time.perf_counter()
        run_command(folder, tag, *(["--no-cache"] if cold else []))
        seconds = time.perf_counter() - began
        return seconds, str(docker.client.api.inspect_image(tag)["Id"])

    return build


def run_command(folder: Path, tag: str, *options: str) -> None:
    words = [*command(), "-q", "-t", tag, "--label", LABEL, *options, str(folder)]
    environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
    subprocess.run(words, env=environment, check=True, capture_output=True)


def pairs(
    name: str, count: int, sides: dict[str, Side], prepare: Callable[[], Path], cold: bool
) -> None:
    """Interleaved pairs, and their ratio."""
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    same = 0
    for place in range(count):
        folder = prepare()
        identities = set()
        order = list(sides) if place % 2 else list(reversed(sides))
        for side in order:
            took, identity = sides[side](folder, f"bench-{side}", cold)
            seconds[side].append(took)
            identities.add(identity)
        same += len(identities) == 1
    ratios = [mine / theirs for mine, theirs in zip(*seconds.values(), strict=True)]
    mine, theirs = (statistics.median(values) for values in seconds.values())
    print(
        f"{name:8} docker.build {mine:6.3f} s, the command {theirs:6.3f} s, "
        f"ratio {statistics.median(ratios):.2f} (median of {count} pairs; "
        f"{min(ratios):.2f} to {max(ratios):.2f}); same image id in {same} of {count}"
    )


def worker(side: str, folder: str) -> None:
    """One build in a process of its own; prints seconds and peak memory."""
    began = time.perf_counter()
    if side == "helper":
        client, endpoint = find_client()
        docker = Docker(client, endpoint, LESSON)
        base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        docker.build(folder, f"bench-{side}")
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    else:
        run_command(Path(folder), f"bench-{side}")
        seconds = time.perf_counter() - began
        base, peak = 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak": peak / 1024, "base": base / 1024}))


def in_process(side: str, folder: Path) -> dict[str, float]:
    words = [sys.executable, __file__, "--worker", side, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def context(name: str, make: Callable[[Path], None], rounds: int) -> None:
    """A context sent by both for the first time, and again; the median of some rounds each."""
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    for place in range(rounds):
        for side in ("helper", "command") if place % 2 else ("command", "helper"):
            with folder_of_its_own() as folder:
                make(folder)
                for when in ("first", "again"):
                    found.setdefault((when, side), []).append(in_process(side, folder))
    for when in ("first", "again"):
        mine, theirs = (found[when, side] for side in ("helper", "command"))
        ratios = [a["seconds"] / b["seconds"] for a, b in zip(mine, theirs, strict=True)]
        print(
            f"{name}, {when}: docker.build {median(mine, 'seconds'):.2f} s and at most "
            f"{median(mine, 'peak'):.0f} MiB ({median(mine, 'base'):.0f} before the build), "
            f"the command {median(theirs, 'seconds'):.2f} s and {median(theirs, 'peak'):.0f} MiB; "
            f"ratio of seconds {statistics.median(ratios):.2f}"
        )


def median(found: list[dict[str, float]], what: str) -> float:
    return statistics.median(item[what] for item in found)


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="workbook-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def many_files(count: int) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "Dockerfile").write_text("FROM busybox:1.37\nCOPY d0 /d0\nCOPY . /all\n")
        token = secrets.token_hex(8)
        for place in range(count):
            inner = folder / f"d{place % 200}"
            inner.mkdir(exist_ok=True)
            (inner / f"f{place}").write_text(f"{token} {place}\n" * 8)

    return make


def one_big(megabytes: int) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "Dockerfile").write_text("FROM busybox:1.37\nCOPY big /\n")
        with (folder / "big").open("wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(1 << 20))

    return make


def main() -> None:
    parser = argparse.ArgumentParser(description="docker.build against the docker command")
    parser.add_argument("--pairs", type=int, default=11)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worker", nargs=2, metavar=("SIDE", "FOLDER"))
    given = parser.parse_args()
    if given.worker:
        worker(*given.worker)
        return
    client, endpoint = find_client()
    docker = Docker(client, endpoint, LESSON, ("bench-command",))
    sides = {"helper": by_helper(docker), "command": by_command(docker)}
    print(f"Engine {docker.info['ServerVersion']}; the command is {' '.join(command())}")
    with folder_of_its_own() as folder:
        (folder / "Dockerfile").write_text(APP)

        def unchanged() -> Path:
            return folder

        def changed() -> Path:
            (folder / "source.txt").write_text(secrets.token_hex(2000))
            return folder

        changed()
        sides["helper"](folder, "bench-helper", False)
        pairs("cold", given.pairs, sides, unchanged, cold=True)
        sides["helper"](folder, "bench-helper", False)
        pairs("cached", given.pairs, sides, unchanged, cold=False)
    context(f"{given.files:,} files", many_files(given.files), given.rounds)
    context(f"1 file of {given.megabytes} MiB", one_big(given.megabytes), given.rounds)
    docker.clean_up()


if __name__ == "__main__":
    main()
