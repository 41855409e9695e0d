"""One line for each file that is done, where several processes run the tests."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from typing import Any

import pytest

_SHOWN = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


class FileProgress:
    """Counts what comes in from all processes; failures and the summary are pytest's own."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._left: Counter[str] = Counter()
        self._total = 0
        self._is_running = True

    def expect(self, tests: Sequence[str]) -> None:
        """These are all the tests of the run."""
        self._left = Counter(map(_file_of, tests))
        self._total = len(tests)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> Generator[None, Any, tuple[Any, Any, Any]]:
        """The outcome is counted, and no letter written for it while the tests run."""
        category, letter, word = yield
        if not self._is_running:
            return category, letter, word
        if category:
            self._outcomes[_file_of(report.nodeid)][category] += 1
        if category in ("failed", "error"):
            self._write(f"{str(category).upper()} {report.nodeid}", red=True)
        return category, "", ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The file's line is written with its last test."""
        file = _file_of(report.nodeid)
        self._seconds[file] += report.duration
        if report.when == "teardown":
            self._left[file] -= 1
            if self._left[file] == 0:
                self._write(self._line(file))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """From now on pytest writes what it always does."""
        self._is_running = False

    def _write(self, line: str, **style: bool) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(line, **style)

    def _line(self, file: str) -> str:
        done = 1 - sum(self._left.values()) / self._total if self._total else 1
        counts = self._outcomes[file]
        outcomes = ", ".join(f"{counts[kind]} {kind}" for kind in _SHOWN if counts[kind])
        return f"[{done:4.0%}] {file}: {outcomes} in {self._seconds[file]:.1f} s"


def _file_of(test: str) -> str:
    return test.split("::")[0]
