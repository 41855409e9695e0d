"""How a build is spoken of: one sentence for the whole, a word and a mark for each step."""

from __future__ import annotations

import re

from helpers.model.build.report import BuildReport
from helpers.model.build.step import BuildStep
from helpers.model.text.units import counted, format_bytes, format_seconds
from helpers.outside import visible_line

# A mark never lies in colour alone: each status has a sign, a word and a pattern.
SIGNS = {
    "waiting": "○",
    "running": "▶",
    "cached": "↺",
    "done": "✓",
    "failed": "✗",
    "canceled": "–",
}
WORDS = {
    **SIGNS,
    "step_waiting": "waiting",
    "step_running": "running",
    "step_cached": "from the cache",
    "step_done": "done",
    "step_failed": "failed",
    "step_canceled": "canceled",
    "cached_label": "cached",
    "failed_label": "failed",
    "canceled_label": "canceled",
    "line": "line {n}",
    "now": "Building for {seconds} …",
    "steps": "Steps of the build. Up and down choose one, Enter shows its log.",
    "own": "The builder's own steps ({count})",
    "hint": "Choose a step to see its log, and why it ran.",
    "log": "Log of this step",
    "no_log": "It wrote nothing.",
    "cut": "… {count} earlier lines are left out",
    "dockerfile": "Dockerfile",
    "here": "▶",
    "close": "Close",
}


_UNNAMED = re.compile(r"stage-\d+")


def stage_title(stage: str, is_last: bool) -> str:
    """How a stage is called: by its name, and the last one, which often has none, as that."""
    if not stage or _UNNAMED.fullmatch(stage):
        return "the last stage, which becomes the image" if is_last else (stage or "a stage")
    return visible_line(f"stage {stage}")


def one_line(text: str, longest: int = 0) -> str:
    """The text with its continuation marks and line breaks taken out, cut where it is longer."""
    line = visible_line(" ".join(word for word in text.split() if word != "\\"))
    return line if not longest or len(line) <= longest else f"{line[: longest - 1]}…"


def from_cache(report: BuildReport) -> str:
    """'3 of 5 steps from the cache', of the steps that the Dockerfile asks for."""
    return f"{report.cached} of {counted(len(report.own_steps), 'step')} from the cache"


def command_of(report: BuildReport) -> str:
    """The command on one line; a Dockerfile that it brings along is left out."""
    first, _, more = report.command.partition("\n")
    return visible_line(f"$ {first} …" if more else f"$ {first}")


def verdict(report: BuildReport) -> str:
    """What became of the build, in a sentence."""
    if report.error:
        return f"Failed after {format_seconds(report.seconds)}{_at_step(report.failed_step)}."
    if not report.is_over:
        return WORDS["now"].format(seconds=format_seconds(report.seconds))
    sentence = f"Built in {format_seconds(report.seconds)}, with {from_cache(report)}."
    if report.size_bytes:
        layers = counted(report.layer_count, "layer")
        sentence += f" The image: {format_bytes(report.size_bytes)} in {layers}."
    return sentence + sent(report)


def sent(report: BuildReport) -> str:
    """How large the context is, and how much of it had to be sent; nothing without one.

    A builder that has kept an earlier context asks only for what is new.
    """
    if not report.context_files:
        return ""
    files = counted(report.context_files, "file")
    return f" Context: {files}, {format_bytes(report.context_bytes)} sent."


def first_miss(report: BuildReport) -> str:
    """Which step the cache could not answer first, and why.

    Nothing where it answered all, or where there was no build before.
    """
    if not report.misses:
        return ""
    miss = report.misses[0]
    if miss.cause == "first build":
        return ""
    if miss.cause == "no cache":
        return miss.reason
    where = f"line {miss.step.line}, " if miss.step.line else ""
    title = one_line(miss.step.title, 70)
    return f"The cache ended at {where}`{title}`. {miss.reason}"


def note_of(step: BuildStep) -> str:
    """What stands beside the bar of a step: its time and bytes, or its status."""
    if step.status == "waiting":
        return ""
    if step.status == "running":
        return _bytes(step)
    if step.status != "done":
        return WORDS[f"{step.status}_label"]
    return ", ".join(part for part in (format_seconds(step.seconds), _bytes(step)) if part)


def compared(before: BuildReport, after: BuildReport) -> str:
    """The two builds in a sentence."""
    return (
        f"{format_seconds(before.seconds)} with {from_cache(before)}, "
        f"then {format_seconds(after.seconds)} with {from_cache(after)}."
    )


def _bytes(step: BuildStep) -> str:
    return format_bytes(step.transferred_bytes) if step.transferred_bytes else ""


def _at_step(step: BuildStep | None) -> str:
    if step is None:
        return ""
    where = f"line {step.line}: " if step.line else ""
    return f", at {where}{one_line(step.title, 70)}"
