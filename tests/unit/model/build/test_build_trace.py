"""What builders tell, merged into steps: BuildKit's news and the classic builder's words."""

from __future__ import annotations

from helpers.model.build.classic_stream import ClassicStream
from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.step import BuildStep
from helpers.model.build.trace import BuildTrace, LogNews, StatusNews, VertexNews

DOCKERFILE = read_dockerfile(
    "FROM busybox:1.37 AS one\nRUN make\nFROM busybox:1.37\nENV A=1\nCOPY --from=one /x /\n"
)


def steps_of(trace: BuildTrace) -> dict[str, BuildStep]:
    return {step.name: step for step in trace.steps(DOCKERFILE)}


def test_the_news_of_a_step_are_merged_whatever_their_order() -> None:
    trace = BuildTrace()
    run, copy = "[one 2/2] RUN make", "[stage-1 2/2] COPY --from=one /x /"
    trace.add(
        [
            VertexNews("c", copy, ("b",)),
            VertexNews("b", run, ("a",), started=1000.0),
            VertexNews("b", run, ("a",), started=1000.0, completed=1002.5),
            VertexNews("a", "[one 1/2] FROM busybox:1.37", started=999.0, completed=999.0),
        ],
        reported_at=3.0,
    )  # fmt: skip
    found = steps_of(trace)
    assert [step.line for step in trace.steps(DOCKERFILE)] == [1, 2, 3, 5]
    assert (found[run].started_seconds, found[run].seconds) == (0.5, 2.5)
    assert found[run].inputs == ("a",)
    assert found[run].status == "done"
    assert found[copy].status == "waiting"
    assert (found[copy].stage, found[copy].instruction) == ("stage-1", "COPY --from=one /x /")


def test_a_base_that_two_stages_share_is_a_step_of_both() -> None:
    trace = BuildTrace()
    base = "[one 1/2] FROM docker.io/library/busybox:1.37"
    trace.add([VertexNews("a", base, started=1.0, completed=1.1)], 0.2)
    assert [step.line for step in trace.steps(DOCKERFILE)] == [1]
    trace.add([VertexNews("c", "[stage-1 2/2] COPY --from=one /x /")], 0.2)
    assert [(step.line, step.stage) for step in trace.steps(DOCKERFILE)] == [
        (1, "one"), (3, "stage-1"), (5, "stage-1"),
    ]  # fmt: skip


def test_newer_builders_number_a_lone_stage_and_write_the_digest_behind_its_image() -> None:
    base = f"[stage-0 1/2] FROM docker.io/library/busybox:1.37@sha256:{'8' * 64}"
    trace = BuildTrace()
    trace.add([VertexNews("b", "[stage-0 2/2] RUN --mount=type=tmpfs,target=/x true")], 0.1)
    trace.add([VertexNews("a", base, started=1.0, completed=1.1)], 0.2)
    text = "FROM busybox:1.37\nRUN --mount=type=tmpfs,target=/x true\n"
    steps = trace.steps(read_dockerfile(text))
    assert [(step.line, step.stage, step.instruction) for step in steps] == [
        (1, "", "FROM busybox:1.37"),
        (2, "", "RUN --mount=type=tmpfs,target=/x true"),
    ]


def test_a_shared_base_is_found_by_its_image_whatever_digest_is_behind_it() -> None:
    images = {"one": "alpine:3", "two": "busybox:1.37"}
    names = [
        f"[{stage} 1/2] FROM docker.io/library/{image}@sha256:{'8' * 64}"
        for stage, image in images.items()
    ]
    trace = BuildTrace()
    trace.add([VertexNews(name[1:4], name, started=1.0, completed=1.1) for name in names], 0.2)
    trace.add([VertexNews("c", "[three 2/2] RUN true", started=2.0)], 0.3)
    stages = [*images.items(), ("three", "busybox:1.37")]
    text = "".join(f"FROM {image} AS {stage}\nRUN true\n" for stage, image in stages)
    twin = next(step for step in trace.steps(read_dockerfile(text)) if step.line == 5)
    assert (twin.stage, twin.digest) == ("three", "two three")


def test_a_base_that_was_there_counts_as_cached_and_one_that_was_fetched_does_not() -> None:
    trace = BuildTrace()
    name = "[one 1/2] FROM docker.io/library/busybox:1.37"
    trace.add([VertexNews("a", name, started=1.0, completed=1.2)], 1.0)
    assert steps_of(trace)[name].cached
    trace.add([StatusNews("a", "resolve docker.io/library/busybox:1.37@sha256:1")], 1.0)
    assert steps_of(trace)[name].cached
    trace.add(
        [StatusNews("a", "sha256:layer", 70, 100), StatusNews("a", "sha256:layer", 90, 100)], 1.0
    )
    assert not steps_of(trace)[name].cached
    assert steps_of(trace)[name].transferred_bytes == 90


def test_logs_are_cut_into_lines_as_a_terminal_shows_them() -> None:
    trace = BuildTrace()
    trace.add([VertexNews("b", "[one 2/2] RUN make", started=1.0)], 0.0)
    trace.add([LogNews("b", 1.5, b"one\ntw"), LogNews("b", 1.6, b"bad\n", is_error=True)], 0.5)
    trace.add([LogNews("b", 2.0, b"o\n10 %\r50 %\r99 %\n\x1b[31mred\x1b[0m")], 1.0)
    (step,) = trace.steps(DOCKERFILE)
    assert [(line.text, line.is_error) for line in step.log] == [
        ("one", False), ("bad", True), ("two", False), ("99 %", False), ("red", False),
    ]  # fmt: skip
    assert step.log[0].at_seconds == 0.4


def test_a_report_on_the_way_has_the_end_of_a_log_and_the_last_one_all_of_it() -> None:
    trace = BuildTrace()
    trace.add([VertexNews("b", "[one 2/2] RUN make", started=1.0)], 0.0)
    written = "".join(f"{number}\n" for number in range(500)) + "rest"
    trace.add([LogNews("b", 2.0, written.encode())], 1.0)
    (on_the_way,), (whole,) = trace.steps(DOCKERFILE, 3), trace.steps(DOCKERFILE)
    assert [line.text for line in on_the_way.log] == ["497", "498", "499", "rest"]
    assert on_the_way.log == whole.log[-4:]
    assert (on_the_way.earlier_lines, whole.earlier_lines, len(whole.log)) == (497, 0, 501)


def test_the_engines_clock_may_be_hours_away() -> None:
    trace = BuildTrace()
    trace.add([VertexNews("b", "[one 2/2] RUN make", started=90_000.0)], 0.25)
    trace.add([VertexNews("b", "[one 2/2] RUN make", started=90_000.0, completed=90_001.0)], 1.22)
    (step,) = trace.steps(DOCKERFILE)
    assert step.started_seconds == 0.22
    assert step.completed_seconds == 1.22


def test_the_builders_own_steps_stand_around_those_of_the_dockerfile() -> None:
    trace = BuildTrace()
    trace.add(
        [
            VertexNews("z", "exporting to image", started=9.0),
            VertexNews("b", "[one 2/2] RUN make", started=3.0),
            VertexNews("y", "[internal] load build context", started=4.0),
            VertexNews("x", "resolve image config for docker.io/docker/dockerfile:1", started=1.0),
        ],
        9.0,
    )
    found = trace.steps(DOCKERFILE)
    assert [step.digest for step in found] == ["x", "y", "b", "z"]
    assert [step.is_internal for step in found] == [True, True, False, True]


def test_a_platform_in_the_name_is_no_stage() -> None:
    trace = BuildTrace()
    trace.add([VertexNews("b", "[linux/amd64 one 2/2] RUN make")], 0)
    assert trace.steps(DOCKERFILE)[0].line == 2
    single = read_dockerfile("FROM a\nRUN make\n")
    trace = BuildTrace()
    trace.add([VertexNews("b", "[linux/arm64 2/2] RUN make"), VertexNews("c", "[ 1/2] FROM a")], 0)
    assert [(step.line, step.stage) for step in trace.steps(single)] == [(1, ""), (2, "")]


def test_states_of_a_step() -> None:
    def status(**facts: object) -> str:
        return BuildStep("d", "n", **facts).status  # type: ignore[arg-type]

    assert status() == "waiting"
    assert status(started_seconds=1.0) == "running"
    assert status(started_seconds=1.0, completed_seconds=2.0) == "done"
    assert status(cached=True, started_seconds=1.0, completed_seconds=1.0) == "cached"
    assert status(error="exit code: 1") == "failed"
    assert status(error="context canceled: context canceled") == "canceled"


CLASSIC = [
    "Step 1/5 : FROM busybox:1.37 AS one", "\n", " ---> 7c268f260242\n",
    "Step 2/5 : RUN make", "\n", " ---> Running in b115e2896d1f\n", "built\n",
    "\x1b[91mwarning\n\x1b[0m", "Removing intermediate container b115e2896d1f\n",
    " ---> 70a2fa2953dc\n", "Step 3/5 : FROM busybox:1.37", "\n", " ---> 7c268f260242\n",
    "Step 4/5 : ENV A=1", "\n", " ---> Running in 82b7ef7cc42c\n", " ---> e21a3676ec76\n",
    "Step 5/5 : COPY --from=one /x /", "\n", " ---> Using cache\n", " ---> a50561507f0e\n",
    "Successfully built a50561507f0e\n", "Successfully tagged x:latest\n",
]  # fmt: skip
PODMAN = [
    "[1/2] STEP 1/2: FROM busybox:1.37 AS one\n", "[1/2] STEP 2/2: RUN make\n", "built\n",
    "--> 70a2fa2953dc\n", "[2/2] STEP 1/3: FROM busybox:1.37\n", "[2/2] STEP 2/3: ENV A=1\n",
    "--> e21a3676ec76\n", "[2/2] STEP 3/3: COPY --from=one /x /\n",
    "--> Using cache a50561507f0e5a7b\n", "COMMIT x\n", "--> a50561507f0e\n",
    "Successfully tagged localhost/x:latest\n", f"{'a' * 64}\n",
]  # fmt: skip


def told(messages: list[str]) -> tuple[ClassicStream, BuildTrace]:
    stream, trace = ClassicStream(DOCKERFILE), BuildTrace()
    for second, text in enumerate(messages):
        trace.add(stream.take(text, float(second)), float(second))
    trace.add(stream.end(99.0), 99.0)
    return stream, trace


def test_the_classic_builder_tells_the_same_steps() -> None:
    stream, trace = told(CLASSIC)
    found = trace.steps(DOCKERFILE)
    assert [(s.line, s.stage, s.status) for s in found] == [
        (1, "one", "cached"), (2, "one", "done"),
        (3, "stage-1", "cached"), (5, "stage-1", "cached"),
    ]  # fmt: skip
    assert [(line.text, line.is_error) for line in found[1].log] == [
        ("built", False),
        ("warning", True),
    ]
    assert found[1].seconds == 7
    assert set(found[3].inputs) == {found[2].digest, found[1].digest}
    assert stream.made == ("70a2fa2953dc", "e21a3676ec76", "70a2fa2953dc", "a50561507f0e")


def test_podman_tells_the_same_steps() -> None:
    _, trace = told(PODMAN)
    assert [(s.line, s.status) for s in trace.steps(DOCKERFILE)] == [
        (1, "cached"), (2, "done"), (3, "cached"), (5, "cached"),
    ]  # fmt: skip


def test_a_classic_step_that_fails() -> None:
    stream, trace = ClassicStream(DOCKERFILE), BuildTrace()
    for text in CLASSIC[:7]:
        trace.add(stream.take(text, 1.0), 1.0)
    trace.add(stream.end(2.0, "returned a non-zero code: 2"), 2.0)
    assert [step.status for step in trace.steps(DOCKERFILE)] == ["cached", "failed"]


def test_an_image_that_a_step_prints_is_none_of_the_builders() -> None:
    stream, _ = told([*CLASSIC[:6], " ---> 0123456789ab\n", *CLASSIC[8:]])
    assert "0123456789ab" not in stream.made
    stream = ClassicStream(DOCKERFILE)
    for text in [*CLASSIC[:6], " ---> 0123456789ab\n"]:
        list(stream.take(text, 1.0))
    list(stream.end(2.0, "returned a non-zero code: 2"))
    assert stream.made == ("7c268f260242",)


def test_what_a_step_prints_is_no_word_of_the_builder() -> None:
    stream, trace = ClassicStream(DOCKERFILE), BuildTrace()
    for text in ["Step 2/5 : RUN make", "\n", "\n", "Step by step\n"]:
        trace.add(stream.take(text, 1.0), 1.0)
    assert [line.text for line in trace.steps(DOCKERFILE)[0].log] == ["", "Step by step"]
