"""The cases of lesson 07: a leak that dies alone, and a noisy neighbour."""

from __future__ import annotations

from helpers.exercises.lesson_07 import LEAK
from helpers.exercises.lesson_07_checks import THREE
from tests.engine.exercise_cases import Attempt, ExerciseCases

CALM = "!docker run -d --name calm busybox:1.37 sleep 600\n"
QUICK_LEAK = "tail /dev/zero"
STARTED = (
    'WORK = "while true; do [ -e /busy ] || sleep 0.2; done"\n'
    f"for name in {THREE!r}:\n"
    '    engine.run("busybox:1.37", ["sh", "-c", WORK], name=name)\n'
    '_ = engine.container("blue").exec("touch /busy")'
)


def leak(options: str, command: str = QUICK_LEAK) -> str:
    return f"!docker run -d --name leaky {options} busybox:1.37 {command}\n"


WAIT = "!docker wait leaky"

CASES = (
    ExerciseCases(
        "07.1",
        wrong=(
            Attempt("no neighbour", leak("-m 16m --memory-swap 16m") + WAIT, says="named `calm`"),
            Attempt("no limit", CALM + leak("", "sleep 600"), says="has no memory limit"),
            Attempt("swap left", CALM + leak("-m 16m") + WAIT, says="with swap counted in"),
            Attempt(
                "a limit far above",
                CALM
                + LEAK.replace("600", "60")
                + 'engine.run("python:3.13-slim", ["python", "-c", LEAK], name="leaky",\n'
                '           memory="900m", memory_swap="900m")',
                says="runs, with a limit of 900 MiB",
            ),
            Attempt(
                "stopped by hand",
                CALM + leak("-m 32m --memory-swap 32m", "sleep 600") + "!docker kill leaky",
                says="no limit was hit",
            ),
            Attempt(
                "only a child died",
                CALM + leak("-m 16m --memory-swap 16m", "sh -c 'tail /dev/zero; echo on'") + WAIT,
                says="lost a process to its limit",
            ),
            Attempt(
                "a neighbour that came later",
                leak("-m 16m --memory-swap 16m") + WAIT + "\n!sleep 1.1\n" + CALM,
                says="was started after `leaky` had died",
            ),
            Attempt(
                "a neighbour that ended",
                "!docker run -d --name calm busybox:1.37 true\n!docker wait calm\n"
                + leak("-m 16m --memory-swap 16m")
                + WAIT,
                says="`calm` is exited",
            ),
        ),
        unusual=(
            Attempt(
                "another program, and the limits given after the start",
                CALM
                + leak("-m 400m --memory-swap 400m", "sh -c 'sleep 2; exec tail /dev/zero'")
                + "!docker update --memory 16m --memory-swap 16m leaky\n"
                + WAIT,
            ),
        ),
    ),
    ExerciseCases(
        "07.2",
        prepare=STARTED,
        wrong=(
            Attempt(
                "the wrong one",
                "!docker update --cpus 0.1 red",
                says="`red` is held back, and it had used next to nothing",
            ),
            Attempt("all of them", "!docker update --cpus 0.1 green blue", says="`green` is held"),
            Attempt("stopped", "!docker stop -t 0 blue", says="now its work is not done"),
            Attempt("removed", "!docker rm --force blue", says="`blue` is gone"),
            Attempt("not enough", "!docker update --cpus 0.5 blue", says="may still use 0.5 CPU"),
        ),
        unusual=(
            Attempt(
                "by quota and period", "!docker update --cpu-period 50000 --cpu-quota 2500 blue"
            ),
            Attempt(
                "the wrong one first, and all CPUs given back to it",
                "!docker update --cpus 0.1 red\n"
                "!docker update --cpus {docker.info['NCPU']} red\n"
                "!docker update --cpus 0.1 blue",
            ),
        ),
    ),
)
