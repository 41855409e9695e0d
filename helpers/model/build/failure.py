"""What to say of a build that failed: which step, which line, and what to do next."""

from __future__ import annotations

import re
from dataclasses import replace

from helpers.errors import EngineError
from helpers.model.build.dockerfile import Dockerfile, Instruction, read_dockerfile
from helpers.model.build.report import BuildReport
from helpers.model.build.step import BuildStep
from helpers.model.text.trouble import is_full_disk
from helpers.outside import visible_line, visible_text

LAST_LINES = 8
_READ_LINES = 20
_LINE = re.compile(
    r"(?:parse error|syntax error)(?: on)? line (\d+)|Dockerfile:(\d+)", re.IGNORECASE
)
# By BuildKit, by the classic builder, and by Podman's.
_EXIT = re.compile(
    r"(?:exit code:|returned a non-zero code:|while running runtime: exit status) (\d+)"
)
# By 20.10, by newer ones, by the classic builder, and by Podman's.
_MISSING = re.compile(
    r'(?:compute cache key|calculate checksum of ref)[^"]*"/?([^"]+)":? not found'
    r"|lstat \S*/buildkit-mount\d+/(\S+): no such file"
    r"|(?:COPY|ADD) failed: .*stat (\S+): (?:file does not exist|no such file)"
    r'|copier: stat: "/?([^"]+)": no such file'
)
_COMMAND = re.compile(r'process "/bin/sh -c (.+)" did not complete', re.DOTALL)
_IMAGE = re.compile(r"load metadata for (?:docker\.io/)?(?:library/)?(\S+)")
_LOST_SNAPSHOT = re.compile(r"snapshot \S+ does not exist")
_NO_NETWORK = ("name resolution", "bad address", "could not resolve", "network is unreachable")
_PREFIXES = ("failed to solve with frontend dockerfile.v0: ", "failed to create LLB definition: ",
             "failed to solve: ", "failed to compute cache key: ", "process ")  # fmt: skip


class BuildFailed(EngineError):
    """A build ended with an error; `report` holds what was done until then."""

    def __init__(self, message: str, next_step: str = "", *, report: BuildReport) -> None:
        head, _, log = message.partition("\n")
        excerpt = "\n".join(line.removeprefix("  ") for line in log.split("\n"))
        command, answer = report.command, report.error
        super().__init__(head, next_step, excerpt=excerpt, command=command, answer=answer)
        self.report = report


def blamed(report: BuildReport) -> BuildReport:
    """The report with the failing step in it, where the builder told only a line or an image.

    Or where it told the error alone: BuildKit may end before it has told how its last step did.
    """
    if any(step.status == "failed" and not step.is_internal for step in report.steps):
        return report
    instruction = _guilty(report, read_dockerfile(report.dockerfile))
    if instruction is None:
        return report
    known = next((step for step in report.steps if step.line == instruction.line), None)
    text, line = instruction.text, instruction.line
    blamed_one = replace(
        known or BuildStep(f"line {line}", text, text, line=line),
        error=report.error,
        cached=False,
    )
    kept = tuple(blamed_one if step is known else step for step in report.steps)
    return replace(report, steps=kept if known else (*kept, blamed_one))


def stopped(report: BuildReport, why: str) -> BuildReport:
    """The report of a build that was given up: the steps that ran then are canceled."""
    steps = tuple(
        replace(step, error="context canceled") if step.status == "running" else step
        for step in report.steps
    )
    return replace(report, steps=steps, error=why, is_over=True)


def explained(report: BuildReport, is_left_out: bool = False) -> tuple[str, str]:
    """(what happened, with the step, its line and the last lines of its log; the next step).

    `is_left_out` says that the file it misses is there, and .dockerignore leaves it out.
    """
    step = report.failed_step
    reason = visible_line(reason_of(report.error))
    if step is None or step.line is None:
        what = f"The builder's own step `{visible_line(step.title)}`" if step else "The build"
        return f"{what} failed: {reason}", _next_step(report, step, is_left_out)
    head = visible_line(f"Line {step.line} of the Dockerfile, `{step.title}`, failed: {reason}")
    log = "\n".join(f"  {visible_text(line.text)}" for line in step.log[-LAST_LINES:])
    return (f"{head}\n{log}" if log else head), _next_step(report, step, is_left_out)


def reason_of(error: str) -> str:
    """The builder's error without the words that only its makers need."""
    text = " ".join(error.split())
    if match := _EXIT.search(text):
        return f"the command ended with exit code {match[1]}."
    if name := missing_path(error):
        return f"{name!r} is not in the build context."
    for prefix in _PREFIXES:
        text = text.replace(prefix, "")
    return text if text.endswith((".", "?", "?)")) else f"{text}."


def missing_path(error: str) -> str:
    """The path that a COPY or ADD looked for and did not find; "" for another error."""
    match = _MISSING.search(error)
    return next(filter(None, match.groups())) if match else ""


def is_lost_snapshot(error: str) -> bool:
    """Whether an engine with containerd's store cleared away a layer that it was still reading.

    Source: github.com/moby/buildkit, issue 6521. The steps are in its cache: building again works.
    """
    return _LOST_SNAPSHOT.search(error) is not None


def carried_on(lost: BuildReport, again: BuildReport) -> BuildReport:
    """Both builds as one, after `is_lost_snapshot`: a step is as it was when it was carried out."""
    steps = {step.digest: step for step in again.steps}
    steps |= {step.digest: step for step in lost.steps if not step.error}
    return replace(again, steps=tuple(steps.values()))


def _guilty(report: BuildReport, dockerfile: Dockerfile) -> Instruction | None:
    if match := _LINE.search(report.error):
        return _at(dockerfile, int(match[1] or match[2]))
    for step in report.steps:
        image = _IMAGE.search(step.name) if step.error else None
        if image:
            return next((i for i in dockerfile.instructions if image[1] in i.text), None)
    return _only_match(report.error, dockerfile)


def _only_match(error: str, dockerfile: Dockerfile) -> Instruction | None:
    """The instruction whose path or command the error has, where it is the only one."""
    command = _COMMAND.search(error)
    word = missing_path(error) or (command[1].replace('\\"', '"') if command else "")
    keywords = ("COPY", "ADD") if missing_path(error) else ("RUN",)
    candidates = [
        instruction
        for instruction in dockerfile.instructions
        if instruction.keyword in keywords and word and word in instruction.text
    ]
    return candidates[0] if len(candidates) == 1 else None


def _at(dockerfile: Dockerfile, line: int) -> Instruction | None:
    before = [instruction for instruction in dockerfile.instructions if instruction.line <= line]
    return before[-1] if before else None


def _next_step(report: BuildReport, step: BuildStep | None, is_left_out: bool) -> str:
    log = step.log[-_READ_LINES:] if step else ()
    text = " ".join([report.error, *(line.text for line in log)]).lower()
    if is_full_disk(text):
        return "The engine's disk is full: see `docker system df`, then make room."
    if is_lost_snapshot(text):
        return "Build again: the engine lost a layer of its own, and its cache has the rest."
    if any(words in text for words in _NO_NETWORK):
        return "The step found no network; with network='none' that is so on purpose."
    if is_left_out:
        return ".dockerignore leaves it out: take it back there with a line that begins with !."
    if missing_path(report.error):
        return "Paths are seen from the folder that you build from: see that it is in there."
    return "Mend that line, then build again." if step and step.line else ""
