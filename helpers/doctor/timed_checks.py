"""Checks that run side by side, each with a time limit; a failing check becomes a row."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.doctor.check import Check, Status
from helpers.errors import WorkbookError
from helpers.model.text.units import format_seconds

_CLEAN_UP_SECONDS = 10.0


@dataclass(frozen=True)
class Job:
    """A check to make; `if_cut` is its status where it fails or takes longer than `seconds`."""

    name: str
    title: str
    look: Callable[[], Check]
    seconds: float = 10.0
    if_cut: Status = "warning"


class TimedChecks:
    """Checks under way, each on a thread of its own from the moment that this is made."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._checks: dict[str, Check] = {}
        self._began = time.monotonic()
        # Daemons, so that one that hangs does not keep the command from ending.
        self._threads = [
            threading.Thread(target=self._make, args=(job,), daemon=True) for job in jobs
        ]
        for thread in self._threads:
            thread.start()

    def results(self) -> list[Check]:
        """The rows in the order of the jobs; waits for each until its limit and no longer.

        After an interrupt it gives the checks some seconds to clean up what they had begun.
        """
        try:
            for job, thread in zip(self._jobs, self._threads, strict=True):
                thread.join(max(0.0, self._began + job.seconds - time.monotonic()))
        except BaseException:
            self._let_clean_up()
            raise
        return [self._checks.get(job.name) or _cut(job) for job in self._jobs]

    def _let_clean_up(self) -> None:
        end = time.monotonic() + _CLEAN_UP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _make(self, job: Job) -> None:
        try:
            check = job.look()
        except WorkbookError as error:
            check = Check(job.name, job.title, job.if_cut, error.message, error.next_step)
        except Exception as error:  # Whatever it is, it is one row and not the end of the doctor.
            observed = f"The check itself failed: {type(error).__name__}: {error}"
            step = "Report it to whoever gave you the workbook."
            check = Check(job.name, job.title, job.if_cut, observed, step)
        self._checks[job.name] = check


def _cut(job: Job) -> Check:
    observed = f"No answer within {format_seconds(job.seconds)}."
    return Check(job.name, job.title, job.if_cut, observed, "Run `./workbook doctor` once more.")
