"""A pytest plugin: what a failed lesson left on the engine is gone before the next begins."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import pytest

from helpers.engine.cleanup.cleanup import clean_up_all
from helpers.engine.connection.client import find_client

FAILED = pytest.StashKey[bool]()
RUN_LESSONS = ("tests/browser", "tests/notebooks")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Notes with the test whether it failed, for what comes after it."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """After a lesson that failed before its own clean-up, and when its kernel has ended."""
    yield
    where = item.path.relative_to(item.config.rootpath).as_posix()
    is_lesson = where.startswith(RUN_LESSONS) and item.get_closest_marker("engine") is not None
    if is_lesson and item.stash.get(FAILED, False):
        client, _ = find_client()
        with closing(client):
            clean_up_all(client)
