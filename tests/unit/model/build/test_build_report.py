"""A build's report, its failures in words, and its command line."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from helpers.errors import InvalidInput
from helpers.model.build.failure import (
    BuildFailed,
    blamed,
    carried_on,
    explained,
    is_lost_snapshot,
    reason_of,
)
from helpers.model.build.report import BuildReport, BuildStep, LogLine
from helpers.model.build.settings import BuildSettings

FROM = BuildStep("a", "[1/2] FROM b", "FROM b", "", 1, (), 0.1, 0.1, cached=True)
RUN = BuildStep("b", "[2/2] RUN c", "RUN c", "", 2, ("a",), 0.2, 1.7)
SEND = BuildStep("i", "[internal] load build context", is_internal=True, started_seconds=0.1)
REPORT = BuildReport(
    "docker build -t x .", "x", dockerfile="FROM b\nRUN c\n", steps=(SEND, FROM, RUN), seconds=2.0,
    image_id="sha256:1", size_bytes=23_000_000, layer_count=2, is_over=True,
)  # fmt: skip


def test_a_report_reads_as_a_sentence() -> None:
    assert repr(REPORT) == (
        "$ docker build -t x .\nbuilt x in 2.00 s: 2 steps, 1 from the cache; 23 MB in 2 layers"
    )
    assert REPORT.cached == 1
    assert [step.line for step in REPORT.own_steps] == [1, 2]
    assert repr(replace(REPORT, is_over=False)).endswith(
        "building for 2.00 s; 2 steps, 1 from the cache"
    )


FAILED = replace(
    RUN, error="executor failed running [/bin/sh -c c]: exit code: 3",
    log=tuple(LogLine(1.0, f"line {number}") for number in range(20)),
)  # fmt: skip


def test_a_failure_names_the_step_the_line_and_the_last_lines_of_its_log() -> None:
    message, step = explained(replace(REPORT, steps=(FROM, FAILED), error=FAILED.error))
    assert message.splitlines()[0] == (
        "Line 2 of the Dockerfile, `RUN c`, failed: the command ended with exit code 3."
    )
    assert message.splitlines()[1:] == [f"  line {number}" for number in range(12, 20)]
    assert step.startswith("What it printed says why: mend that line")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('failed to compute cache key: "/nix" not found: not found', "'nix' is"),
        (
            "failed to compute cache key: failed to calculate checksum of ref a::b:"
            ' "/d/nix": not found',
            "'d/nix' is",
        ),
        (
            "COPY failed: file not found in build context or excluded by .dockerignore: "
            "stat nix: file does not exist",
            "'nix' is",
        ),
        (
            "failed to walk /t/buildkit-mount1/d: lstat /t/buildkit-mount1/d: no such file or",
            "'d' is",
        ),
        ('process "/bin/sh -c c" did not complete successfully: exit code: 9', "exit code 9."),
        (
            'building at STEP "COPY nix /": checking on sources under "/a": copier: stat: "/nix": '
            "no such file or directory",
            "'nix' is",
        ),
        ('building at STEP "RUN c": while running runtime: exit status 9', "exit code 9."),
        ("The command '/bin/sh -c c' returned a non-zero code: 4", "exit code 4."),
        ("failed to solve with frontend dockerfile.v0: failed to create LLB definition: oh", "oh."),
    ],
)
def test_each_builders_words_for_the_same(said: str, told: str) -> None:
    assert told in reason_of(said)


@pytest.mark.parametrize(
    "error",
    [
        "failed to create LLB definition: dockerfile parse error line 2: unknown instruction: RUM",
        "dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)",
    ],
)
def test_a_syntax_error_is_a_failed_step_too(error: str) -> None:
    report = blamed(BuildReport("docker build .", dockerfile="FROM b\nRUM c\n", error=error))
    assert report.failed_step is not None
    assert (report.failed_step.line, report.failed_step.title) == (2, "RUM c")


def test_an_image_that_cannot_be_read_is_the_froms_failure() -> None:
    load = replace(
        SEND, name="[internal] load metadata for docker.io/library/b:1", error="not found"
    )
    report = blamed(replace(REPORT, dockerfile="FROM b:1\n", steps=(load,), error="not found"))
    assert [step.line for step in report.own_steps] == [1]
    assert report.own_steps[0].status == "failed"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ('compute cache key: failed to calculate checksum of ref a: "/nix": not found', 3),
        ("COPY failed: stat nix: file does not exist", 3),
        ('process "/bin/sh -c echo \\"so\\"; false" did not complete: exit code: 1', 2),
        ('failed to calculate checksum of ref a: "/d": not found', None),
    ],
)
def test_an_error_without_its_step_is_the_one_of_the_line_that_it_names(
    error: str, line: int | None
) -> None:
    text = 'FROM b\nRUN echo "so"; false\nCOPY nix /\nADD d /\nCOPY d /\n'
    failed = blamed(BuildReport("docker build .", dockerfile=text, error=error)).failed_step
    assert (failed.line if failed else None) == line


def test_an_error_of_no_line_is_told_all_the_same() -> None:
    report = replace(REPORT, error="the builder is gone")
    assert blamed(report) == report
    assert explained(report)[0] == "The build failed: the builder is gone."
    error = BuildFailed(*explained(report), report=report)
    assert (error.report, error.command) == (report, report.command)


@pytest.mark.parametrize(
    "said", ["write /x: no space left on device", "bad address", "snapshot a does not exist"]
)
def test_what_a_step_prints_or_runs_chooses_no_next_step(said: str) -> None:
    error = f'process "/bin/sh -c echo {said}; false" did not complete successfully: exit code: 1'
    silent = replace(FAILED, log=(), error="exit code: 1")
    failed = replace(FAILED, log=(LogLine(1.0, said),), error=error)
    steps = [
        explained(replace(REPORT, steps=(step,), error=step.error))[1] for step in (silent, failed)
    ]
    assert steps[0] == steps[1]
    assert not is_lost_snapshot(error)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ('failed to process "${x:bad}": unsupported modifier', 'failed to process "${x:bad}": un'),
        ("ADD failed to solve: x", "ADD failed to solve: x."),
        (
            'process "/bin/sh -c echo exit code: 7; false" did not complete successfully: '
            "exit code: 1",
            "the command ended with exit code 1.",
        ),
        (
            "process \"/bin/sh -c echo 'failed to compute cache key: \"/x\": not found'; false\" "
            "did not complete successfully: exit code: 1",
            "the command ended with exit code 1.",
        ),
    ],
)  # fmt: skip
def test_a_builders_words_lose_what_stands_at_their_start_alone(error: str, reason: str) -> None:
    assert reason_of(error).startswith(reason)


def test_a_line_that_a_command_names_is_not_the_one_that_failed() -> None:
    text = "FROM b\nRUN echo Dockerfile:1; false\n"
    error = 'process "/bin/sh -c echo Dockerfile:1; false" did not complete: exit code: 1'
    failed = blamed(BuildReport("docker build .", dockerfile=text, error=error)).failed_step
    assert failed is not None
    assert failed.line == 2


def test_a_step_that_no_line_has_is_none_of_the_dockerfiles() -> None:
    trigger = replace(FAILED, line=None, name="[2/3] RUN make", instruction="RUN make")
    message, step = explained(replace(REPORT, steps=(FROM, trigger), error=trigger.error))
    assert message.startswith("`RUN make`, which no line of the Dockerfile has, failed: ")
    assert "ONBUILD" in step


def test_two_builds_as_one_where_the_engine_lost_a_layer_of_its_own() -> None:
    lost = (
        'failed to prepare extraction snapshot "extract-1": parent snapshot sha256:5 does not exist'
    )
    done = BuildStep("a", "n", "RUN make", started_seconds=1.0, completed_seconds=3.0)
    export = BuildStep("b", "exporting to image", "exporting to image", error=lost)
    first = replace(REPORT, steps=(done, export), error=lost)
    assert is_lost_snapshot(first.error)
    assert "Build again" in explained(first)[1]
    cached = replace(done, digest="c", cached=True, started_seconds=4.0, completed_seconds=4.0)
    again = replace(REPORT, steps=(cached, replace(export, error="")), error="")
    assert carried_on(first, again).steps == (done, again.steps[1])


def test_a_file_that_dockerignore_leaves_out() -> None:
    error = 'failed to compute cache key: "/d" not found: not found'
    assert ".dockerignore leaves it out" in explained(replace(REPORT, error=error), True)[1]


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN sh <<EOF\necho inner\nEOF\nRUN sh <<'EOF2'\nx\nEOF2\nRUN after\n",
        "FROM a\nRUN echo $HOME `x` \\\n  'y'",
        "FROM a\n\n",
    ],
)
def test_a_shell_gives_docker_the_very_text(text: str) -> None:
    line = BuildSettings(context="-", stdin=text).line()
    script = f"docker() {{ cat; }}\n{line}\n"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip("\n") == text.rstrip("\n")
    assert not done.stderr


def test_values_of_none_are_what_a_name_alone_is_to_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = BuildSettings(
        context=".", build_args={"A": None, "B": 0, "C": ""}, labels={"l": None, "m": False}
    )
    monkeypatch.delenv("A", raising=False)
    assert settings.arguments == {"B": "0", "C": ""}
    monkeypatch.setenv("A", "of here")
    assert settings.arguments == {"A": "of here", "B": "0", "C": ""}
    assert settings.label_texts == {"l": "", "m": "False"}
    assert settings.line() == (
        "docker build --build-arg A --build-arg B=0 --build-arg C= --label l --label m=False ."
    )


def test_the_line_to_type() -> None:
    settings = BuildSettings(
        context="app", tag="x:1", dockerfile="app/D", target="t", build_args={"A": 1},
        labels={"l": "two words"}, no_cache=True, secrets=["id=s,src=f"], network="none",
    )  # fmt: skip
    assert settings.line() == (
        "docker build -t x:1 -f app/D --target t --build-arg A=1 --label 'l=two words' --no-cache "
        "--network none --secret id=s,src=f app"
    )
    assert BuildSettings(context=".", buildkit=False).line() == "DOCKER_BUILDKIT=0 docker build ."
    assert BuildSettings(context="-", stdin="FROM a\n", tag="x").line() == (
        "docker build -t x - <<'EOF'\nFROM a\nEOF"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"tag": "Capital"}, {"context": "-"}, {"stdin": "FROM a"}, {"secrets": ["token"]},
        {"dockerfile": "-"}, {"secrets": ["id=a,what=b"]},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_once(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        BuildSettings(**{"context": ".", **wrong})  # type: ignore[arg-type]


def test_an_option_that_there_is_not() -> None:
    with pytest.raises(InvalidInput, match="Did you mean 'no_cache'"):
        BuildSettings.of(".", "x", {"nocache": True})
