"""A container's life told by events: recorded from an engine, and written by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.container.event import EngineEvent
from helpers.model.container.lifecycle import KEPT, Life
from helpers.model.container.restart_policy import RestartPolicy
from helpers.model.container.snapshot import Contact, Gone, Snapshot
from helpers.model.container.state import State, exit_meaning, path_in_words

CREATED, RUNNING, PAUSED, EXITED = State.CREATED, State.RUNNING, State.PAUSED, State.EXITED
RESTARTING, REMOVED = State.RESTARTING, State.REMOVED
ALWAYS = RestartPolicy("always")


def event(text: str, at: float) -> EngineEvent:
    """The event in 'die exitCode=137'."""
    words = text.split(" ")
    pairs = dict(word.split("=", 1) for word in words if "=" in word)
    action = " ".join(word for word in words if "=" not in word)
    return EngineEvent(at, "container", action, pairs.pop("name", "web"), pairs)


def events(*texts: str) -> list[EngineEvent]:
    return [event(text, 100.0 + at) for at, text in enumerate(texts)]


def life_of(*texts: str, rule: RestartPolicy | None = None) -> Life:
    return Life("web", rule=rule or RestartPolicy()).after_all(events(*texts))


def snapshot(state: State, started: float = 0.0, finished: float = 0.0, **more: object) -> Snapshot:
    settings = {"exit_code": 0, "created": 50.0, **more}
    return Snapshot("web", state, started=started, finished=finished, **settings)  # type: ignore[arg-type]


# Recorded from Docker Engine 20.10.24 with `docker events`; the commands are beside them.
RECORDED = {
    "create, start, exec, pause, stop -t 1": (
        ["create", "start", "exec_create: true", "exec_start: true", "exec_die exitCode=0",
         "pause", "kill signal=15", "unpause", "kill signal=9", "die exitCode=137", "stop"],
        [CREATED, RUNNING, PAUSED, RUNNING, EXITED],
    ),
    "create, start, pause, kill": (
        ["create", "start", "pause", "kill signal=9", "die exitCode=137"],
        [CREATED, RUNNING, PAUSED, EXITED],
    ),
    "run, restart -t 1, rename, update, rm --force": (
        ["create", "start", "kill signal=15", "kill signal=9", "die exitCode=137", "stop", "start",
         "restart", "rename name=db oldName=/web", "update name=db", "kill name=db signal=9",
         "die name=db exitCode=137", "destroy name=db"],
        [CREATED, RUNNING, EXITED, RUNNING, EXITED, REMOVED],
    ),
    "run --memory 8m with a greedy process, rm": (
        ["create", "attach", "start", "oom", "die exitCode=137", "destroy"],
        [CREATED, RUNNING, EXITED, REMOVED],
    ),
}  # fmt: skip


@pytest.mark.parametrize("recorded", RECORDED)
def test_recorded_lives(recorded: str) -> None:
    said, states = RECORDED[recorded]
    assert life_of(*said).states == tuple(states)


def test_on_failure_restarts_so_often_and_no_more() -> None:
    said = ["create", "start", "die exitCode=3", "start", "die exitCode=3", "start",
            "die exitCode=3"]  # fmt: skip
    life = life_of(*said, rule=RestartPolicy("on-failure", 2))
    assert life.states == (CREATED, RUNNING, RESTARTING, RUNNING, RESTARTING, RUNNING, EXITED)
    assert (life.restarts, life.exit_code) == (2, 3)


def test_a_policy_that_restarts_is_ended_by_stop_while_it_waits() -> None:
    life = life_of("create", "start", "die exitCode=3", "stop", rule=ALWAYS)
    assert life.states == (CREATED, RUNNING, RESTARTING, EXITED)
    assert life.exit_code == 3


@pytest.mark.parametrize(
    ("rule", "code", "again"),
    [
        (RestartPolicy("no"), 1, False),
        (RestartPolicy("on-failure"), 0, False),
        (RestartPolicy("on-failure"), 1, True),
        (RestartPolicy("always"), 0, True),
        (RestartPolicy("unless-stopped"), 0, True),
    ],
)
def test_what_a_policy_does_after_an_exit(rule: RestartPolicy, code: int, again: bool) -> None:
    life = life_of("create", "start", f"die exitCode={code}", rule=rule)
    assert life.state is (RESTARTING if again else EXITED)


def test_who_was_killed_by_hand_is_not_restarted_until_started_again() -> None:
    said = ["create", "start", "kill signal=9", "die exitCode=137"]
    assert life_of(*said, rule=ALWAYS).state is EXITED
    assert life_of(*said, "start", "die exitCode=1", rule=ALWAYS).state is RESTARTING


@pytest.mark.parametrize(
    "silent",
    ["exec_create: ls", "exec_die exitCode=1", "health_status: unhealthy", "top", "attach",
     "resize", "rename name=db", "update", "oom", "kill signal=1", "copy", "restart"],
)  # fmt: skip
def test_what_does_not_change_the_state(silent: str) -> None:
    before = life_of("create", "start")
    assert before.after(event(silent, 200.0)).states == before.states


def test_causes_are_told_as_well_as_they_are_known() -> None:
    said = ["create", "start", "kill signal=15", "die exitCode=0", "stop", "start",
            "kill signal=9", "die exitCode=137", "start", "die exitCode=1", "destroy"]  # fmt: skip
    assert [step.cause for step in life_of(*said).steps] == [
        "docker create", "docker start", "docker stop", "docker start", "SIGKILL",
        "docker start", "its process ended", "docker rm",
    ]  # fmt: skip
    assert life_of("create", "start", "oom", "die exitCode=137").steps[-1].cause == "out of memory"
    assert life_of("create", "start", "kill signal=1", "die exitCode=1").steps[-1].cause == (
        "its process ended"
    )


def test_each_state_has_its_time() -> None:
    life = life_of("create", "start", "pause")
    assert [step.since for step in life.steps] == [100.0, 101.0, 102.0]
    assert life.created == 100.0


def test_a_rename_changes_the_name_and_nothing_else() -> None:
    life = life_of("create", "start", "rename name=db oldName=/web")
    assert (life.name, life.state) == ("db", RUNNING)


def test_what_is_heard_twice_counts_once() -> None:
    said = events("create", "start", "pause", "unpause")
    life = Life("web").after_all(said)
    assert life.after_all(said) == life


def test_a_look_fills_what_the_engine_has_forgotten() -> None:
    life = Life("web").after(snapshot(RUNNING, started=70.0))
    assert life.states == (CREATED, RUNNING)
    assert (life.steps[0].since, life.steps[1].since, life.has_gap) == (50.0, 70.0, True)
    later = Life("web").after_all(events("pause")).after(snapshot(PAUSED, started=70.0))
    assert (later.states, later.has_gap) == ((CREATED, PAUSED), True)
    fresh = Life("web").after(snapshot(CREATED))
    assert (fresh.states, fresh.has_gap) == ((CREATED,), False)


def test_a_past_is_told_by_the_policy_that_a_look_finds() -> None:
    past = events("create", "start", "die exitCode=1", "start", "die exitCode=1")
    now = snapshot(RESTARTING, started=103.0, finished=104.0, rule=ALWAYS)
    assert Life.from_events("web", past, now).states == (
        CREATED, RUNNING, RESTARTING, RUNNING, RESTARTING,
    )  # fmt: skip
    stopped = snapshot(EXITED, started=103.0, finished=104.0, rule=ALWAYS)
    assert Life.from_events("web", past, stopped).states[-2:] == (RUNNING, EXITED)
    assert Life.from_events("web", past, Gone()).state is REMOVED


def test_a_look_that_is_ahead_of_the_events_is_caught_up_with() -> None:
    ahead = life_of("create", "start").after(snapshot(EXITED, 101.0, 105.0, exit_code=3))
    assert (ahead.state, ahead.exit_code) == (EXITED, 3)
    caught = ahead.after(event("die exitCode=3", 105.0))
    assert caught.states == (CREATED, RUNNING, EXITED)
    assert caught.steps[-1].cause == "its process ended"


def test_the_engine_is_right_about_what_a_policy_did() -> None:
    died = life_of("create", "start", "die exitCode=1", rule=ALWAYS)
    seen = snapshot(EXITED, started=101.0, finished=102.0, rule=ALWAYS, after=died.events[-1])
    assert died.after(seen).states == (CREATED, RUNNING, EXITED)


def test_a_look_after_the_next_start_says_nothing_about_this_end() -> None:
    died = life_of("create", "start", "die exitCode=1", rule=ALWAYS)
    for late in (snapshot(RUNNING, 103.0, after=died.events[-1]),
                 snapshot(EXITED, 103.0, 104.0, after=died.events[-1])):  # fmt: skip
        assert died.after(late).states == (CREATED, RUNNING, RESTARTING)


def test_a_policy_that_is_changed_counts_from_then_on() -> None:
    life = life_of("create", "start")
    updated = event("update", 150.0)
    life = life.after(updated).after(snapshot(RUNNING, 101.0, rule=ALWAYS, after=updated))
    assert life.after(event("die exitCode=0", 160.0)).state is RESTARTING


def test_one_that_is_gone_is_removed_whatever_was_heard() -> None:
    assert life_of("create", "start").after(Gone()).state is REMOVED
    assert life_of("create", "destroy").after(Gone()).states == (CREATED, REMOVED)


def test_an_engine_that_does_not_answer_changes_no_state() -> None:
    life = life_of("create", "start").after(Contact(False, "gone"))
    assert (life.state, life.contact.words) == (RUNNING, "gone")
    assert life.after(Contact(True)).contact.connected


def test_a_life_of_many_restarts_keeps_its_end() -> None:
    said = [text for _ in range(KEPT) for text in ("start", "die exitCode=1")]
    life = life_of("create", *said, rule=ALWAYS)
    assert (len(life.steps), len(life.events), life.has_gap) == (KEPT, KEPT, True)
    assert life.state is RESTARTING


ACTIONS = st.sampled_from(["create", "start", "pause", "unpause", "stop", "restart", "destroy",
                           "die exitCode=1", "kill signal=9", "oom",
                           "rename name=b", "x"])  # fmt: skip


@given(st.lists(ACTIONS))
def test_no_order_of_events_breaks_it(said: list[str]) -> None:
    states = life_of(*said).states
    assert all(one is not other for one, other in pairwise(states))


def test_an_inspect_answer_becomes_a_snapshot() -> None:
    found = {
        "Name": "/web", "Created": "1970-01-01T00:00:01.5Z", "RestartCount": 4,
        "State": {"Status": "restarting", "StartedAt": "1970-01-01T00:00:02.123456789Z",
                  "FinishedAt": "1970-01-01T00:00:03Z", "ExitCode": 2, "OOMKilled": True},
        "HostConfig": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5}},
    }  # fmt: skip
    seen = Snapshot.from_inspect(found)
    assert seen == Snapshot(
        "web", RESTARTING, 1.5, 2.123456, 3.0, 2, True, RestartPolicy("on-failure", 5), 4
    )
    assert seen.since == 3.0


def test_words_for_codes_statuses_and_paths() -> None:
    assert exit_meaning(137) == "128 + 9: ended by SIGKILL"
    assert exit_meaning(143) == "128 + 15: ended by SIGTERM"
    assert exit_meaning(0) == "no error"
    assert exit_meaning(200) == "an error of its own"
    assert State.from_status("removing") is EXITED
    assert path_in_words([CREATED, RUNNING]) == "created → running"
    assert path_in_words([RUNNING, PAUSED] * 9, 3) == "… → paused → running → paused"
