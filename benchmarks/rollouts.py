"""Requests that fail while a service of three tasks on three nodes gets a new version.

The peer is the swarm's default, one task after the other and the old one first, without a health
check; ours is what lesson 12 arrives at: a health check, the new one first, three seconds to leave.
Each update has a load of its own, twenty requests a second for thirty seconds, in the same run on
the same nodes. Printed are the failed requests of each, and the shares of both kinds.

    DOCKER_HOST=… .venv/bin/python benchmarks/rollouts.py [--updates 10] [--peers 3]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from helpers import connect
from helpers.engine.docker import Docker
from helpers.engine.load.run import LoadRun
from helpers.model.load.plan import checked_plan
from tests.engine.exercise_cases.lesson_12 import DOOR, MANAGER, NODES
from tests.engine.learner_cell import run_cell

LESSON, URL, PER_SECOND, SECONDS = "rollouts", "http://127.0.0.1:4121/", 20, 30
OVERLAY = "--network town --endpoint-mode dnsrr"
WEB = (
    f"{MANAGER} network create -d overlay town\n"
    f"{MANAGER} service create -q --name web {OVERLAY} --replicas 3 registry:5000/shop:1 "
    "sh -c 'sleep 2; exec python -m shop.web'\n"
    f"{MANAGER} service create -q --name door {OVERLAY} --constraint node.hostname==node-1 "
    "--publish mode=host,published=80,target=8080 registry:5000/door:1\n"
)
ASK = "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz')"
SOFTLY = (
    f"HEALTH = ['--health-cmd', '''python -c \"{ASK}\"''', '--health-interval', '1s']\n"
    f"{MANAGER} service update -q {{HEALTH}} --health-retries 8 --update-order start-first "
    "--env-add DRAIN_SECONDS=3 web\n"
)


def failed_of(update: str, docker: Docker) -> tuple[int, int]:
    """How many of how many requests failed while that cell ran, and afterwards."""
    load = LoadRun(checked_plan(URL, PER_SECOND, SECONDS))
    load.start()
    run_cell(update, docker)
    load.wait()
    return load.tally.failed, len(load.tally.replies)


def rounds(name: str, first: int, count: int, docker: Docker) -> str:
    """So many updates, from that version on, told one by one; and the share that failed in all."""
    failures, requests = 0, 0
    for version in range(first, first + count):
        line = f"{MANAGER} service update -q --env-add VERSION={version} web\n"
        failed, sent = failed_of(line, docker)
        print(f"  {name}, version {version}: {failed} of {sent} failed", flush=True)
        failures, requests = failures + failed, requests + sent
    return f"{name}: {failures} of {requests}, {failures / max(requests, 1):.2%}"


def main() -> None:
    """Prints each update, then both shares."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--updates", type=int, default=10)
    options.add_argument("--peers", type=int, default=3)
    chosen = options.parse_args()
    docker = connect(lesson=LESSON)
    try:
        run_cell(NODES + DOOR + WEB, docker)
        peer = rounds("by default", 2, chosen.peers, docker)
        run_cell(SOFTLY, docker)
        ours = rounds("with health and draining", 2 + chosen.peers, chosen.updates, docker)
        print(peer, ours, sep="\n")
    finally:
        docker.clean_up()


if __name__ == "__main__":
    main()
