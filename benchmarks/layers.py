"""How long the layers of an image take to read, beside `docker save` and the program dive.

One run makes images of its own (labelled, and removed at the end), of about 1 GB and 60,000 files
in six layers, and measures in turn: `docker save | cat`; reading the layers from the engine's save
stream, from its storage, and from the cache; and dive, which reads the save stream, too. It says
which figure of waste is right, since a tenth of the first layer's files come again in the last.
Then peak memory, what a shared image costs, and how time grows with the files. Every reading runs
in a process of its own, with a cache of its own.

Of an image of which all layers but one are known, the engine's storage costs that one layer and a
second look at the others. A save stream costs the whole save: the API saves whole images only, and
the classic store stages every layer before the first byte, as the drain's first byte shows, so that
nothing is won by hanging up early. Two ways round were weighed and left. A push to a registry of
our own, which says of known layers that it has them, works only where the engine knows their
compressed digests (it does not, of what was only saved) and reaches this process (from inside a VM
it does not), and has the engine compress what is left. A container with the engine's storage
mounted gives a notebook root's view of the engine, which nobody asked for.

    .venv/bin/python benchmarks/layers.py [--rounds 5] [--private FOLDER] [--megabytes 1000]
        [--peers-only]

--private starts engines of the workbook's own with their data in that folder, one for each image
store, for as long as it takes: as root their storage is readable, whatever other engine there is.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import docker
from docker import DockerClient

from benchmarks.layers_images import hidden_bytes, layer, load, remove_all
from helpers.engine.connection.client import find_client
from helpers.engine.debian.tree_cache import unpacked_tree
from helpers.engine.layers.storage import storage_of
from helpers.engine.private import EngineRelease, PrivateEngine
from helpers.engine.private.client_command import client_environment, prepare_client
from helpers.engine.private.engine_release import STORES, Store

ROOT = Path(__file__).resolve().parents[1]
WORKER = ROOT / "benchmarks" / "layers_worker.py"
NAME = "wb-benchmark-layers"
FILES, LAYERS = 60_000, 6
PEERS = {"save": "docker save | cat", "dive": "dive"}
GOALS: dict[str, dict[str, float | None]] = {
    "stream": {"save": 1.05, "dive": 1.0},
    "storage": {"save": None, "dive": 0.1},
}
SECOND_GOAL = 0.05
GOAL_BYTES = 80_000_000
SCALE = (1_000, 10_000, 100_000, 300_000)


def run(what: str, host: str, name: str, home: str) -> dict[str, float]:
    """What a fresh process measured."""
    done = subprocess.run(
        [sys.executable, str(WORKER), what, host, name],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "WORKBOOK_HOME": home},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def cold(what: str, host: str, name: str) -> dict[str, float]:
    """The same with nothing in the cache."""
    with tempfile.TemporaryDirectory(prefix="wb-benchmark-") as home:
        return run(what, host, name, home)


def spread(values: Sequence[float], unit: str = "") -> str:
    """Median, and the least and most."""
    middle = statistics.median(values)
    return f"{middle:.3f}{unit} ({min(values):.3f} to {max(values):.3f})"


def say_ratio(what: str, ours: Sequence[float], peer: Sequence[float], goal: float | None) -> None:
    """Prints the ratios of measurements that were made in turn, and whether the goal was met."""
    ratios = [mine / theirs for mine, theirs in zip(ours, peer, strict=True)]
    met = "" if goal is None else f"  goal {goal}: "
    if goal is not None:
        met += "met" if statistics.median(ratios) <= goal else "MISSED"
    print(f"  {what:28} {spread(ours, ' s'):30} ratio {spread(ratios)}{met}")


def compare(host: str, name: str, rounds: int, ways: Sequence[str]) -> dict[str, set[int]]:
    """Prints each way's seconds and its ratios to the peers of the same round.

    Returns {way: the figures of waste that it came to}.
    """
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ("save", *ways, "dive")}
    for _ in range(rounds):
        for way, rows in found.items():
            rows.append(cold(way, host, name))
    seconds = {way: [each["seconds"] for each in rows] for way, rows in found.items()}
    for way, title in PEERS.items():
        print(f"  {title:28} {spread(seconds[way], ' s')}")
    for way in ways:
        for peer, goal in GOALS[way].items():
            say_ratio(f"by {way}, to {PEERS[peer]}", seconds[way], seconds[peer], goal)
        second = [each["second"] for each in found[way]]
        say_ratio("second look, to dive", second, seconds["dive"], SECOND_GOAL)
    for way in (*ways, "dive"):
        peaks = [each["peak_bytes"] / 1e6 for each in found[way]]
        met = "" if way == "dive" else f"  goal {GOAL_BYTES / 1e6:.0f} MB: "
        met += "" if way == "dive" else "met" if max(peaks) <= GOAL_BYTES else "MISSED"
        print(f"  memory of {way:18} {spread(peaks, ' MB')}{met}")
    return {way: {int(each["wasted"]) for each in found[way]} for way in (*ways, "dive")}


def say_waste(figures: dict[str, set[int]], hidden: int) -> None:
    """Prints what each way counts as waste, beside what the image hides by construction."""
    print(f"  hidden by construction       {hidden:,} bytes")
    for way, values in figures.items():
        right = (
            "right" if values == {hidden} else f"{', '.join(f'{v / hidden:.3f}' for v in values)} x"
        )
        print(f"  wasted by {way:18} {', '.join(f'{value:,}' for value in values)} bytes: {right}")


def memory(host: str, big: str, small: str, ways: Sequence[str]) -> None:
    """Prints the most memory for as many files of many bytes and of few."""
    for way in ways:
        peaks = {name: cold(way, host, name) for name in (big, small)}
        most = peaks[big]["peak_bytes"]
        grown = most - peaks[small]["peak_bytes"]
        print(
            f"  by {way}: {most / 1e6:.0f} MB at most,"
            f" {peaks[big]['start_bytes'] / 1e6:.0f} MB of it with nothing read,"
            f" {grown / 1e6:+.0f} MB beside a tenth of the bytes"
        )


def sharing(host: str, first: str, other: str, alone: str, way: str) -> None:
    """Prints what an image costs of which all layers but one are known, and why."""
    with tempfile.TemporaryDirectory(prefix="wb-benchmark-") as home:
        whole = run(way, host, first, home)
        rest = run(way, host, other, home)["seconds"]
    one = cold(way, host, alone)["seconds"]
    print(
        f"  by {way}: whole {whole['seconds']:.3f} s; with one layer new {rest:.3f} s; that layer"
        f" alone {one:.3f} s, and a second look at the whole {whole['second']:.3f} s"
    )
    if way == "stream":
        drained = cold("drain", host, other)
        all_of_it, waited = drained["seconds"], drained["first_byte"]
        print(
            f"  draining it takes {all_of_it:.3f} s, of which {waited:.3f} s pass before the first"
            " byte: the engine stages all layers, known or not"
        )


def scaling(client: DockerClient, host: str, ways: Sequence[str]) -> None:
    """Prints how time grows with the number of files, all of 100 bytes."""
    for files in SCALE:
        tag = f"{NAME}:files-{files}"
        load(client, tag, [layer(files, files * 100, 90)])
        drained = cold("drain", host, tag)["seconds"]
        line = f"  {files:7,} files: drain {drained:.2f} s"
        for way in ways:
            found = cold(way, host, tag)
            line += (
                f"; {way} {found['seconds']:.2f} s, again {found['second'] * 1000:.0f} ms,"
                f" {found['peak_bytes'] / 1e6:.0f} MB"
            )
        print(line, flush=True)


@contextmanager
def engine(store: Store | None, folder: str) -> Iterator[tuple[DockerClient, str]]:
    """A client and its host: of the engine that is found, or of one with its data in the folder."""
    if store is None:
        client, endpoint = find_client()
        yield client, endpoint.host
        client.close()
        return
    release = EngineRelease(store=store)
    unpacked_tree(release.recipe, lambda progress: None, threading.Event())
    private = PrivateEngine(f"bench-{store}", Path(folder, store), release=release)
    try:
        private.start()
        prepare_client(release.tree())
        os.environ.update(client_environment())
        client = docker.DockerClient(base_url=private.host, timeout=1800)
        yield client, private.host
        client.close()
    finally:
        private.remove()


def measure(client: DockerClient, host: str, rounds: int, megabytes: int) -> tuple[str, ...]:
    """Makes an image and prints each way's figures beside the peers'; returns our ways."""
    each, total = FILES // LAYERS, megabytes * 1_000_000 // LAYERS
    parts = [layer(each, total, seed) for seed in range(LAYERS - 1)]
    load(client, f"{NAME}:big", [*parts, layer(each, total, LAYERS - 1, again=0)])
    inspected = client.api.inspect_image(f"{NAME}:big")
    ways = ("stream", *(["storage"] if storage_of(inspected, client.info) else []))
    print(
        f"Docker Engine {client.version()['Version']}, {client.info()['Driver']},"
        f" {inspected['Size'] / 1e6:.0f} MB, {FILES:,} files, {LAYERS} layers"
    )
    figures = compare(host, f"{NAME}:big", rounds, ways)
    say_waste(figures, hidden_bytes(each, total, again=0))
    return ways


def measure_further(client: DockerClient, host: str, megabytes: int, ways: Sequence[str]) -> None:
    """Prints memory, what a shared image costs, and how time grows with the files."""
    each, total = FILES // LAYERS, megabytes * 1_000_000 // LAYERS
    parts = [layer(each, total, seed) for seed in range(LAYERS - 1)]
    load(client, f"{NAME}:again", [*parts, layer(each, total, 50)])
    load(client, f"{NAME}:alone", [layer(each, total, 50)])
    load(client, f"{NAME}:small", [layer(each, total // 10, seed) for seed in range(LAYERS)])
    del parts
    print("Peak memory")
    memory(host, f"{NAME}:big", f"{NAME}:small", ways)
    print("An image that shares all layers but one")
    for way in ways:
        sharing(host, f"{NAME}:big", f"{NAME}:again", f"{NAME}:alone", way)
    print("Growth with the files")
    scaling(client, host, ways)


def main() -> None:
    """Prints ratios with their spread; removes what it made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--peers-only", action="store_true", help="no more than the comparison")
    parser.add_argument("--private", metavar="FOLDER")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    for store in STORES if arguments.private else (None,):
        with engine(store, arguments.private or "") as (client, host):
            try:
                ways = measure(client, host, arguments.rounds, arguments.megabytes)
                if not arguments.peers_only:
                    measure_further(client, host, arguments.megabytes, ways)
            finally:
                remove_all(client)


if __name__ == "__main__":
    main()
