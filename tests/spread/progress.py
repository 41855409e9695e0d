"""One line for each file that is done, where several processes run the tests."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

_SHOWN = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


@dataclass
class Costs:
    """What the tests of one part took."""

    tests: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


class CpuMeter:
    """Where tests run: notes on each report how much CPU its process and ended children took."""

    def __init__(self) -> None:
        self._before = _cpu_seconds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, Any]:
        """What was used since the report before."""
        report, now = (yield), _cpu_seconds()
        report.cpu_seconds = now - self._before
        self._before = now
        return report


class FileProgress:
    """Counts what comes in from all processes; failures and the summary are pytest's own."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._costs: defaultdict[str, Costs] = defaultdict(Costs)
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
        costs = self._costs[part_of(file)]
        costs.seconds += report.duration
        costs.cpu_seconds += getattr(report, "cpu_seconds", 0.0)
        if report.when == "teardown":
            costs.tests += 1
            self._left[file] -= 1
            if self._left[file] == 0:
                self._write(self._line(file))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What each part took; the CPU is that of the tests' processes, without the engines'."""
        terminalreporter.section("what each part took")
        for part, costs in self._costs.items():
            line = f"{costs.tests:6} tests {costs.seconds:6.0f} s {costs.cpu_seconds:6.0f} s of CPU"
            terminalreporter.write_line(f"{part:<16}{line}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """From now on pytest writes what it always does."""
        self._is_running = False

    def _write(self, line: str, **style: bool) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(line, **style)
            reporter.flush()  # a log file would get it 8 KB later

    def _line(self, file: str) -> str:
        done = 1 - sum(self._left.values()) / self._total if self._total else 1
        counts = self._outcomes[file]
        outcomes = ", ".join(f"{counts[kind]} {kind}" for kind in _SHOWN if counts[kind])
        return f"[{done:4.0%}] {file}: {outcomes} in {self._seconds[file]:.1f} s"


def part_of(file: str) -> str:
    """The part of the run that a file is of, such as tests/engine."""
    parts = file.split("/")
    return "/".join(parts[: 2 if parts[0] == "tests" else 1])


def _cpu_seconds() -> float:
    """Of this process and the children that it has seen end."""
    return sum(os.times()[:4])


def _file_of(test: str) -> str:
    return test.split("::")[0]
