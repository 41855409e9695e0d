"""A build as JSON, for build_timeline.js."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.model.build.dockerfile import read_dockerfile
from helpers.model.build.dockerfile_lines import written_lines
from helpers.model.build.report import BuildReport
from helpers.model.build.step import LINES_ON_THE_WAY, BuildStep
from helpers.model.text.units import format_bytes, format_seconds
from helpers.views.build.words import (
    command_of,
    first_miss,
    note_of,
    one_line,
    stage_title,
    verdict,
)
from helpers.views.kit.inert import visible_values

LINES_AT_THE_END = 2000
LONGEST_LINE = 2000
LONG_SECONDS = 0.2
LONG_SHARE = 0.05


def build_content(report: BuildReport, label: str = "") -> dict[str, Any]:
    """All that is shown of a build; `label` tells it from another one."""
    lines = LINES_AT_THE_END if report.is_over else LINES_ON_THE_WAY
    lines_by_first = lines_of(report.dockerfile)
    content: dict[str, Any] = {
        "label": label,
        "command": command_of(report),
        "line": verdict(report),
        "why": first_miss(report) if report.is_over else "",
        "state": "failed" if report.error else "done" if report.is_over else "running",
        "error": report.error,
        "seconds": report.seconds,
        "failed": report.failed_step.digest if report.failed_step else "",
        "stages": stage_titles(report),
        "steps": [_step(report, step, lines, lines_by_first) for step in report.steps],
        "dockerfile": written_lines(report.dockerfile),
    }
    return dict(visible_values(content))


def stages_of(report: BuildReport) -> list[str]:
    """The stages in the order of their first steps."""
    return list(dict.fromkeys(step.stage for step in report.own_steps))


def stage_titles(report: BuildReport) -> dict[str, str]:
    """{stage: how it is called}, in that order."""
    stages = stages_of(report)
    return {stage: stage_title(stage, stage == stages[-1]) for stage in stages}


def is_shown(report: BuildReport, step: BuildStep) -> bool:
    """Whether a step is shown unasked: the Dockerfile's, and what of the builder's took long."""
    if not step.is_internal or step.status in ("failed", "running"):
        return True
    return step.seconds >= max(LONG_SECONDS, LONG_SHARE * report.seconds)


def lines_of(dockerfile: str) -> dict[int, list[int]]:
    """{first line: all lines} of each instruction, from 1; those of its heredocs among them."""
    instructions = read_dockerfile(dockerfile).instructions
    return {one.line: list(range(one.line, one.last_line + 1)) for one in instructions}


def _step(
    report: BuildReport, step: BuildStep, lines: int, lines_by_first: Mapping[int, list[int]]
) -> dict[str, Any]:
    log = step.log[-lines:]
    miss = report.why_missed(step) if report.is_over else None
    return {
        "id": step.digest,
        "title": one_line(step.title),
        "whole": step.title,
        "stage": step.stage,
        "line": step.line,
        "lines": lines_by_first.get(step.line, [step.line]) if step.line else [],
        "status": step.status,
        "started": step.started_seconds,
        "completed": step.completed_seconds,
        "note": note_of(step),
        "own": step.is_internal,
        "shown": is_shown(report, step),
        "reason": miss.reason if miss else "",
        "files": list(miss.files[:20]) if miss else [],
        "facts": _facts(report, step),
        "error": step.error,
        "log": [[line.at_seconds, line.text[:LONGEST_LINE], line.is_error] for line in log],
        "cut": step.earlier_lines + len(step.log) - len(log),
    }


def _facts(report: BuildReport, step: BuildStep) -> list[str]:
    """What else is known of a step, in words."""
    facts = []
    if step.started_seconds is not None and step.status in ("done", "failed"):
        began, took = format_seconds(step.started_seconds), format_seconds(step.seconds)
        facts.append(f"began after {began}, took {took}")
    if step.transferred_bytes:
        facts.append(f"{format_bytes(step.transferred_bytes)} copied or fetched")
    waited = [other for other in report.own_steps if other.digest in step.inputs]
    if len(waited) > 1 or any(other.stage != step.stage for other in waited):
        facts.append("waited for " + " and ".join(one_line(other.title, 50) for other in waited))
    return facts
