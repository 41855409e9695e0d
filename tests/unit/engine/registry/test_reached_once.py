"""Public registries are asked once for the process, all at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from helpers.engine.registry import reachability as hub
from helpers.engine.registry import reached_once as once
from helpers.engine.registry.reachability import Reachability
from tests.unit.registry_server import server


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    for known in (once._known, hub._known):
        known.cache_clear()
    yield
    for known in (once._known, hub._known):
        known.cache_clear()


def test_silent_ones_are_waited_for_side_by_side_and_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both, asked = threading.Barrier(2), list[str]()

    def silent(address: str, seconds: float) -> Reachability:
        asked.append(address)
        both.wait(10)  # broken where one is asked after the other
        return Reachability(False, "no answer in time", seconds)

    monkeypatch.setattr(once, "reachability", silent)
    for _ in range(2):
        looks = once.reached_once(["a.example", "b.example"])
        assert not any(look.is_reachable for look in looks.values())
    assert sorted(asked) == ["https://a.example", "https://b.example"]


def test_one_that_answers_is_reached_and_may_fall_silent() -> None:
    asked: list[str] = []

    def reply(method: str, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        return 401, {}, b""

    with server(reply) as http:
        assert once.reached_once([http.address])[http.address].is_reachable
        assert once.reached_once([http.address])[http.address].is_reachable
        assert asked == ["/v2/"]
        once.note_silence(http.address, "connection refused")
        assert not once.reached_once([http.address])[http.address].is_reachable
