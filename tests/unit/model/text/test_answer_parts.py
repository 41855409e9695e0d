"""What engines answer, with any part of it left out, null or of another kind."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.tables import containers_table
from helpers.engine.usage.watched import Watched
from helpers.model.audit.container_facts import ContainerFacts
from helpers.model.container.container_state import ContainerState
from helpers.model.container.event import EngineEvent
from helpers.model.container.file_changes import FileChanges
from helpers.model.container.snapshot import Snapshot
from helpers.model.project.member import Member
from helpers.model.text.answer_parts import (
    count_or_none,
    error_in,
    flag_in,
    lists_of,
    moment_in,
    table_of_texts,
    tables_of,
    text_in,
    texts_of,
)
from helpers.model.usage.stats_answer import previous_reading_of, reading_of

# As Engine 28.5 answers, each cut down to what is read of it.
CONTAINER: dict[str, Any] = {
    "Id": "c0ffee" * 10, "Name": "/web", "Image": "sha256:00", "Created": "2026-11-30T10:00:00.1Z",
    "RestartCount": 1, "Config": {"Image": "busybox:1.37", "Labels": {"a": "b"}},
    "State": {"Status": "exited", "ExitCode": 3, "Pid": 0, "Error": "", "OOMKilled": False,
              "StartedAt": "2026-11-30T10:00:01Z", "FinishedAt": "2026-11-30T10:00:02Z",
              "Health": {"Status": "healthy"}},
    "HostConfig": {"Memory": 64, "MemorySwap": 128, "NanoCpus": 500_000_000, "CpuQuota": 0,
                   "CpuPeriod": 0, "PidsLimit": 10, "NetworkMode": "bridge",
                   "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}},
    "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "4000"}],
                                  "81/tcp": None}},
}  # fmt: skip
EVENT: dict[str, Any] = {
    "Type": "container", "Action": "start", "time": 1_764_500_000,
    "timeNano": 1_764_500_000 * 10**9, "Actor": {"ID": "c0ffee", "Attributes": {"name": "web"}},
}  # fmt: skip
STATS: dict[str, Any] = {
    "read": "2026-11-30T10:00:02Z", "preread": "2026-11-30T10:00:01Z",
    "cpu_stats": {"cpu_usage": {"total_usage": 200, "percpu_usage": [100, 100]},
                  "system_cpu_usage": 4000, "online_cpus": 2,
                  "throttling_data": {"periods": 4, "throttled_periods": 2}},
    "precpu_stats": {"cpu_usage": {"total_usage": 100}, "system_cpu_usage": 2000,
                     "throttling_data": {"periods": 2, "throttled_periods": 1}},
    "memory_stats": {"usage": 64, "limit": 128, "stats": {"inactive_file": 4}},
    "pids_stats": {"current": 3, "limit": 10}, "networks": {"eth0": {"rx_bytes": 1, "tx_bytes": 2}},
    "blkio_stats": {"io_service_bytes_recursive": [{"op": "Read", "value": 5}]},
}  # fmt: skip
LISTED: dict[str, Any] = {
    "Id": "c0ffee" * 10, "Names": ["/web"], "Image": "busybox:1.37", "State": "running", "Size": 5,
    "Labels": {"a": "b"}, "RepoTags": ["busybox:1.37"],
    "Ports": [{"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 4000, "Type": "tcp"}],
}  # fmt: skip
containers_table([])  # it loads pandas: no single answer is to be late for that
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
READERS: dict[str, tuple[dict[str, Any], Callable[[Any], object]]] = {
    "inspect": (CONTAINER, ContainerState.from_inspect),
    "snapshot": (CONTAINER, Snapshot.from_inspect),
    "watched": (CONTAINER, lambda answer: Watched.from_inspect(answer, looks=False)),
    "event": (EVENT, EngineEvent.from_message),
    "stats": (STATS, reading_of),
    "stats before": (STATS, previous_reading_of),
    "containers": (LISTED, lambda answer: containers_table([answer]).to_string()),
    "member": (CONTAINER, Member.from_inspect),
    "facts": (CONTAINER, ContainerFacts.from_inspect),
    "changes": ({"Kind": 1, "Path": "/a"}, lambda answer: FileChanges.from_answer([answer])),
}


def ways(answer: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each part of an answer."""
    if way:
        yield way
    pairs = answer.items() if isinstance(answer, Mapping) else ()
    pairs = enumerate(answer) if isinstance(answer, list) else pairs
    for key, value in pairs:
        yield from ways(value, (*way, key))


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_an_answer_with_one_part_of_another_kind_is_read(name: str, data: st.DataObject) -> None:
    whole, read = READERS[name]
    answer = copy.deepcopy(whole)
    *before, last = data.draw(st.sampled_from(list(ways(answer))))
    holder: Any = answer
    for key in before:
        holder = holder[key]
    if data.draw(st.booleans(), label="left out"):
        del holder[last]
    else:
        holder[last] = data.draw(JSON, label="put in its place")
    read(answer)


@pytest.mark.parametrize("name", READERS)
@given(answer=JSON)
def test_what_is_no_answer_at_all_is_read(name: str, answer: object) -> None:
    READERS[name][1](answer if isinstance(answer, dict) else {})


def test_a_whole_answer_is_read_to_the_last_field() -> None:
    state = ContainerState.from_inspect(CONTAINER)
    assert (state.name, state.status, state.exit_code, state.health) == (
        "web", "exited", 3, "healthy"
    )  # fmt: skip
    assert state.published == {"80/tcp": (("127.0.0.1", 4000),)}
    assert (state.limits.cpus, state.limits.memory_bytes, state.memory_swap_bytes) == (0.5, 64, 128)
    assert state.restart_rule.limit == 3
    reading = reading_of(STATS)
    assert reading is not None
    assert (reading.cpu_nanoseconds, reading.online_cpus) == (200, 2)
    assert reading.inactive_file_bytes == 4
    assert (reading.network_tx_bytes, reading.block_read_bytes, reading.pids) == (2, 5, 3)
    assert EngineEvent.from_message(EVENT).name == "web"


def test_podman_leaves_out_the_address_of_a_port_on_every_one() -> None:
    """Podman 5's lists have no IP; the docker command shows 0.0.0.0 there."""
    port = {"PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}
    assert containers_table([{**LISTED, "Ports": [port]}])["ports"][0] == "0.0.0.0:8080->80/tcp"
    inspected = copy.deepcopy(CONTAINER)
    inspected["NetworkSettings"]["Ports"] = {"80/tcp": [{"HostPort": "8080"}]}
    state = ContainerState.from_inspect(inspected)
    assert state.published == {"80/tcp": (("", 8080),)}
    assert state.address_of("80/tcp", "127.0.0.1") == "127.0.0.1:8080"


@pytest.mark.parametrize(
    ("value", "count"),
    [(5, 5), ("5", 5), (5.0, 5), ("-1", -1), (True, 1), ("x", None), ("", None), (None, None),
     ([], None), ({}, None), ("٥", None), (float("nan"), None), (float("inf"), None),
     (10**30, None), ("9" * 5000, None), ("-", None), ("--1", None)],
)  # fmt: skip
def test_a_count_is_a_number_that_can_be_one(value: object, count: int | None) -> None:
    assert count_or_none({"a": {"b": value}}, "a", "b") == count


def test_flags_lists_and_errors_are_those_that_are_there() -> None:
    assert flag_in({"a": {"b": True}}, "a", "b")
    assert not any(flag_in({"a": other}, "a") for other in (False, None, "true", 1, [True]))
    assert lists_of({"a": [["b", "c"], 5, None, []]}, "a") == [["b", "c"], []]
    assert error_in({"error": "no", "errorDetail": {"message": "no, for that"}}) == "no, for that"
    assert error_in({"error": "no", "errorDetail": None}) == "no"
    assert error_in({"error": {"code": 5}}) == "an error without words"
    assert [error_in(other) for other in ({}, {"error": ""}, None, [], "no")] == [""] * 5


def test_what_is_not_there_is_empty() -> None:
    assert text_in({"a": None}, "a", "b") == ""
    assert texts_of({"a": ["b", 5, None]}, "a") == ["b"]
    assert tables_of({"a": [{"b": 1}, 5, None]}, "a") == [{"b": 1}]
    assert table_of_texts({"a": {"b": None, "c": 5}}, "a") == {"b": "", "c": "5"}
    assert moment_in({"a": "0001-01-01T00:00:00+23:00"}, "a") <= 0
    assert moment_in({"a": "yesterday"}, "a") == 0.0
