"""Where a published port is sought: on this machine, or where the engine is."""

from __future__ import annotations

import pytest

from helpers.model.container.published import is_loopback, reached_at

EVERY = [("0.0.0.0", 4000), ("::", 4000)]


@pytest.mark.parametrize(
    ("bound", "machine", "expected"),
    [
        (EVERY, "127.0.0.1", "127.0.0.1:4000"),
        (EVERY[::-1], "127.0.0.1", "127.0.0.1:4000"),
        (EVERY, "localhost", "127.0.0.1:4000"),
        (EVERY, "::1", "127.0.0.1:4000"),
        ([("", 4000)], "127.0.0.1", "127.0.0.1:4000"),
        ([("::", 4000)], "127.0.0.1", "[::1]:4000"),
        ([("::1", 4000)], "127.0.0.1", "[::1]:4000"),
        ([("127.0.0.1", 4000)], "127.0.0.1", "127.0.0.1:4000"),
        ([("127.0.0.2", 4000)], "127.0.0.1", "127.0.0.2:4000"),
        ([("192.0.2.7", 4000)], "127.0.0.1", "192.0.2.7:4000"),
        ([("fe80::7", 4000)], "127.0.0.1", "[fe80::7]:4000"),
        (EVERY, "far", "far:4000"),
        (EVERY, "192.0.2.7", "192.0.2.7:4000"),
        ([("0.0.0.0", 4000), ("::", 4001)], "2001:db8::7", "[2001:db8::7]:4001"),
        ([("::", 4000)], "far", "far:4000"),
        ([("127.0.0.1", 4000)], "far", None),
        ([("::1", 4000)], "far", None),
        ([("127.0.0.1", 4000), ("192.0.2.7", 4001)], "far", "192.0.2.7:4001"),
        ([], "far", None),
    ],
)
def test_reached_at(bound: list[tuple[str, int]], machine: str, expected: str | None) -> None:
    assert reached_at(bound, machine) == expected


def test_loopback() -> None:
    assert all(map(is_loopback, ["localhost", "127.0.0.1", "127.1.2.3", "::1"]))
    assert not any(map(is_loopback, ["far", "", "0.0.0.0", "::", "192.0.2.7", "local"]))
