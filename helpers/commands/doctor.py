"""`./workbook doctor`: can lessons run on this machine, and if not, what to do."""

from __future__ import annotations

import argparse

from helpers.commands.lab import signals_as_interrupts
from helpers.doctor.check import Check, is_ready, to_json
from helpers.doctor.doctor_screen import show
from helpers.doctor.engine_checks import EngineChecks, jobs_without_engine
from helpers.doctor.engine_rows import no_engine
from helpers.doctor.examined_engine import FoundEngine, engine_to_check
from helpers.doctor.machine_checks import machine_jobs
from helpers.doctor.timed_checks import TimedChecks
from helpers.errors import WorkbookError
from helpers.launcher.progress_line import ProgressLine
from helpers.model.features.feature import Features


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.add_argument(
        "--refresh", action="store_true", help="try again what the engine can do, kept or not"
    )


def main(arguments: argparse.Namespace) -> int:
    """0 when lessons can run here, else 1; warnings count as able."""
    with signals_as_interrupts(), ProgressLine("Looking at this machine and its engine"):
        checks, features = diagnose(arguments.refresh)
    if arguments.json:
        print(to_json(checks, features=features.to_data()))
    else:
        show(checks, features)
    return 0 if is_ready(checks) else 1


def diagnose(refresh: bool = False) -> tuple[list[Check], Features]:
    """Every check, made just now, and what the engine can do; leaves nothing behind."""
    machine = TimedChecks(machine_jobs())
    with engine_to_check() as found:
        engine, features = _engine(found, refresh)
    python, *others = machine.results()
    return [python, *engine, *others], features


def _engine(found: FoundEngine, refresh: bool) -> tuple[list[Check], Features]:
    if found.client is None:
        problem = found.problem or WorkbookError("There is no engine.")
        return TimedChecks(jobs_without_engine(no_engine(problem))).results(), Features()
    try:
        checks = EngineChecks(found, found.client, refresh)
    except WorkbookError as problem:
        return TimedChecks(jobs_without_engine(no_engine(problem))).results(), Features()
    return TimedChecks(checks.jobs()).results(), checks.features
