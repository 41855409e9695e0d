"""What is told of containers that an engine does not have, or for longer than a feed lives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from docker import DockerClient

from helpers.engine.base import leased_thread
from helpers.engine.tables import STATS_COLUMNS, stats_table
from helpers.engine.usage import feed, first_tick, once, usages_of
from helpers.engine.usage.watched import Roster, Scan, Watched
from helpers.model.usage.usage import Tick, Usage
from tests.unit.fake_engine import fake_engine

INFO = {"SystemTime": "2026-11-26T10:00:00Z", "MemTotal": 1}


@pytest.fixture
def idle_engine(tmp_path: Path) -> Iterator[DockerClient]:
    """An engine on which nothing runs."""
    answers = {"/info": (200, INFO), "/events": (200, ""), "/containers/json": (200, [])}
    with fake_engine(tmp_path / "s", answers) as address:
        client = DockerClient(base_url=address, version="1.41")
        yield client
        client.close()


def test_that_nothing_runs_is_told_at_once(
    idle_engine: DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "LONGEST_SECONDS", 5)
    began = time.monotonic()
    tick = first_tick(idle_engine)
    assert time.monotonic() - began < 3
    assert (tick.contact.connected, tick.usages, tick.states) == (True, {}, {})
    assert list(stats_table(tick).columns) == list(STATS_COLUMNS)
    assert len(stats_table(tick)) == 0


def test_only_the_first_look_that_finds_nothing_is_news() -> None:
    roster = Roster()
    assert not roster.has_news
    roster.take(Scan((), 1))
    assert (roster.has_news, roster.is_scanned) == (True, True)
    roster.forget_news()
    roster.take(Scan((), 1))
    assert not roster.has_news
    roster.take(Scan((Watched("a", "a", "running"),), 1))
    assert roster.has_news


class FakeSampling:
    """A sampling that measures one container, but not in its first half second."""

    def __init__(self, *_: object) -> None:
        self.begun = time.monotonic()

    def __enter__(self) -> FakeSampling:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""

    def wait_for_news(self, _: object) -> None:
        """All is known at once."""

    def tick(self, _: float) -> Tick | None:
        """One usage."""
        at = time.monotonic()
        return Tick(at, {"a": Usage(at, cpu_percent=1.0)}) if at - self.begun > 0.5 else None


def test_a_container_is_followed_for_longer_than_a_feed_lives_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed, "Sampling", FakeSampling)
    monkeypatch.setattr(leased_thread, "LEASE_SECONDS", 0.3)
    monkeypatch.setattr(once, "RENEW_SECONDS", 0.05)
    began = time.monotonic()
    found = list(usages_of(cast("DockerClient", None), "a", seconds=1.2, every=0.05))
    assert found[-1].at - began > 1.0
