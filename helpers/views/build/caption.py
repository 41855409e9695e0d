"""A build for whoever reads with no kernel: the same facts as text and as HTML.

Times and sizes are in here, since the checks of the notebooks even them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from helpers.model.build.dockerfile_lines import written_lines
from helpers.model.build.report import BuildReport
from helpers.model.build.step import BuildStep
from helpers.outside import visible_text
from helpers.views.build.content import is_shown, stages_of
from helpers.views.build.words import (
    SIGNS,
    WORDS,
    command_of,
    first_miss,
    note_of,
    one_line,
    verdict,
)
from helpers.views.kit.marked import folded_html, marked_html
from helpers.views.kit.page import Page, table

LONGEST = 76
TAIL_LINES = 8


def build_page(report: BuildReport, label: str = "") -> Page:
    """The build in words, and its steps as a table, which HTML folds away unless it failed."""
    candidates = [command_of(report), f"{label}{verdict(report)}", first_miss(report)]
    steps = steps_page(report)
    failed = report.failed_step
    lines = [line for line in candidates if line]
    html = "".join(f"<p>{marked_html(line)}</p>" for line in lines)
    html += steps.html if failed else folded_html("The steps as a table", steps.html)
    text = "\n".join([*lines, steps.text])
    if failed:
        failure = "\n".join(failed_lines(report, failed))
        html += f"<pre>{escape(visible_text(failure))}</pre>"
        text += f"\n{failure}"
    return Page(html, text)


def steps_page(report: BuildReport) -> Page:
    """Each step of the Dockerfile with its line, what became of it, and how long it took."""
    many = len(stages_of(report)) > 1
    rows = [_row(step, many) for step in report.steps if _is_shown(report, step)]
    headers = ("line", *(("stage",) if many else ()), "instruction", "what became of it", "")
    return table(headers, rows)


def failed_lines(report: BuildReport, step: BuildStep) -> list[str]:
    """The step's place in the Dockerfile, and the end of what it wrote."""
    return [*dockerfile_lines(report, step), *(line.text for line in step.log[-TAIL_LINES:])]


def dockerfile_lines(report: BuildReport, step: BuildStep) -> Sequence[str]:
    """The Dockerfile around the step's line, with a mark before it."""
    if step.line is None:
        return ()
    lines = written_lines(report.dockerfile)
    first, last = max(step.line - 3, 0), step.line + 2
    return [
        f"{WORDS['here'] if number == step.line else ' '} {number:3} | {line}"
        for number, line in enumerate(lines[first:last], first + 1)
    ]


def _row(step: BuildStep, many: bool) -> tuple[str, ...]:
    stage = (step.stage,) if many else ()
    became = f"{SIGNS[step.status]} {WORDS[f'step_{step.status}']}"
    note = note_of(step) if step.status in ("done", "running") else ""
    return (str(step.line or ""), *stage, one_line(step.title, LONGEST), became, note)


def _is_shown(report: BuildReport, step: BuildStep) -> bool:
    """The builder's own steps only where they failed: how long they take differs in each run."""
    return not step.is_internal or (step.status == "failed" and is_shown(report, step))
