"""A pytest plugin: what changes where two processes run the tests (`pytest -n 2`)."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.spread.failures import Failures
from tests.spread.machine import LessonPorts, machine
from tests.spread.order import ALONE, TOUCH_NOTHING, lesson_of
from tests.spread.progress import CpuMeter, FileProgress

# What `./workbook test` sets: the addresses of the engines, one for each process.
TEST_ENGINES = "WORKBOOK_TEST_ENGINES"
# And the file in which it reads the tests that failed.
FAILURES = "WORKBOOK_TEST_FAILURES"
_ports = LessonPorts()


def pytest_configure(config: pytest.Config) -> None:
    """A process of several works with an engine of its own; the first one tells of all."""
    engines = os.environ.get(TEST_ENGINES, "").split()
    if number := worker_number(config):
        config.pluginmanager.register(CpuMeter(), "cpu-meter")
        if engines:
            os.environ["DOCKER_HOST"] = engines[(number - 1) % len(engines)]
        return
    if not config.getoption("numprocesses", None):
        return
    if FAILURES in os.environ:
        config.pluginmanager.register(Failures(Path(os.environ[FAILURES])), "failures")
    if config.getoption("verbose") <= 0:
        config.pluginmanager.register(FileProgress(config), "file-progress")


def worker_number(config: pytest.Config) -> int:
    """Which of several processes this is, from 1 on; 0 where it is the only one, or theirs."""
    name: str = getattr(config, "workerinput", {}).get("workerid", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Whole files, those that want to be alone and the fast ones first."""
    from tests.spread.scheduling import FileScheduling

    progress = config.pluginmanager.get_plugin("file-progress")
    return FileScheduling(config, log, progress.expect if progress else lambda tests: None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test has its lesson's ports, or the machine, for itself; its time-out begins afterwards."""
    if not worker_number(item.config) or item.nodeid.startswith(TOUCH_NOTHING):
        return (yield)
    folder = Path(item.config.getoption("basetemp")).parent
    _ports.take(folder, lesson_of(item.nodeid))
    with machine(folder, alone=item.nodeid.startswith(ALONE)):
        return (yield)
