"""How long honest clients of `serve` wait beside silent ones: the 95th percentile of each request.

    python benchmarks/serve.py          200 honest clients beside 2,000 silent ones, on loopback
    python benchmarks/serve.py 60 0     60 honest clients alone

Each honest client asks for the index, a manifest and a layer of 1 MB. It ends after a minute.
"""

from __future__ import annotations

import http.client
import multiprocessing
import random
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.server import BundleServer
from helpers.engine.bundle.writer import BundleWriter
from tests.unit import bundle_kit, tar_writer

LONGEST_SECONDS = 60
_LAYER_BYTES = 1_000_000


def bundle_in(folder: Path) -> BundleFile:
    """A bundle of one image with a layer of 1 MB that cannot be packed."""
    content = random.Random(1).randbytes(_LAYER_BYTES)
    bundle_kit.LAYERS["app:1"] = [tar_writer.layer(tar_writer.file(b"noise", content))]
    with BundleWriter(folder / "lessons.tar") as writer:
        writer.finish([bundle_kit.add(writer, "app:1")])
    return BundleFile(folder / "lessons.tar")


def serving(bundle: BundleFile, ports: multiprocessing.Queue[int]) -> None:
    with BundleServer(bundle, 0, "127.0.0.1") as server:
        ports.put(server.server_port)
        server.serve_forever()


def waited(port: int, paths: list[str], start: threading.Barrier, seconds: list[float]) -> None:
    start.wait()
    for path in paths:
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)
        line.request("GET", path)
        answer = line.getresponse()
        size = len(answer.read())
        line.close()
        if answer.status == 200 and size:
            seconds.append(time.monotonic() - began)


def measured(port: int, paths: list[str], honest: int, silent: int) -> list[float]:
    """The seconds that each request of the honest took; one that failed is missing."""
    seconds: list[float] = []
    with ExitStack() as stack:
        for _ in range(silent):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), LONGEST_SECONDS))
        start = threading.Barrier(honest)
        clients = [
            threading.Thread(target=waited, args=(port, paths, start, seconds), daemon=True)
            for _ in range(honest)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join(LONGEST_SECONDS)
    return seconds


def main(honest: int = 200, silent: int = 2000) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = honest + silent + 200
    ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, ceiling), hard))
    with tempfile.TemporaryDirectory() as folder:
        bundle = bundle_in(Path(folder))
        manifest = bundle.images[0].manifest.digest
        layer = bundle.manifest(bundle.images[0]).layers[0].digest
        paths = [
            "/index.json",
            f"/v2/library/app/manifests/{manifest}",
            f"/v2/library/app/blobs/{layer}",
        ]
        process = multiprocessing.get_context("fork")
        ports: multiprocessing.Queue[int] = process.Queue()
        server = process.Process(target=serving, args=(bundle, ports), daemon=True)
        server.start()
        try:
            seconds = measured(ports.get(timeout=10), paths, honest, silent)
        finally:
            server.terminate()
            server.join(10)
    last = statistics.quantiles(seconds, n=20)[-1]
    print(
        f"{honest} honest beside {silent} silent: {len(seconds)} of {honest * len(paths)} answered;"
        f" median {statistics.median(seconds):.3f} s, 95th percentile {last:.3f} s,"
        f" longest {max(seconds):.3f} s"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
