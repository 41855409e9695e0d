"""The cases of lesson 00: a container that stays."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases

ANOTHER_IMAGE = """\
!docker create --name wbex-other busybox:1.37 true
!docker commit wbex-other wbex-other
!docker run -d --name greeter wbex-other sleep 600
"""

CASES = (
    ExerciseCases(
        "00.1",
        wrong=(
            Attempt(
                "a command that ends",
                "%docker run --name greeter busybox:1.37 echo hello",
                says="ran and ended with exit code 0",
            ),
            Attempt(
                "created and never started",
                "%docker create --name greeter busybox:1.37 sleep 600",
                says="was created, and its process never started",
            ),
            Attempt(
                "a command that is not in the image",
                "!docker run -d --name greeter busybox:1.37 no-such-program",
                says="could not be started: .*no-such-program",
            ),
            Attempt("another image", ANOTHER_IMAGE, says="made from `wbex-other`"),
            Attempt(
                "paused",
                "%docker run -d --name greeter busybox:1.37 sleep 600\n%docker pause greeter",
                says="is paused",
            ),
        ),
        unusual=(
            Attempt(
                "created, then started, by hand",
                "!docker create --name greeter busybox:1.37 sleep 600\n!docker start greeter",
            ),
            Attempt(
                "made under another name, and renamed",
                "!docker run -d --name wbex-first busybox:1.37 top\n"
                "!docker rename wbex-first greeter",
            ),
            Attempt(
                "the image by its ID",
                'engine.run(engine.image("busybox:1.37").id, "sleep 600", name="greeter")',
            ),
        ),
        leaves=("wbex-other", "wbex-first"),
    ),
)
