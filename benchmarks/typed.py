"""What `%docker ps` costs in a cell, beside the docker command by itself (the peer), in turns.

Both list the same containers of the same engine; the figure is the difference of the medians.

    .venv/bin/python benchmarks/typed.py [--runs 40]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import statistics
import subprocess
import time
from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from helpers import connect
from helpers.engine.command.client_program import client_environment, client_program

GOAL_SECONDS = 0.05
LINE = "ps --all"


def seconds_of(act: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> int:
    """0 where a cell adds at most the goal to what the command takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    engine = connect()
    command = [client_program(), *LINE.split()]
    environment = client_environment(engine.endpoint)
    cells, plain = [], []
    for _ in range(runs):
        with contextlib.redirect_stdout(io.StringIO()):
            cells.append(seconds_of(lambda: shell.run_cell(f"%docker {LINE}").raise_error()))
        plain.append(
            seconds_of(lambda: subprocess.run(command, env=environment, capture_output=True))
        )
    in_cell, by_itself = statistics.median(cells), statistics.median(plain)
    added = in_cell - by_itself
    print(f"%docker {LINE}: {in_cell:.4f} s in a cell, {by_itself:.4f} s by itself (peer)")
    print(f"ratio {in_cell / by_itself:.2f}, {added:+.4f} s; at most {GOAL_SECONDS} s are allowed")
    return int(added > GOAL_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
