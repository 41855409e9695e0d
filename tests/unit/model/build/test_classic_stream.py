"""The classic builder's text, in which its steps print whatever they like.

What Docker says is as moby's builder/dockerfile writes it (28.5 says "Removed", 26.1 "Removing").
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.build.classic_stream import ClassicStream
from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.step import BuildStep
from helpers.model.build.trace import BuildTrace

DOCKERFILE = read_dockerfile("FROM busybox:1.37\nRUN first\nRUN second\n")
BEGUN = ["Step 1/4 : FROM busybox:1.37", "\n", " ---> 7c268f260242\n"]
FIRST = ["Step 2/4 : RUN first", "\n", " ---> Running in b115e2896d1f\n"]
FIRST_ENDS = [" ---> Removed intermediate container b115e2896d1f\n", " ---> 70a2fa2953dc\n"]
SECOND = ["Step 3/4 : RUN second", "\n", " ---> Running in c115e2896d1f\n"]
SECOND_ENDS = ["Removing intermediate container c115e2896d1f\n", " ---> 80a2fa2953dc\n"]
LABEL = ["Step 4/4 : LABEL workbook.lesson=02", "\n", " ---> Running in d115e2896d1f\n",
         "Removing intermediate container d115e2896d1f\n", " ---> 90a2fa2953dc\n",
         "Successfully built 90a2fa2953dc\n", "Successfully tagged x:latest\n"]  # fmt: skip
MADE = ("70a2fa2953dc", "80a2fa2953dc", "90a2fa2953dc", "90a2fa2953dc")
LIKE_THE_BUILDERS = [
    "  --> src/main.rs:3:5", "-> linking", "ab" * 32, "COMMIT 1a2b", "Successfully tagged v1.2",
    " ---> 0123456789ab", " ---> Using cache", " ---> Running in 0123456789ab",
    "Removing intermediate container 0123456789ab", "Successfully built 0123456789ab",
    "Step 1/4 : FROM busybox:1.37", "Step 2/4 : RUN first", "Step 3/9 : RUN second",
    "Step 3/4 : RUN another", "STEP 1/3: FROM x", "COMMIT", "--> 0123456789ab",
]  # fmt: skip


def told(messages: list[str], error: str = "") -> tuple[ClassicStream, tuple[BuildStep, ...]]:
    stream, trace = ClassicStream(DOCKERFILE), BuildTrace()
    for second, text in enumerate(messages):
        trace.add(stream.take(text, float(second)), float(second))
    trace.add(stream.end(99.0, error), 99.0)
    return stream, trace.steps(DOCKERFILE)


def logs(steps: tuple[BuildStep, ...]) -> list[list[str]]:
    return [[line.text for line in step.log] for step in steps]


@given(st.lists(st.sampled_from([*LIKE_THE_BUILDERS, "plain"]), max_size=8))
def test_all_that_a_step_prints_is_its_log_and_steers_nothing(printed: list[str]) -> None:
    lines = [f"{line}\n" for line in printed]
    stream, steps = told(
        [*BEGUN, *FIRST, *lines, *FIRST_ENDS, *SECOND, *lines, *SECOND_ENDS, *LABEL]
    )
    assert [step.status for step in steps] == ["cached", "done", "done"]
    assert logs(steps) == [[], printed, printed]
    assert stream.made == MADE


@given(st.lists(st.sampled_from(LIKE_THE_BUILDERS), max_size=8))
def test_a_step_that_fails_leaves_no_image(printed: list[str]) -> None:
    lines = [f"{line}\n" for line in printed]
    stream, steps = told([*BEGUN, *FIRST, *lines, FIRST_ENDS[0]], "returned a non-zero code: 1")
    assert [step.status for step in steps] == ["cached", "failed"]
    assert logs(steps) == [[], printed]
    assert stream.made == ("7c268f260242",)


@pytest.mark.parametrize("has_image", [True, False])
def test_a_step_from_the_cache(has_image: bool) -> None:
    cached = [" ---> Using cache\n", " ---> 70a2fa2953dc\n"][: 1 + has_image]
    stream, steps = told([*BEGUN, *FIRST[:2], *cached, *SECOND, "x\n", *SECOND_ENDS, *LABEL])
    assert [step.status for step in steps] == ["cached", "cached", "done"]
    assert logs(steps) == [[], [], ["x"]]
    assert stream.made == (*MADE[1:],)


@given(st.lists(st.sampled_from([*BEGUN, *FIRST, *SECOND, *LABEL, "[1/2] STEP 1/2: FROM a\n"])))
def test_whatever_comes_nothing_is_raised_and_each_step_is_one_of_the_dockerfile(
    messages: list[str],
) -> None:
    _, steps = told(messages)
    assert [step.line for step in steps] == sorted({step.line or 0 for step in steps})
