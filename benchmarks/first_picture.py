"""How long a reader waits for `layer_explorer(image)`: the first widget of a fresh kernel.

From the cell being sent until its picture is sent to the page, in a new kernel for each try. The
peer is an empty anywidget in a kernel as fresh, measured in turn with ours, so that the ratio holds
when the machine's speed drifts. Once at once after `connect()`, as with "run all cells", and once
after a pause as somebody makes who reads a sentence.

    .venv/bin/python benchmarks/first_picture.py [IMAGE]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import BlockingKernelClient, KernelManager

ROOT = Path(__file__).resolve().parents[1]
RUNS = 7
PAUSE_SECONDS = 2.0
GOAL_SECONDS = 0.3
IMAGE = "python:3.13-slim"
WIDGET = "application/vnd.jupyter.widget-view+json"
CONNECT = "from helpers import connect, layer_explorer\ndocker = connect()"
OURS = "layer_explorer(docker.image({image!r}))"
PEER = """
import anywidget

class Empty(anywidget.AnyWidget):
    _esm = "export default {{ render() {{}} }};"

Empty()
"""


@contextmanager
def kernel(home: str) -> Iterator[BlockingKernelClient]:
    """A fresh kernel in the workbook's folder, with a user folder of its own."""
    manager = KernelManager(kernel_name="python3")
    environment = {**os.environ, "WORKBOOK_STATIC": "0", "XDG_CACHE_HOME": home}
    manager.start_kernel(cwd=str(ROOT), env=environment, stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def seconds_until_shown(client: BlockingKernelClient, code: str) -> float:
    """Seconds from the sending of the cell until a widget is sent to the page."""
    shown = 0.0

    def hear(message: dict) -> None:
        nonlocal shown
        if message["msg_type"] == "error":
            sys.exit("\n".join(message["content"]["traceback"]))
        if not shown and WIDGET in message["content"].get("data", {}):
            shown = time.perf_counter()

    begun = time.perf_counter()
    client.execute_interactive(code, output_hook=hear, timeout=120)
    return shown - begun


def first(code: str, pause_seconds: float, home: str, before: str = CONNECT) -> float:
    """The seconds of that cell in a fresh kernel, so long after the cell before it."""
    with kernel(home) as client:
        client.execute_interactive(before, output_hook=lambda message: None, timeout=120)
        time.sleep(pause_seconds)
        return seconds_until_shown(client, code)


def main() -> None:
    """Prints medians with their spread, and the ratio to the empty widget."""
    image = sys.argv[1] if len(sys.argv) > 1 else IMAGE
    for name, pause_seconds in (("at once", 0.0), (f"{PAUSE_SECONDS:g} s later", PAUSE_SECONDS)):
        pairs = []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory(prefix="wb-benchmark-") as home:
                ours = first(OURS.format(image=image), pause_seconds, home)
                pairs.append((ours, first(PEER.format(), 0.0, home, "1")))
        ours, peer = ([pair[at] for pair in pairs] for at in (0, 1))
        ratio = statistics.median(a / b for a, b in pairs)
        met = "met" if statistics.median(ours) < GOAL_SECONDS else "MISSED"
        print(
            f"{name:10} {statistics.median(ours):.3f} s ({min(ours):.3f} to {max(ours):.3f});"
            f" an empty anywidget {statistics.median(peer):.3f} s; ratio {ratio:.2f};"
            f" goal {GOAL_SECONDS} s: {met}",
            flush=True,
        )


if __name__ == "__main__":
    main()
