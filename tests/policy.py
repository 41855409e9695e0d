"""A pytest plugin: what needs an engine or a browser, and no skips in CI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache

import pytest

NEED_ENGINE = ("tests/engine", "tests/browser", "notebooks")
NEED_BROWSER = ("tests/browser",)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """`timeout` of pyproject.toml is known where requirements.txt alone is installed, too.

    Lessons run there under nbval, without pytest-timeout, whose setting it is.
    """
    if not pluginmanager.hasplugin("timeout"):
        parser.addini("timeout", "how many seconds a test may take (pytest-timeout)")


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Marks by folder; where engine or browser is missing, such tests skip and say why."""
    for item in items:
        where = item.path.relative_to(config.rootpath).as_posix()
        if where.startswith(NEED_ENGINE):
            item.add_marker("engine")
        if where.startswith(NEED_BROWSER):
            item.add_marker("browser")
        for marker, problem in (("engine", engine_problem), ("browser", browser_problem)):
            if item.get_closest_marker(marker) and (reason := problem()):
                item.add_marker(pytest.mark.skip(reason=reason))


@cache
def engine_problem() -> str:
    """Why no engine can be used; empty when one answers."""
    from helpers.engine.connection.client import find_client
    from helpers.errors import EngineUnavailable

    try:
        find_client()[0].close()
    except EngineUnavailable as error:
        return str(error)
    return ""


@cache
def browser_problem() -> str:
    """Why no browser can be driven; empty when there is one."""
    from helpers.engine.host.browser import find_browser

    return "" if find_browser() else "There is no Chromium. `./workbook test` installs it."


def skips_fail() -> bool:
    """Whether a skipped test fails the run: in CI nothing may be left out."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turns a run that would pass into a failed one when CI skipped something."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and skips_fail():
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says that skips count as failures; pytest itself lists each with its reason."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and skips_fail():
        terminalreporter.write_line(
            f"ERROR: {len(skipped)} skipped, and in CI a skip is a failure.", red=True
        )
