"""The cases of lesson 05: yesterday's soup, and twins."""

from __future__ import annotations

from tests.engine.exercise_cases import Attempt, ExerciseCases

AT = "localhost:5004/kitchen"
REGISTRY = "registry = engine.registry()\n"
PUSH = (
    REGISTRY + f"!printf 'FROM busybox:1.37\\nRUN echo 1 > /soup\\n' "
    f"| docker build -q -t {AT}/soup:1.0 -\n"
    f"!printf 'FROM busybox:1.37\\nRUN echo 2 > /soup\\n' | docker build -q -t {AT}/soup:2.0 -\n"
    f"%docker push -q {AT}/soup:1.0\n"
)
BOTH = PUSH + f"%docker push -q {AT}/soup:2.0\n"
RUN = "%docker run --name soup"
DIGEST = "first = registry.digest('kitchen/soup:1.0')\n"

TEAS = (
    f"{REGISTRY}"
    "!printf 'FROM busybox:1.37\\nRUN echo 1 > /tea\\n' | docker build -q -t wbtea:1 -\n"
    "!printf 'FROM busybox:1.37\\nRUN echo 2 > /tea\\n' | docker build -q -t wbtea:2 -\n"
    "registry.push('wbtea:1', 'kitchen/tea:green')\n"
    "registry.push('wbtea:2', 'kitchen/tea:mint')\n"
    "registry.push('wbtea:1', 'kitchen/tea:herbal')\n"
)

TWINS = "%docker run --name twins"
TEA_ID = "id = engine.client.api.inspect_image('wbtea:1')['Id']\n"

CASES = (
    ExerciseCases(
        "05.1",
        prepare=REGISTRY,
        wrong=(
            Attempt("only the first", PUSH, says="no tag `2.0`"),
            Attempt(
                "one image under both tags",
                PUSH + f"%docker tag {AT}/soup:1.0 {AT}/soup:2.0\n%docker push -q {AT}/soup:2.0",
                says="the same image",
            ),
            Attempt("nothing run", BOTH, says="no container is named"),
            Attempt("run by tag", BOTH + f"{RUN} {AT}/soup:1.0 true", says="names no digest"),
            Attempt(
                "run by ID",
                BOTH + f"id = engine.client.api.inspect_image('{AT}/soup:1.0')['Id']\n"
                f"{RUN} {{id}} true",
                says="which is an ID",
            ),
            Attempt(
                "run the new one by digest",
                BOTH + "second = registry.digest('kitchen/soup:2.0')\n"
                f"{RUN} {AT}/soup@{{second}} true",
                says="digest of version 2",
            ),
            Attempt(
                "another image by digest",
                BOTH + "other = registry.push('busybox:1.37', 'kitchen/other:1').digest\n"
                f"{RUN} {AT}/other@{{other}} true",
                says="neither version",
            ),
        ),
        unusual=(
            Attempt(
                "tag and digest, and only created",
                BOTH + DIGEST + f"%docker create --name soup {AT}/soup:1.0@{{first}}",
            ),
            Attempt(
                "by the number of this machine",
                BOTH + DIGEST + f"{RUN} 127.0.0.1:5004/kitchen/soup@{{first}} true",
            ),
            Attempt(
                "deleted here first",
                BOTH + DIGEST + f"%docker rmi {AT}/soup:1.0 {AT}/soup:2.0\n"
                f"{RUN} {AT}/soup@{{first}} cat /soup",
            ),
        ),
    ),
    ExerciseCases(
        "05.2",
        prepare=TEAS,
        leaves=("wbtea:1", "wbtea:2"),
        wrong=(
            Attempt(
                "the one that is alone",
                REGISTRY
                + f"lone = registry.digest('kitchen/tea:mint')\n{TWINS} {AT}/tea@{{lone}} true",
                says="digest of `mint`, which no other",
            ),
            Attempt(
                "something else",
                REGISTRY + "other = registry.push('busybox:1.37', 'kitchen/other:1').digest\n"
                f"{TWINS} {AT}/other@{{other}} true",
                says="none of the three",
            ),
            Attempt("by tag", f"{TWINS} {AT}/tea:green true", says="names no digest"),
            Attempt("by ID", f"{TEA_ID}{TWINS} {{id}} true", says="which is an ID"),
        ),
        unusual=(
            Attempt(
                "only created, with tag and digest",
                REGISTRY + f"shared = registry.digest('kitchen/tea:herbal')\n"
                f"%docker create --name twins {AT}/tea:herbal@{{shared}} true",
            ),
        ),
    ),
)
