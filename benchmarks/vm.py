"""What a virtual machine costs over a container: the same app of the same image, in turns.

The peer is the container, measured in the same run. Printed are each figure with its median and
spread, the ratio VM / container run by run, the start of ten at once, and ten boots one after the
other with how many of them ended with an answer. It says which acceleration was measured.

    .venv/bin/python benchmarks/vm.py [RUNS] [TOGETHER] [BOOTS]
"""

from __future__ import annotations

import statistics
import sys
import time

from helpers.engine.connect import connect
from helpers.engine.docker import Docker
from helpers.errors import NotReady
from helpers.views.footprint.footprint_chart import FootprintChart

IMAGE = "workbook-bench-app"


def main() -> None:
    """Prints the table, the ratios and the boots."""
    runs, together, boots = [*map(int, sys.argv[1:]), *(5, 10, 10)[len(sys.argv) - 1 :]]
    docker = connect()
    try:
        docker.build("sample_app", tag=IMAGE)
        print(docker.vms.acceleration)
        print(f"made once: the disk, {made_in(docker):.1f} s; then found again, "
              f"{made_in(docker):.1f} s\n")  # fmt: skip
        found = docker.compare_with_vm(IMAGE, runs=runs, together=together, on_step=say)
        print(FootprintChart(found))
        print("\n" + answers(docker, boots))
    finally:
        print(docker.clean_up())


def made_in(docker: Docker) -> float:
    """Seconds until the image's disk is there."""
    begun = time.monotonic()
    docker.vms.prepared(IMAGE)
    return time.monotonic() - begun


def answers(docker: Docker, boots: int) -> str:
    """How many of so many boots ended with an answer, each at its first try, and how soon."""
    taken: list[float] = []
    for _ in range(boots):
        begun = time.monotonic()
        vm = docker.vm(IMAGE, ports={80: ("127.0.0.1", 0)})
        try:
            vm.wait_until_ready()
            if vm.tries == 1:
                taken.append(time.monotonic() - begun)
        except NotReady as error:
            print(error)
        finally:
            vm.remove(force=True)
    spread = (
        f", median {statistics.median(taken):.1f} s ({min(taken):.1f} to {max(taken):.1f})"
        if taken
        else ""
    )
    return f"{len(taken)} of {boots} boots answered at the first try{spread}"


def say(step: str) -> None:
    """The step, beside what is measured."""
    print(f"  {step}", file=sys.stderr)


if __name__ == "__main__":
    main()
