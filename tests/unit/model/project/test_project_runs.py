"""Starts of a project, from events as an engine tells them and from what containers show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.container.event import EngineEvent
from helpers.model.container.restart_policy import RestartPolicy
from helpers.model.project.answer import Answer
from helpers.model.project.lane import MOST_STAGES, Lane, Phase
from helpers.model.project.member import NUMBER, SERVICE, Member
from helpers.model.project.remembered import ACTIONS
from helpers.model.project.run import MOST_SECONDS
from helpers.model.project.startup import SHOWN, Startup, startup_from

HEALTHY = "health_status: healthy"


def event(at: float, action: str, name: str, **more: str) -> EngineEvent:
    """What happened to the only container of that service; its id is the name."""
    return EngineEvent(at, "container", action, name, {SERVICE: name, NUMBER: "1"} | more, name)


def up(at: float) -> list[EngineEvent]:
    """A start in which the app crashes once, since the database is not ready."""
    return [
        event(at, "create", "db"),
        event(at + 0.1, "create", "app"),
        event(at + 0.2, "start", "db"),
        event(at + 0.3, "start", "app"),
        event(at + 0.5, "die", "app", exitCode="1"),
        event(at + 0.9, "start", "app"),
        event(at + 1.5, HEALTHY, "db"),
    ]


def down(at: float) -> list[EngineEvent]:
    """What `docker compose down` does."""
    return [
        event(at + step / 10, action, name, **more)
        for name in ("app", "db")
        for step, (action, more) in enumerate((
            ("kill", {"signal": "15"}), ("die", {"exitCode": "143"}), ("stop", {}), ("destroy", {}),
        ))
    ]  # fmt: skip


def known(
    events: list[EngineEvent], *members: Member, now: float = 9_000.0, **answers: Any
) -> Startup:
    return startup_from("cafe", events, {each.id: each for each in members}, answers, now)


ON_FAILURE = Member("app", "app", "app", rule=RestartPolicy("on-failure"))


def test_a_start_is_told_phase_by_phase() -> None:
    now = known(up(100), ON_FAILURE)
    (run,) = now.runs
    db, app = run.lanes
    assert [(each.phase, round(each.since - 100, 1)) for each in db.stages] == [
        (Phase.CREATED, 0.0), (Phase.RUNNING, 0.2), (Phase.HEALTHY, 1.5),
    ]  # fmt: skip
    assert [each.phase for each in app.stages] == [
        Phase.CREATED, Phase.RUNNING, Phase.DOWN, Phase.RUNNING,
    ]  # fmt: skip
    assert [(each.exit_code, round(each.at - 100, 1)) for each in app.crashes] == [(1, 0.5)]
    assert run.is_up
    assert not run.is_going(now.now)
    assert run.seconds(now.now) == pytest.approx(1.5)


def test_what_stops_it_later_is_no_part_of_a_start() -> None:
    now = known(up(100) + down(160), ON_FAILURE)
    (run,) = now.runs
    assert run.is_up
    assert run.seconds(now.now) == pytest.approx(1.5)
    assert {lane.phase for lane in run.lanes} == {Phase.STOPPED}
    assert not [lane for lane in run.lanes if lane.phase is Phase.DOWN]


def test_the_newest_three_starts_stand_on_one_scale() -> None:
    events = [each for at in range(100, 600, 100) for each in up(at) + down(at + 50)]
    slow = [replace(each, at=600 + (each.at - 600) * 3) for each in up(600)]
    now = known([*events, *slow], ON_FAILURE)
    assert [run.begun for run in now.runs] == [100, 200, 300, 400, 500, 600]
    assert [run.begun for run in now.shown] == [600, 500, 400]
    assert now.end_seconds == pytest.approx(4.5)


def test_a_start_goes_on_until_all_are_as_far_as_they_come() -> None:
    waiting = Member("app", "app", "app", rule=RestartPolicy("always"))
    for count, expected in ((1, True), (3, True), (5, True), (7, False)):
        now = known(up(100)[:count], waiting, Member("db", "db", "db", has_check=True), now=103)
        assert now.is_going is expected, count
    going = known(up(100)[:5], waiting, Member("db", "db", "db", has_check=True), now=103)
    assert going.runs[0].seconds(going.now) == pytest.approx(3)
    assert not replace(going, now=400).is_going, "nobody waits for ever"
    given_up = [*up(100)[:3], event(103, "health_status: unhealthy", "db")]
    assert known(given_up, now=104).is_going
    assert not known(given_up, now=109).is_going, "what waited for it is not started"


def test_what_is_begun_later_is_another_start() -> None:
    again = [event(200, "start", "app"), event(201, "die", "app", exitCode="1")]
    alone = Member("app", "app", "app")
    (_, second) = known([*up(100)[:5], up(100)[6], *again], alone).runs
    assert [lane.service for lane in second.lanes] == ["app"]
    assert second.lanes[0].first(Phase.CREATED) is None
    later = [event(130, "die", "app", exitCode="1"), event(140, "start", "app")]
    by_policy = known([*up(100), *later], ON_FAILURE)
    assert len(by_policy.runs) == 1, "its policy started it, nobody else"


def test_an_update_is_a_start_of_what_is_new() -> None:
    update = [
        replace(event(200, "create", "app"), id="app-2"),
        event(200.1, "kill", "app", signal="15"), event(200.2, "die", "app", exitCode="143"),
        event(200.3, "destroy", "app"), replace(event(200.4, "start", "app"), id="app-2"),
    ]  # fmt: skip
    first, second = known(up(100) + update, ON_FAILURE).runs
    assert [lane.id for lane in second.lanes] == ["app-2"]
    assert first.lanes[1].phase is Phase.STOPPED
    assert first.is_up


def test_what_an_engine_has_forgotten_is_asked_of_the_containers() -> None:
    member = Member(
        "db", "cafe-db-1", "db", "1", status="running", created=100.0, started=100.2,
        has_check=True, healthy_at=101.5, is_first=False,
    )  # fmt: skip
    now = known([], member)
    (lane,) = now.runs[0].lanes
    assert [each.since for each in lane.stages] == [100.0, 100.2, 101.5]
    assert (lane.has_gap, lane.is_late, now.has_forgotten) == (True, True, True)
    partly = known(up(100)[:3], replace(member, is_first=True))
    (lane, _) = partly.runs[0].lanes
    assert lane.first(Phase.HEALTHY) == 101.5
    assert not lane.is_late
    ended = replace(member, status="exited", finished=105.0, exit_code=3, has_check=False)
    assert known([], ended).runs[0].lanes[0].endings[0].exit_code == 3
    assert not known(up(100), ON_FAILURE).has_forgotten
    assert known(down(100)).has_forgotten, "ends of which nobody knows the begin"


def test_what_has_just_happened_is_left_to_its_event() -> None:
    dead = replace(ON_FAILURE, status="exited", created=100.1, started=100.9, finished=150.0)
    assert not known(up(100), dead, now=150.1).has_forgotten
    assert not known(up(100), dead, now=150.1).runs[0].lanes[1].crashes[1:]


def test_labels_that_look_like_events_tell_no_exit_code() -> None:
    labelled = [replace(each, attributes={"exitCode": "0", **each.attributes}) for each in up(100)]
    (run,) = known(labelled, ON_FAILURE).runs
    assert [each.exit_code for each in run.lanes[1].crashes] == [None]
    asked = [event(160, "kill", "app", signal="1"), event(161, "die", "app", exitCode="143")]
    (run,) = known([*labelled, *asked], ON_FAILURE).runs
    assert run.lanes[1].phase is Phase.STOPPED
    (run,) = known([*up(100), *asked], ON_FAILURE).runs
    assert run.lanes[1].phase is Phase.DOWN, "a hangup asks nobody to end"


def test_one_off_containers_are_no_part_of_a_start() -> None:
    once = replace(
        event(100.4, "create", "app", **{"com.docker.compose.oneoff": "True"}), id="run-1"
    )
    assert [lane.id for lane in known([*up(100), once]).runs[0].lanes] == ["db", "app"]


def test_the_first_answer_of_each_start_is_its_own() -> None:
    again = [event(200, "start", "app")]
    stopped = [event(150, "kill", "app"), event(150.1, "die", "app")]
    answers = (Answer(99, "before"), Answer(101, "one"), Answer(160, "none"), Answer(201, "two"))
    first, second = known(up(100) + stopped + again, ON_FAILURE, app=answers).runs
    assert first.lanes[1].answer == Answer(101, "one")
    assert second.lanes[0].answer == Answer(201, "two")
    late = known(up(100), ON_FAILURE, app=(Answer(160, "late"),))
    assert late.end_seconds == pytest.approx(1.5), "it stretches the scale of no other"


ATTRIBUTES = st.dictionaries(
    st.sampled_from(["exitCode", "signal", SERVICE, NUMBER, "health_status"]), st.text(max_size=6)
)
ANY_ACTION = st.sampled_from([*ACTIONS, HEALTHY, "health_status: unhealthy", "exec_start: x", ""])
EVENTS = st.lists(
    st.builds(
        EngineEvent,
        at=st.floats(0, 4_000),
        kind=st.just("container"),
        action=ANY_ACTION,
        name=st.text(max_size=4),
        attributes=ATTRIBUTES,
        id=st.sampled_from(["a", "b", "c", ""]),
    ),
    max_size=40,
).map(lambda events: sorted(events, key=lambda each: each.at))
MEMBERS = st.lists(
    st.builds(
        Member,
        id=st.sampled_from(["a", "b", "d"]),
        name=st.text(max_size=4),
        service=st.text(max_size=4),
        status=st.sampled_from(["running", "exited", "restarting", ""]),
        created=st.floats(0, 4_000),
        started=st.floats(0, 4_000),
        finished=st.floats(0, 4_000),
        exit_code=st.integers(),
        restarts=st.integers(-1, 5),
        rule=st.sampled_from([RestartPolicy(name, 2) for name in ("no", "always", "on-failure")]),
        has_check=st.booleans(),
        healthy_at=st.floats(0, 4_000),
        is_first=st.booleans(),
    ),
    max_size=3,
)  # fmt: skip


@given(EVENTS, MEMBERS, st.floats(0, 5_000))
def test_any_events_are_starts(
    events: list[EngineEvent], members: list[Member], now: float
) -> None:
    answers = {"a": (Answer(1_000, "x"),)}
    seen = startup_from("cafe", events, {each.id: each for each in members}, answers, now)
    assert len(seen.shown) <= SHOWN
    assert seen.end_seconds > 0
    for run in seen.runs:
        assert run.lanes
        assert len({lane.id for lane in run.lanes}) == len(run.lanes)
        assert 0 <= run.seconds(now) <= MOST_SECONDS
        for lane in run.lanes:
            times = [each.since for each in lane.stages]
            assert times == sorted(times)
            assert lane.stages
            assert len(lane.stages) <= MOST_STAGES
            assert set(lane.crashes) <= set(lane.endings)
            assert sum(each.phase is Phase.DOWN for each in lane.stages) == len(lane.endings)


@given(EVENTS, st.integers(0, 40))
def test_what_comes_later_changes_no_begin(events: list[EngineEvent], cut: int) -> None:
    before = startup_from("cafe", events[:cut], {}, {}, 0).runs
    after = startup_from("cafe", events, {}, {}, 0).runs
    assert [run.begun for run in before] == [run.begun for run in after][: len(before)]


@given(EVENTS)
def test_whatever_is_created_or_started_has_its_lane(events: list[EngineEvent]) -> None:
    begun = {each.id for each in events if each.action in ("create", "start")}
    runs = startup_from("cafe", events, {}, {}, 0).runs
    assert {lane.id for run in runs for lane in run.lanes} == begun


def test_a_lane_of_nothing_is_on_its_way_nowhere() -> None:
    lane = Lane("a", "a")
    assert (lane.phase, lane.reached, lane.is_up, lane.crashes) == (None, None, False, ())


def test_podmans_word_for_health_is_read() -> None:
    message = {
        "Type": "container", "Action": "health_status", "HealthStatus": "healthy", "time": 101,
        "Actor": {"ID": "db", "Attributes": {SERVICE: "db"}},
    }  # fmt: skip
    (run,) = known([*up(100)[:3], EngineEvent.from_message(message)]).runs
    assert run.lanes[0].first(Phase.HEALTHY) == 101


def test_ten_minutes_after_its_begin_a_start_is_over() -> None:
    waiting = [event(0, "create", "app"), event(590, "health_status: healthy", "app")]
    first, second = known([*waiting, event(601, "start", "db")]).runs
    assert [lane.id for lane in (*first.lanes, *second.lanes)] == ["app", "db"]
