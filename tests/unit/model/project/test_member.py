"""Containers of a project as an engine shows them, and whatever else it may answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helpers.model.project.member import Member
from helpers.model.project.remembered import past_of
from helpers.model.project.startup import startup_from

ANSWER = {
    "Id": "1" * 64,
    "Name": "/cafe-db-1",
    "Created": "2026-11-30T18:47:41.9Z",
    "RestartCount": 2,
    "State": {
        "Status": "running",
        "StartedAt": "2026-11-30T18:47:42.0Z",
        "FinishedAt": "0001-01-01T00:00:00Z",
        "ExitCode": 0,
        "Health": {
            "Status": "healthy",
            "Log": [
                {"End": "2026-11-30T18:47:41.0Z", "ExitCode": 0},
                {"End": "2026-11-30T18:47:42.5Z", "ExitCode": 1},
                {"End": "2026-11-30T18:47:43.0Z", "ExitCode": 0},
                {"End": "2026-11-30T18:47:43.5Z", "ExitCode": 0},
            ],
        },
    },
    "Config": {
        "Labels": {
            "com.docker.compose.project": "cafe",
            "com.docker.compose.service": "db",
            "com.docker.compose.container-number": "1",
        },
        "Healthcheck": {"Test": ["CMD-SHELL", "pg_isready"]},
    },
    "HostConfig": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}},
}


def test_a_container_is_read() -> None:
    member = Member.from_inspect(ANSWER)
    assert (member.name, member.service, member.number) == ("cafe-db-1", "db", "1")
    assert (member.restarts, member.rule.limit, member.has_check) == (2, 3, True)
    assert member.healthy_at - member.started == 1, "a success before it started is of another life"
    assert member.is_first
    assert member.finished == 0


def test_a_container_without_labels_is_called_by_its_name() -> None:
    member = Member.from_inspect(
        {"Id": "1", "Name": "/x", "Config": {"Healthcheck": {"Test": ["NONE"]}}}
    )
    assert (member.service, member.has_check) == ("x", False)


def test_a_success_that_the_engine_has_dropped_stays_known() -> None:
    before = Member.from_inspect(ANSWER)
    later = replace(before, healthy_at=before.healthy_at + 9, is_first=False)
    assert later.after(before) == before
    again = replace(later, started=before.started + 8)
    assert again.after(before) == again


KEYS = st.sampled_from([
    *("Id", "Name", "Created", "State", "Status", "StartedAt", "FinishedAt", "ExitCode", "Health"),
    *("Log", "End", "Config", "Labels", "Healthcheck", "Test", "HostConfig", "RestartPolicy"),
    *("RestartCount", "MaximumRetryCount", "com.docker.compose.service", "exitCode"),
])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from(["2026-11-30T18:47:41.9Z", "0001-01-01T00:00:00Z", "running", "always"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=3), st.floats(0, 1e10))
def test_any_answer_is_a_container(answers: list[dict[str, Any]], now: float) -> None:
    members = [Member.from_inspect(each) for each in answers]
    past = past_of([], members, now)
    assert list(past.events) == sorted(past.events, key=lambda each: each.at)
    startup_from("cafe", [], {each.id: each for each in members}, {}, now)
