"""`requests` as a cell calls it: what it refuses, one load an address, its values afterwards."""

from __future__ import annotations

import time

import pytest

from helpers import requests
from helpers.engine.load.near import own_addresses
from helpers.errors import InvalidInput
from helpers.notebook import load as loads
from helpers.notebook.load import REPLACED, NotebookLoad
from tests.unit.planned_server import PlannedServer


@pytest.fixture(autouse=True)
def not_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever tests before these have connected to."""
    monkeypatch.setattr(loads, "_allowed", own_addresses)


def test_it_is_no_package_and_says_so() -> None:
    assert callable(requests)
    assert not hasattr(requests, "get")
    with pytest.raises(AttributeError, match=r"has no 'get'\. .* `import requests as http`"):
        _ = requests.get


def test_somebody_elses_address_is_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loads, "LoadRun", None)
    with pytest.raises(InvalidInput, match=r"^192\.0\.2\.7 is neither this machine nor your"):
        requests("http://192.0.2.7/")


def test_its_values_afterwards() -> None:
    with PlannedServer(["1", "2", "HTTP 503"]) as server:
        load = requests(server.url, 100, seconds=0.3).wait()
    assert isinstance(load, NotebookLoad)
    assert not load.is_running
    assert (load.answers, load.failures) == ({"1": 10, "2": 10}, {"HTTP 503": 10})
    assert (load.sent, load.failed) == (30, 10)
    median, last = load.latency_seconds(), load.latency_seconds(99)
    assert median is not None
    assert last is not None
    assert 0 < median <= last < 3
    with pytest.raises(InvalidInput, match="no percentage"):
        load.latency_seconds(0)
    table = load.table()
    assert list(table["version"]) == ["1", "2", ""]
    assert list(table["failure"]) == ["", "", "HTTP 503"]
    frame = load.to_frame()
    assert list(frame["due_seconds"].round(2)) == [at / 100 for at in range(30)]
    assert set(frame["status"]) == {200, 503}
    assert repr(load) == f"100 requests a second to {server.url}"


def test_a_newer_load_ends_an_older_one_of_the_same_address_and_all_have_one_limit() -> None:
    with PlannedServer(["1"]) as server:
        first = requests(server.url, 20)
        second = requests(server.url, 150)
        try:
            assert not first.is_running
            assert first.run.ended == REPLACED
            with pytest.raises(InvalidInput, match="200 a second, with the 150 that run already"):
                requests(f"{server.url}other", 200)
            assert second.is_running
        finally:
            begun = time.monotonic()
            assert second.stop() is second
        assert time.monotonic() - begun < 3
        assert first.sent + second.sent == sum(server.counts.values())
