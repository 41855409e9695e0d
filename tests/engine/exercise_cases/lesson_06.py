"""The cases of lesson 06: two witnesses of one kernel, and five containers on the scales."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases

PREPARE = "%docker build -t my-python-app ./sample_app"
FIRST = "%docker run --name witness-1 busybox:1.37"
SECOND = "%docker run --name witness-2 my-python-app"
BOTH = f"{FIRST} uname -r\n{SECOND}"
FIVE = "for n in range(1, 6):\n    %docker run -d --name crowd-{n} my-python-app"

CASES = (
    ExerciseCases(
        "06.1",
        prepare=PREPARE,
        leaves=("my-python-app",),
        keeps=True,
        wrong=(
            Attempt("one alone", f"{FIRST} uname -r", says="`witness-2` is not"),
            Attempt(
                "removed at once",
                f"{FIRST.replace('run', 'run --rm', 1)} uname -r\n{SECOND} uname -r",
                says="`witness-1` is not",
            ),
            Attempt(
                "one image for both",
                f"{FIRST} uname -r\n%docker run --name witness-2 busybox:1.37 uname -r",
                says="`witness-2` is made from `busybox:1.37`, not from `my-python-app`",
            ),
            Attempt(
                "the wrong way round",
                "%docker run --name witness-1 my-python-app uname -r\n"
                "%docker run --name witness-2 busybox:1.37 uname -r",
                says="`witness-1` is made from `my-python-app`",
            ),
            Attempt(
                "made, never started",
                "%docker create --name witness-1 busybox:1.37 uname -r\n"
                "%docker create --name witness-2 my-python-app uname -r",
                says="`witness-1` is created",
            ),
            Attempt(
                "the app's own command",
                f"{FIRST} uname -r\n{SECOND.replace('run', 'run -d', 1)}",
                says="`witness-2` is running",
            ),
            Attempt(
                "no such option",
                f"!docker run --name witness-1 busybox:1.37 uname -q\n{SECOND} uname -r",
                says="exit code 1",
            ),
            Attempt("the name alone", f"{BOTH} uname", says="`witness-2` does not name"),
        ),
        unusual=(
            Attempt(
                "by a file of the kernel, and started later",
                "!docker create --name witness-1 busybox:1.37 cat /proc/version\n"
                "!docker start witness-1 && docker wait witness-1\n"
                f"{SECOND} python -c 'import platform; print(platform.release())'",
            ),
            Attempt(
                "through the engine object",
                'engine.run("busybox:1.37", "uname -a", name="witness-1", detach=False)\n'
                'engine.run("my-python-app", "uname -a", name="witness-2", detach=False)',
            ),
        ),
    ),
    ExerciseCases(
        "06.2",
        prepare=PREPARE,
        leaves=("my-python-app",),
        keeps=True,
        wrong=(
            Attempt("three of five", FIVE.replace("6", "4"), says="3 of the five"),
            Attempt(
                "another image",
                "for n in range(1, 6):\n    %docker run -d --name crowd-{n} busybox:1.37 sleep 600",
                says="is made from `busybox:1.37`",
            ),
            Attempt("one has ended", f"{FIVE}\n%docker kill crowd-3", says="`crowd-3` is exited"),
            Attempt(
                "made, never started",
                FIVE.replace("run -d", "create"),
                says="`crowd-1` is created",
            ),
            Attempt(
                "a port of this machine",
                FIVE.replace("run -d", "run -d -p 127.0.0.1:0:80"),
                says="publishes a port",
            ),
        ),
        unusual=(
            Attempt(
                "by a shell's loop, under another name of the image",
                "!docker tag my-python-app my-python-app:other\n"
                "!for n in 1 2 3 4 5; do docker run -d --name crowd-$n my-python-app:other; done\n"
                "!docker rmi my-python-app:other",
            ),
        ),
    ),
)
