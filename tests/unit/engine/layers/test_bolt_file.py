"""BoltDB files, read while somebody writes them; test_containerd_store reads real ones."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.engine.layers.bolt_file import Bucket, read_bolt
from tests.unit.engine.layers.bolt_writer import BoltWriter, branch, fnv_1a, leaf, state

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the store is Linux's")

KEYS = st.binary(min_size=1, max_size=40)
TREES = st.recursive(
    st.binary(max_size=300), lambda inner: st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)


def plain(value: bytes | Bucket) -> Any:
    """All below a bucket as dictionaries."""
    if isinstance(value, bytes):
        return value
    return {key: plain(one) for key, one in value.items()}


def asked(path: Path, data: bytes) -> Any:
    path.write_bytes(data)
    return read_bolt(path, plain)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bolt") / "metadata.db"


def test_the_checksum_is_fnv_1a() -> None:
    """The vector of draft-eastlake-fnv for 'foobar'."""
    assert fnv_1a(b"foobar") == 0x85944171F73967E8


@given(st.dictionaries(KEYS, TREES, max_size=6), st.sampled_from([512, 4096]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_was_written_is_read(path: Path, tree: dict[bytes, Any], page_bytes: int) -> None:
    assert asked(path, BoltWriter(page_bytes, most_elements=3).file(tree)) == tree


def test_many_keys_and_large_values_take_further_pages(path: Path) -> None:
    tree = {b"%05d" % number: {b"id": b"x" * (number % 900)} for number in range(3000)}
    tree[b"large"] = {b"value": b"y" * 100_000}
    for page_bytes in (512, 4096, 65536):
        assert asked(path, BoltWriter(page_bytes).file(tree)) == tree


def test_keys_lead_from_bucket_to_bucket(path: Path) -> None:
    path.write_bytes(BoltWriter().file({b"v1": {b"snapshots": {b"a": {b"id": b"\x05"}}}}))
    for keys, expected in (
        ((b"v1", b"snapshots", b"a", b"id"), b"\x05"),
        ((b"v1", b"nothing", b"a"), None),
        ((b"v1", b"snapshots", b"a", b"id", b"further"), None),
    ):
        assert read_bolt(path, lambda root, keys=keys: root.at(*keys)) == expected  # type: ignore[misc]


def two_states(first: bytes, second: bytes) -> tuple[BoltWriter, int, int]:
    writer = BoltWriter()
    return writer, writer.bucket({b"is": first}), writer.bucket({b"is": second})


def test_the_newest_whole_state_counts(path: Path) -> None:
    writer, older, newer = two_states(b"older", b"newer")
    both = [state(0, newer, 8), state(1, older, 7)]
    assert asked(path, writer.whole(both)) == {b"is": b"newer"}
    half = both[0][:40] + bytes(len(both[0]) - 40)
    assert asked(path, writer.whole([half, both[1]])) == {b"is": b"older"}


def test_a_change_while_it_is_read_is_read_again(path: Path) -> None:
    writer, older, newer = two_states(b"older", b"newer")
    states = [state(1, older, 7)]
    path.write_bytes(writer.whole(states))
    seen: list[object] = []

    def ask(root: Bucket) -> Any:
        if not seen:
            path.write_bytes(writer.whole([*states, state(0, newer, 8)]))
        seen.append(plain(root))
        return seen[-1]

    assert read_bolt(path, ask) == {b"is": b"newer"}
    assert seen == [{b"is": b"older"}, {b"is": b"newer"}]


def test_pages_that_a_change_took_are_not_damage(path: Path) -> None:
    writer, older, newer = two_states(b"older", b"newer")
    path.write_bytes(writer.whole([state(1, older, 7)]))
    tries: list[int] = []

    def ask(root: Bucket) -> Any:
        if not tries:
            writer.pages[older] = b"\xff" * 4096
            path.write_bytes(writer.whole([state(1, older, 7), state(0, newer, 8)]))
        tries.append(1)
        return plain(root)

    assert read_bolt(path, ask) == {b"is": b"newer"}


def test_what_never_stands_still_is_given_up(path: Path) -> None:
    writer, older, _ = two_states(b"older", b"newer")
    changes = list(range(7, 40))

    def ask(root: Bucket) -> Any:
        change = changes.pop(0) + 1
        path.write_bytes(writer.whole([state(change % 2, older, change)]))
        return plain(root)

    path.write_bytes(writer.whole([state(1, older, 7)]))
    with pytest.raises(OSError, match="changes faster") as raised:
        read_bolt(path, ask)
    assert raised.value.errno == errno.EAGAIN
    assert len(changes) == 33 - 8


DAMAGED = {
    "nothing": b"",
    "zeros": bytes(1 << 14),
    "text": b"SQLite format 3\0" * 1000,
    "no root": BoltWriter().whole([state(0, 2000, 7)]),
    "a root far away": BoltWriter().whole([state(0, 1 << 63, 7)]),
    "a root that is a state": BoltWriter().whole([state(0, 0, 7)]),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_such_file_is_refused(path: Path, data: bytes) -> None:
    with pytest.raises(OSError, match="Damaged"):
        asked(path, data)


def test_another_version_is_refused(path: Path) -> None:
    data = bytearray(BoltWriter().file({b"a": b"b"}))
    with pytest.raises(OSError, match="Damaged"):
        asked(path, bytes(data.replace(b"\xed\xda\x0c\xed\x02", b"\xed\xda\x0c\xed\x03")))


def test_a_branch_that_leads_to_itself_ends(path: Path) -> None:
    writer = BoltWriter()
    number = writer.added(branch([(b"a", 3)]))
    with pytest.raises(OSError, match="Damaged"):
        asked(path, writer.whole([state(0, number, 7)]))


def test_pages_that_are_named_again_and_again_cost_no_more_than_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of ten levels leads a hundred times to the next: 10²⁰ keys in 44 KB."""
    writer = BoltWriter()
    number = writer.added(leaf([(0, b"key", b"value")]))
    for _ in range(10):
        number = writer.added(branch([(b"a", number)] * 100))
    data, read, pread = writer.whole([state(0, number, 7)]), [0], os.pread

    def counted(descriptor: int, count: int, offset: int) -> bytes:
        read[0] += count
        return pread(descriptor, count, offset)

    monkeypatch.setattr(os, "pread", counted)
    with pytest.raises(OSError, match="Damaged"):
        asked(path, data)
    assert read[0] < 5 * len(data) + 200_000


GOOD = BoltWriter(512, most_elements=3).file(
    {b"v1": {b"s": {b"%d" % number: {b"id": b"x" * number} for number in range(40)}}}
)


@given(
    st.lists(
        st.tuples(st.integers(512 * 3, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8
    ),
    st.integers(1, len(GOOD)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damage_is_an_os_error_or_goes_unseen(
    path: Path, flips: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(GOOD)
    for at, value in flips:
        data[at] = value
    for damaged in (bytes(data), GOOD[:length]):
        path.write_bytes(damaged)
        try:
            answer = read_bolt(path, plain)
        except OSError:
            continue
        assert isinstance(answer, dict)
