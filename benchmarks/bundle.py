"""What a bundle costs beside `docker save | docker load` of the same images, in time and in bytes.

One run starts an engine of the workbook's own that has no image at all, and measures in turn, as
often as asked for: `docker save` of all images into a file, and `docker load` of it; and
`bundle save` and `bundle load` of the same. No network is used. It checks that every image has
the same id on both engines, after each way.

    .venv/bin/python benchmarks/bundle.py [--rounds 3] [--folder FOLDER] [NAME …]

The images are those of the lessons, or the ones named, of the engine that DOCKER_HOST names.
Needs root, as the second engine does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from docker import DockerClient

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.bundle.save import save_bundle
from helpers.engine.connection.client import find_client, open_client
from helpers.engine.private import PrivateEngine
from helpers.engine.supply import ImageSupply
from helpers.engine.supply.load_bundle import load_bundle
from helpers.model.supply.catalogue import CATALOGUE
from helpers.model.text.units import format_bytes, format_seconds


def main() -> None:
    """Prints each round, the medians and the ratios."""
    parser = argparse.ArgumentParser(description="A bundle beside docker save | docker load.")
    parser.add_argument("names", nargs="*", default=[image.name for image in CATALOGUE])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files and the empty engine go")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wb-benchmark-", dir=arguments.folder) as folder:
        measure(arguments.names, arguments.rounds, Path(folder))


def measure(names: Sequence[str], rounds: int, folder: Path) -> None:
    """Both ways in turn, each into an engine that is empty before."""
    source, endpoint = find_client()
    ImageSupply(source).ensure_all(names)
    os.environ["WORKBOOK_HOME"] = str(folder / "home")
    ids = ids_of(source, names)
    seconds: dict[str, list[float]] = {}
    engine = PrivateEngine("benchmark", folder / "engine")
    try:
        with engine.lease():
            target = open_client(Endpoint(engine.host, "the benchmark"))
            ways = Ways(source, endpoint.host, target, engine.host, names, folder)
            for number in range(rounds):
                order = list(ways.all().items())
                for name, (save, load) in order if number % 2 == 0 else reversed(order):
                    for step, action in (("save", save), ("load", load)):
                        if step == "load":
                            empty(target)
                        took = timed(action)
                        seconds.setdefault(f"{name} {step}", []).append(took)
                        print(f"round {number + 1}: {name} {step} {format_seconds(took)}")
                    found = ids_of(target, names)
                    assert found == ids, f"{name}: other ids: {found} instead of {ids}"
            report(seconds, ways.sizes(), len(ids))
            target.close()
    finally:
        engine.remove()
        source.close()


class Ways:
    """The two ways to carry images, each a pair of save and load."""

    def __init__(
        self, source: DockerClient, source_host: str, target: DockerClient, target_host: str,
        names: Sequence[str], folder: Path,
    ) -> None:  # fmt: skip
        self._source, self._target, self._names = source, target, names
        self._hosts = source_host, target_host
        self._plain, self._bundle = folder / "saved.tar", folder / "bundle.tar"

    def all(self) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
        """{name: (save, load)}."""
        return {
            "docker": (
                lambda: self._docker(0, "save", "-o", str(self._plain), *self._names),
                lambda: self._docker(1, "load", "-q", "-i", str(self._plain)),
            ),
            "bundle": (
                lambda: save_bundle(self._source, self._names, self._bundle, lambda _: None),
                lambda: load_bundle(self._target, self._bundle, lambda _: None),
            ),
        }

    def sizes(self) -> dict[str, int]:
        """The bytes of each file."""
        return {"docker": self._plain.stat().st_size, "bundle": self._bundle.stat().st_size}

    def _docker(self, host: int, *words: str) -> None:
        subprocess.run(
            ["docker", *words], check=True, capture_output=True,
            env={**os.environ, "DOCKER_HOST": self._hosts[host]},
        )  # fmt: skip


def report(seconds: dict[str, list[float]], sizes: dict[str, int], count: int) -> None:
    """Medians, ratios and sizes."""
    print(f"\n{count} images, the same ids on both engines after each way")
    medians = {name: statistics.median(took) for name, took in seconds.items()}
    for step in ("save", "load"):
        pairs = zip(seconds[f"bundle {step}"], seconds[f"docker {step}"], strict=True)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        print(
            f"{step}: docker {format_seconds(medians[f'docker {step}'])}, bundle "
            f"{format_seconds(medians[f'bundle {step}'])}, ratio {ratio:.2f}"
        )
    whole = {way: medians[f"{way} save"] + medians[f"{way} load"] for way in ("docker", "bundle")}
    print(
        f"both: docker {format_seconds(whole['docker'])}, bundle "
        f"{format_seconds(whole['bundle'])}, ratio {whole['bundle'] / whole['docker']:.2f}"
    )
    ratio = sizes["bundle"] / sizes["docker"]
    print(
        f"size: docker {format_bytes(sizes['docker'])}, bundle {format_bytes(sizes['bundle'])}, "
        f"ratio {ratio:.2f}"
    )


def ids_of(client: DockerClient, names: Sequence[str]) -> dict[str, str]:
    """{name: id} of those images that the engine has."""
    here = {name: image["Id"] for image in client.api.images() for name in image["RepoTags"] or []}
    return {name: str(here[name]) for name in names if name in here}


def empty(client: DockerClient) -> None:
    """Takes every image from the benchmark's own engine."""
    for image in client.api.images(all=True):
        client.api.remove_image(image["Id"], force=True)
    assert not client.api.images(all=True)


def timed(action: Callable[[], object]) -> float:
    """The seconds that it takes."""
    started = time.monotonic()
    action()
    return time.monotonic() - started


if __name__ == "__main__":
    main()
