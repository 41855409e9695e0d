"""How long a first cell waits: `import helpers` and `connect()`, each in a fresh process.

The peer is the docker SDK alone doing the same (`import docker`, `from_env` and a ping), measured
in turn with ours, so that the ratio holds when the machine's speed drifts.

    .venv/bin/python benchmarks/startup.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

RUNS = 15
OURS = """
import time
a = time.perf_counter()
import helpers
helpers.connect
b = time.perf_counter()
helpers.connect().info
c = time.perf_counter()
print(b - a, c - b)
"""
PEER = """
import time
a = time.perf_counter()
import docker
b = time.perf_counter()
docker.from_env(version="auto").info()
c = time.perf_counter()
print(b - a, c - b)
"""


def measure(code: str) -> tuple[float, float]:
    """Seconds of the import and of the connection, in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[1],
    )
    imported, connected = done.stdout.split()
    return float(imported), float(connected)


def main() -> None:
    """Prints medians with their spread, and the ratio to the SDK alone."""
    measure(OURS), measure(PEER)
    pairs = [(measure(OURS), measure(PEER)) for _ in range(RUNS)]
    for index, what in enumerate(("import helpers", "connect()")):
        ours = sorted(pair[0][index] for pair in pairs)
        peer = sorted(pair[1][index] for pair in pairs)
        ratio = statistics.median(a / b for a, b in zip(
            (pair[0][index] for pair in pairs), (pair[1][index] for pair in pairs), strict=True
        ))  # fmt: skip
        print(
            f"{what:15} {statistics.median(ours):.3f} s ({ours[0]:.3f} to {ours[-1]:.3f});"
            f" the docker SDK alone {statistics.median(peer):.3f} s; ratio {ratio:.2f}"
        )


if __name__ == "__main__":
    main()
