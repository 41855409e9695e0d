"""How long the layers of an image take to read, beside what the engine itself needs to save it.

One run makes images of its own (labelled, and removed at the end), of about 1 GB and 60,000 files
in six layers, and measures in turn: draining the engine's save stream, the cheapest way there is;
reading the layers from that stream, from the engine's storage, and from the cache; and docker-py
with tarfile. Then peak memory, what a shared image costs, and how time grows with the files.
Every reading runs in a process of its own, with a cache of its own.

Of an image of which all layers but one are known, the engine's storage costs that one layer and a
second look at the others. A save stream costs the whole save: the API saves whole images only, and
the classic store stages every layer before the first byte, as the drain's first byte shows, so that
nothing is won by hanging up early. Two ways round were weighed and left. A push to a registry of
our own, which says of known layers that it has them, works only where the engine knows their
compressed digests (it does not, of what was only saved) and reaches this process (from inside a VM
it does not), and has the engine compress what is left. A container with the engine's storage
mounted gives a notebook root's view of the engine, which nobody asked for.

    .venv/bin/python benchmarks/layers.py [--rounds 3] [--private FOLDER] [--megabytes 1000]

--private starts an engine of the workbook's own with its data in that folder, for as long as it
takes: as root its storage is readable, whatever other engine there is.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import docker
from docker import DockerClient

from helpers.engine.base.labels import LESSON
from helpers.engine.connection.client import find_client
from helpers.engine.private import PrivateEngine

ROOT = Path(__file__).resolve().parents[1]
WORKER = ROOT / "benchmarks" / "layers_worker.py"
LABEL = "benchmark"
NAME = "wb-benchmark-layers"
FILES, LAYERS = 60_000, 6
GOALS = {"stream": 1.15, "storage": 0.25, "second": 0.02}
GOAL_BYTES = 150_000_000
SCALE = (1_000, 10_000, 100_000, 300_000)


def layer(files: int, total_bytes: int, seed: int, again: int | None = None) -> bytes:
    """A tar of files whose sizes spread over three powers of ten; the same for the same seed.

    With `again`, a tenth of the files are those of another layer: half of these the same, half
    with other content of the same size.
    """
    dice, buffer = random.Random(seed), io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for number, size in enumerate(sizes(files, total_bytes, seed)):
            _add(archive, seed, number, dice.randbytes(size))
        if again is not None:
            older = random.Random(again)
            for number, size in enumerate(sizes(files, total_bytes, again)):
                body = older.randbytes(size)
                if number % 10 == 0:
                    _add(archive, again, number, body if number % 20 else body[::-1])
    return buffer.getvalue()


def sizes(files: int, total_bytes: int, seed: int) -> list[int]:
    """So many sizes that make up the total."""
    dice = random.Random(seed)
    weights = [dice.lognormvariate(0, 1.5) for _ in range(files)]
    scale = total_bytes / sum(weights)
    return [int(weight * scale) for weight in weights]


def _add(archive: tarfile.TarFile, part: int, number: int, body: bytes) -> None:
    member = tarfile.TarInfo(f"data/part-{part}/{number // 50:04}/file_{number:06}.bin")
    member.size = len(body)
    archive.addfile(member, io.BytesIO(body))


def build(client: DockerClient, tag: str, layers: Sequence[bytes]) -> None:
    """An image with these layers."""
    lines = ["FROM scratch", f"LABEL {LESSON}={LABEL}"]
    lines += [f"ADD {number}.tar /" for number in range(len(layers))]
    with tempfile.TemporaryFile() as context:
        with tarfile.open(fileobj=context, mode="w", format=tarfile.GNU_FORMAT) as archive:
            contents = {"Dockerfile": "\n".join(lines).encode()}
            contents |= {f"{number}.tar": data for number, data in enumerate(layers)}
            for name, data in contents.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        context.seek(0)
        for message in client.api.build(
            fileobj=context, custom_context=True, tag=tag, rm=True, decode=True, timeout=1800
        ):
            assert "error" not in message, message["error"]


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


def compare(host: str, name: str, rounds: int, stored: bool) -> None:
    """Prints each way's seconds and its ratio to the drain of the same round."""
    ways = ["drain", "stream", *(["storage"] if stored else []), "peer"]
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            found[way].append(cold(way, host, name))
    seconds = {way: [each["seconds"] for each in rows] for way, rows in found.items()}
    print(f"  {'drain of the save stream':28} {spread(seconds['drain'], ' s')}")
    for way in ways[1:-1]:
        say_ratio(f"first look, by {way}", seconds[way], seconds["drain"], GOALS[way])
        second = [each["second"] for each in found[way]]
        say_ratio("second look", second, seconds["drain"], GOALS["second"])
    say_ratio("docker-py with tarfile", seconds["peer"], seconds["drain"], None)
    for way in ways[1:-1]:
        say_ratio(f"by {way}, beside that", seconds[way], seconds["peer"], None)
    same = {(each["files"], each["wasted"]) for way in ways[1:-1] for each in found[way]}
    print(
        f"  both ways see {same} (files, wasted bytes)" if len(same) == 1 else f"  DIFFER: {same}"
    )


def memory(host: str, big: str, small: str, stored: bool) -> None:
    """Prints the most memory for as many files of many bytes and of few."""
    for way in ("stream", *(["storage"] if stored else [])):
        peaks = {name: cold(way, host, name) for name in (big, small)}
        most = peaks[big]["peak_bytes"]
        grown = most - peaks[small]["peak_bytes"]
        met = "met" if most < GOAL_BYTES else "MISSED"
        print(
            f"  by {way}: {most / 1e6:.0f} MB at most,"
            f" {peaks[big]['start_bytes'] / 1e6:.0f} MB of it with nothing read,"
            f" {grown / 1e6:+.0f} MB beside a tenth of the bytes; goal 150 MB: {met}"
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


def scaling(client: DockerClient, host: str, stored: bool) -> None:
    """Prints how time grows with the number of files, all of 100 bytes."""
    for files in SCALE:
        tag = f"{NAME}:files-{files}"
        build(client, tag, [layer(files, files * 100, 90)])
        drained = cold("drain", host, tag)["seconds"]
        line = f"  {files:7,} files: drain {drained:.2f} s"
        for way in ("stream", *(["storage"] if stored else [])):
            found = cold(way, host, tag)
            line += (
                f"; {way} {found['seconds']:.2f} s, again {found['second'] * 1000:.0f} ms,"
                f" {found['peak_bytes'] / 1e6:.0f} MB"
            )
        print(line, flush=True)


@contextmanager
def engine(folder: str | None) -> Iterator[tuple[DockerClient, str]]:
    """A client and its host: of the engine that is found, or of one with its data in the folder."""
    if folder is None:
        client, endpoint = find_client()
        yield client, endpoint.host
        client.close()
        return
    private = PrivateEngine("bench", Path(folder))
    try:
        private.start()
        client = docker.DockerClient(base_url=private.host, timeout=1800)
        yield client, private.host
        client.close()
    finally:
        private.remove()


def measure(client: DockerClient, host: str, rounds: int, megabytes: int) -> None:
    """Makes the images and prints everything."""
    each, total = FILES // LAYERS, megabytes * 1_000_000 // LAYERS
    parts = [layer(each, total, seed) for seed in range(LAYERS - 1)]
    parts.append(layer(each, total, LAYERS - 1, again=0))
    build(client, f"{NAME}:big", parts)
    build(client, f"{NAME}:again", [*parts[:-1], layer(each, total, 50)])
    build(client, f"{NAME}:alone", [layer(each, total, 50)])
    build(client, f"{NAME}:small", [layer(each, total // 10, seed) for seed in range(LAYERS)])
    del parts
    stored = os.access(
        client.api.inspect_image(f"{NAME}:big")["GraphDriver"]["Data"].get("UpperDir", ""), os.R_OK
    )
    size = client.api.inspect_image(f"{NAME}:big")["Size"]
    version = client.version()["Version"]
    print(f"Docker Engine {version}, {size / 1e6:.0f} MB, {FILES:,} files, {LAYERS} layers")
    compare(host, f"{NAME}:big", rounds, stored)
    print("Peak memory")
    memory(host, f"{NAME}:big", f"{NAME}:small", stored)
    print("An image that shares all layers but one")
    for way in ("stream", *(["storage"] if stored else [])):
        sharing(host, f"{NAME}:big", f"{NAME}:again", f"{NAME}:alone", way)
    print("Growth with the files")
    scaling(client, host, stored)


def main() -> None:
    """Prints ratios with their spread; removes what it made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--private", metavar="FOLDER")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with engine(arguments.private) as (client, host):
        try:
            measure(client, host, arguments.rounds, arguments.megabytes)
        finally:
            for image in client.images.list(filters={"label": f"{LESSON}={LABEL}"}):
                client.images.remove(image.id, force=True)


if __name__ == "__main__":
    main()
