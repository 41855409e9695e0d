"""`./workbook doctor`: can lessons run on this machine, and if not, what to do."""

from __future__ import annotations

import argparse

from helpers.commands.doctor_screen import show
from helpers.commands.engine_checks import EngineChecks, jobs_without_engine
from helpers.commands.engine_rows import no_engine
from helpers.commands.found_engine import FoundEngine, engine_to_check
from helpers.commands.lab import signals_as_interrupts
from helpers.commands.machine_checks import machine_jobs
from helpers.commands.progress_line import ProgressLine
from helpers.commands.timed_checks import TimedChecks
from helpers.errors import WorkbookError
from helpers.model.capability import Capabilities
from helpers.model.check import Check, is_ready, to_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.add_argument(
        "--refresh", action="store_true", help="try again what the engine can do, kept or not"
    )


def main(arguments: argparse.Namespace) -> int:
    """0 when lessons can run here, else 1; warnings count as able."""
    with signals_as_interrupts(), ProgressLine("Looking at this machine and its engine"):
        checks, capabilities = diagnose(arguments.refresh)
    if arguments.json:
        print(to_json(checks, capabilities=capabilities.to_data()))
    else:
        show(checks, capabilities)
    return 0 if is_ready(checks) else 1


def diagnose(refresh: bool = False) -> tuple[list[Check], Capabilities]:
    """Every check, made just now, and what the engine can do; leaves nothing behind."""
    machine = TimedChecks(machine_jobs())
    with engine_to_check() as found:
        engine, capabilities = _engine(found, refresh)
    python, *others = machine.results()
    return [python, *engine, *others], capabilities


def _engine(found: FoundEngine, refresh: bool) -> tuple[list[Check], Capabilities]:
    if found.client is None:
        problem = found.problem or WorkbookError("There is no engine.")
        return TimedChecks(jobs_without_engine(no_engine(problem))).results(), Capabilities()
    try:
        checks = EngineChecks(found, found.client, refresh)
    except WorkbookError as problem:
        return TimedChecks(jobs_without_engine(no_engine(problem))).results(), Capabilities()
    return TimedChecks(checks.jobs()).results(), checks.capabilities
