"""Every check of the doctor, made side by side."""

from __future__ import annotations

from helpers.doctor.check import Check
from helpers.doctor.engine_checks import EngineChecks, jobs_without_engine
from helpers.doctor.engine_rows import no_engine
from helpers.doctor.examined_engine import ExaminedEngine, engine_to_check
from helpers.doctor.machine_checks import machine_jobs
from helpers.doctor.timed_checks import TimedChecks
from helpers.errors import Interrupted, WorkbookError
from helpers.model.features.feature import Features


def diagnose(refresh: bool = False) -> tuple[list[Check], Features]:
    """Every check, made just now, and what the engine can do.

    Leaves nothing behind but busybox, which lessons need, where the engine had none.
    """
    machine = TimedChecks(machine_jobs())
    with engine_to_check() as engine:
        rows, features = _engine_rows(engine, refresh)
    python, *others = machine.results()
    return [python, *rows, *others], features


def _engine_rows(engine: ExaminedEngine, refresh: bool) -> tuple[list[Check], Features]:
    if engine.client is None:
        problem = engine.problem or WorkbookError("There is no engine.")
        return TimedChecks(jobs_without_engine(no_engine(problem))).results(), Features()
    try:
        checks = EngineChecks(engine, engine.client, refresh)
    except Interrupted:
        raise
    except WorkbookError as problem:
        return TimedChecks(jobs_without_engine(no_engine(problem))).results(), Features()
    return TimedChecks(checks.jobs()).results(), checks.features
