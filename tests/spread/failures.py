"""Which tests failed where several processes ran them, for a second look at them alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.policy import skips_fail


class Failures:
    """Writes the failed tests into a file, as JSON; nothing where a second look could not help.

    A test that was skipped where that is a failure, or a file that cannot be read, fails again.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._tests: list[str] = []
        self._is_hopeless = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test is noted once, whichever part of it failed."""
        if report.failed and report.nodeid not in self._tests:
            self._tests.append(report.nodeid)
        self._is_hopeless |= report.skipped and skips_fail()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """What cannot be collected has no test to look at."""
        self._is_hopeless |= report.failed

    def pytest_sessionfinish(self) -> None:
        """The file is written when all have run."""
        if not self._is_hopeless:
            self._file.write_text(json.dumps(self._tests), encoding="utf-8")
