"""Builds made by hand: of two stages side by side, on its way, again, and failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpers.model.build.inputs import BuildInputs, FileStamp
from helpers.model.build.report import BuildReport, BuildStep, LogLine

EVIL = "<img src=x onerror=document.title='hacked'>"
DOCKERFILE = """\
FROM python:3.13-slim AS help
RUN pip install --no-cache-dir \\
    Markdown Pygments
COPY README.md .

FROM python:3.13-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY --from=help /README.md /help
COPY . .
"""
LOG = tuple(LogLine(0.8 + at * 0.005, f"Collecting package {at} {EVIL}") for at in range(400))


def step(
    digest: str, instruction: str, stage: str, line: int, times: tuple[float, float],
    inputs: Sequence[str] = (), log: tuple[LogLine, ...] = (),
) -> BuildStep:  # fmt: skip
    """A step of the Dockerfile that was done between these seconds."""
    return BuildStep(
        digest, f"[{stage}] {instruction}", instruction, stage, line, tuple(inputs), *times, log=log
    )


STEPS = (
    BuildStep("i", "[internal] load build context", is_internal=True, started_seconds=0.05,
              completed_seconds=0.5, transferred_bytes=20_400_000),
    BuildStep("j", "[internal] load .dockerignore", is_internal=True, started_seconds=0.01,
              completed_seconds=0.02),
    replace(step("f", "FROM python:3.13-slim AS help", "help", 1, (0.1, 0.1)), cached=True),
    step("h", "RUN pip install --no-cache-dir \\\n    Markdown Pygments", "help", 2, (0.4, 2.2),
         "f", LOG),
    step("r", "COPY README.md .", "help", 4, (2.2, 2.3), "hi"),
    step("n", "COPY requirements.txt .", "stage-1", 7, (0.5, 0.6), "fi"),
    step("p", "RUN pip install -r requirements.txt", "stage-1", 8, (0.6, 3.6), "n", LOG[:20]),
    step("c", "COPY --from=help /README.md /help", "stage-1", 9, (3.6, 3.7), "pr"),
    step("a", "COPY . .", "stage-1", 10, (3.7, 3.8), "ci"),
)  # fmt: skip
DONE = BuildReport(
    "docker build -t shop shop", "shop", dockerfile=DOCKERFILE, steps=STEPS, seconds=4.0,
    image_id=f"sha256:{'a' * 64}", size_bytes=136_000_000, layer_count=7,
    context_bytes=20_400_000, context_files=31, is_over=True,
    inputs=BuildInputs(dockerfile=DOCKERFILE, files={"app.py": FileStamp(0o644, 10, 1)}),
)  # fmt: skip
AGAIN = replace(
    DONE, seconds=0.9, earlier=DONE.inputs,
    inputs=replace(DONE.inputs, files={"app.py": FileStamp(0o644, 12, 2)}),
    steps=tuple(
        replace(one, started_seconds=0.4, completed_seconds=0.5)
        if one.digest == "a" or one.is_internal
        else replace(one, started_seconds=0.2, completed_seconds=0.2, cached=True, log=())
        for one in STEPS
    ),
)  # fmt: skip


def on_its_way(seconds: float) -> BuildReport:
    """The build as it was told of after so many seconds."""

    def then(one: BuildStep) -> BuildStep:
        if (one.started_seconds or 0) > seconds:
            return replace(one, started_seconds=None, completed_seconds=None, log=())
        ended = one.completed_seconds
        kept = tuple(line for line in one.log if line.at_seconds <= seconds)
        return replace(
            one, completed_seconds=None if ended and ended > seconds else ended, log=kept
        )

    steps = tuple(then(one) for one in STEPS)
    return replace(DONE, steps=steps, seconds=seconds, is_over=False, image_id="", size_bytes=0)


def failed() -> BuildReport:
    """The build with its longest step failed, another one canceled, and the rest never begun."""
    error = f"process did not complete successfully: exit code: 1 {EVIL}"
    changed = {
        "p": {"error": error, "completed_seconds": 2.2, "log": (LogLine(2.1, "ERROR: no", True),)},
        "h": {"error": "context canceled"},
    }
    steps = tuple(
        replace(one, **changed[one.digest])  # type: ignore[arg-type]
        if one.digest in changed
        else one
        if (one.started_seconds or 0) < 2
        else replace(one, started_seconds=None, completed_seconds=None)
        for one in STEPS
    )
    return replace(DONE, steps=steps, error=error, seconds=2.3, image_id="", size_bytes=0)
