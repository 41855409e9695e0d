"""The cases of lesson 07: a leak that dies alone."""

from __future__ import annotations

from helpers.exercises.lesson_07 import LEAK
from tests.engine.exercise_cases import Attempt, ExerciseCases

CALM = "!docker run -d --name calm busybox:1.37 sleep 600\n"
QUICK_LEAK = "tail /dev/zero"


def leak(options: str, command: str = QUICK_LEAK) -> str:
    return f"%docker run -d --name leaky {options} busybox:1.37 {command}\n"


WAIT = "%docker wait leaky"

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
                + "%docker run -d --name leaky -m 900m --memory-swap 900m python:3.13-slim "
                "python -c {LEAK}",
                says="runs, with a limit of 900 MiB",
            ),
            Attempt(
                "stopped by hand",
                CALM + leak("-m 32m --memory-swap 32m", "sleep 600") + "%docker kill leaky",
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
                "%docker run -d --name calm busybox:1.37 true\n%docker wait calm\n"
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
                + "%docker update --memory 16m --memory-swap 16m leaky\n"
                + WAIT,
            ),
        ),
    ),
)
