"""The cases of lesson 08: a noisy neighbour."""

from __future__ import annotations

from helpers.exercises.lesson_08_checks import THREE
from tests.engine.exercise_cases import Attempt, ExerciseCases

STARTED = (
    'WORK = "while true; do [ -e /busy ] || sleep 0.2; done"\n'
    f"for name in {THREE!r}:\n"
    "    %docker run -d --name {name} busybox:1.37 sh -c {WORK}\n"
    "%docker exec blue touch /busy"
)

CASES = (
    ExerciseCases(
        "08.1",
        prepare=STARTED,
        wrong=(
            Attempt(
                "the wrong one",
                "%docker update --cpus 0.1 red",
                says="`red` is held back, and it had used next to nothing",
            ),
            Attempt("all of them", "%docker update --cpus 0.1 green blue", says="`green` is held"),
            Attempt("stopped", "%docker stop -t 0 blue", says="now its work is not done"),
            Attempt("removed", "%docker rm --force blue", says="`blue` is gone"),
            Attempt("not enough", "%docker update --cpus 0.5 blue", says="may still use 0.5 CPU"),
        ),
        unusual=(
            Attempt(
                "by quota and period", "%docker update --cpu-period 50000 --cpu-quota 2500 blue"
            ),
            Attempt(
                "the wrong one first, and all CPUs given back to it",
                "cores = engine.info['NCPU']\n"
                "%docker update --cpus 0.1 red\n"
                "%docker update --cpus {cores} red\n"
                "%docker update --cpus 0.1 blue",
            ),
        ),
    ),
)
