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
_AFTER_A_COMMAND = (
    "What it printed says why: mend that line, or give it what it lacks (a network; room on the "
    "engine's disk, see `docker system df`), then build again."
)
_TOO_MUCH_IGNORED, _NO_TEXT = "header list size", "invalid UTF-8"
_LINE = re.compile(
    r"(?:parse error|syntax error)(?: on)? line (\d+)|Dockerfile:(\d+)", re.IGNORECASE
)
# By BuildKit, by the classic builder, and by Podman's; what stands before it is the command.
_EXIT = re.compile(
    r"(?:exit code:|returned a non-zero code:|while running runtime: exit status) (\d+)\s*$"
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
_PREFIXES = ("failed to solve with frontend dockerfile.v0: ", "failed to create LLB definition: ",
             "failed to solve: ", "failed to compute cache key: ")  # fmt: skip


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
    head = visible_line(f"{_what(step)} failed: {reason}")
    if step is None or step.is_internal:
        return head, _next_step(report, step, is_left_out)
    log = "\n".join(f"  {visible_text(line.text)}" for line in step.log[-LAST_LINES:])
    return (f"{head}\n{log}" if log else head), _next_step(report, step, is_left_out)


def _what(step: BuildStep | None) -> str:
    """What failed; a step that no line has comes with an image on which the Dockerfile builds."""
    if step is None:
        return "The build"
    if step.is_internal:
        return f"The builder's own step `{step.title}`"
    if step.line is None:
        return f"`{step.title}`, which no line of the Dockerfile has,"
    return f"Line {step.line} of the Dockerfile, `{step.title}`,"


def reason_of(error: str) -> str:
    """The builder's error without the words that only its makers need."""
    text = " ".join(error.split())
    if match := _EXIT.search(text):
        return f"the command ended with exit code {match[1]}."
    if name := missing_path(error):
        return f"{name!r} is not in the build context."
    while prefix := next(filter(text.startswith, _PREFIXES), ""):
        text = text.removeprefix(prefix)
    return text if text.endswith((".", "?", "?)")) else f"{text}."


def missing_path(error: str) -> str:
    """The path that a COPY or ADD looked for and did not find; "" for another error."""
    match = None if _EXIT.search(error) else _MISSING.search(error)
    return next(filter(None, match.groups())) if match else ""


def is_lost_snapshot(error: str) -> bool:
    """Whether an engine with containerd's store cleared away a layer that it was still reading.

    Source: github.com/moby/buildkit, issue 6521. The steps are in its cache: building again works.
    """
    return not _EXIT.search(error) and _LOST_SNAPSHOT.search(error) is not None


def carried_on(lost: BuildReport, again: BuildReport) -> BuildReport:
    """Both builds as one, after `is_lost_snapshot`: a step is as it was when it was carried out.

    It is known again by its name. Its digest is another in each build, where it is of files that
    were sent: the session that sent them is part of it.
    """
    steps = {step.name: step for step in again.steps}
    steps |= {step.name: step for step in lost.steps if not step.error}
    return replace(again, steps=tuple(steps.values()))


def _guilty(report: BuildReport, dockerfile: Dockerfile) -> Instruction | None:
    if _EXIT.search(report.error):
        return _only_match(report.error, dockerfile)
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
    """What to do; by the builder's words alone: what a step prints may be about anything."""
    if is_lost_snapshot(report.error):
        return "Build again: the engine lost a layer of its own, and its cache has the rest."
    if step and not step.is_internal and step.line is None:
        return "Its base image brings it along, as ONBUILD does: see `docker image inspect`."
    if _EXIT.search(report.error):
        return _AFTER_A_COMMAND
    if is_full_disk(report.error.lower()):
        return "The engine's disk is full: see `docker system df`, then make room."
    if _TOO_MUCH_IGNORED in report.error:
        return "Shorten .dockerignore: Docker's limit is 1 MiB, with 32 bytes more for each line."
    if _NO_TEXT in report.error:
        return "A byte in the Dockerfile is no UTF-8: save it as that."
    if is_left_out:
        return ".dockerignore leaves it out: take it back there with a line that begins with !."
    if missing_path(report.error):
        return "Paths are seen from the folder that you build from: see that it is in there."
    return "Mend that line, then build again." if step and step.line else ""
