"""Labels of a container that take the place of what its events tell of its end.

Docker's engine lays the labels over an event's own attributes, and then its image and its name:
moby/moby, daemon/events.go.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.usage.watched import Roster, Scan, Watched
from helpers.model.container.event import EngineEvent, masks_in
from helpers.model.container.lifecycle import Life
from helpers.model.container.snapshot import Snapshot
from helpers.model.container.state import State
from helpers.views.container.lifecycle import LifecycleView, log_line
from helpers.views.kit.steps import meaning
from helpers.views.usage.words import event_name

IDENTITY = "c0ffee" * 10


def told(action: str, at: float, labels: dict[str, str], **own: str) -> EngineEvent:
    """The event as such an engine sends it."""
    attributes = {**own, **labels, "image": "busybox", "name": "web"}
    actor = {"ID": IDENTITY, "Attributes": attributes}
    message = {"Type": "container", "Action": action, "Actor": actor, "timeNano": int(at * 1e9)}
    return EngineEvent.from_message(message)


def lived(labels: dict[str, str], signal: str = "15", code: str = "143") -> list[EngineEvent]:
    return [
        told("create", 1, labels),
        told("start", 2, labels),
        told("kill", 3, labels, signal=signal),
        told("die", 4, labels, exitCode=code),
    ]


def inspected(labels: dict[str, str], code: int = 3) -> dict[str, Any]:
    return {
        "Id": IDENTITY, "Name": "/web", "Created": "1970-01-01T00:00:01Z",
        "State": {"Status": "exited", "ExitCode": code, "StartedAt": "1970-01-01T00:00:02Z",
                  "FinishedAt": "1970-01-01T00:00:04Z"},
        "Config": {"Labels": labels},
    }  # fmt: skip


def test_labels_never_take_the_place_of_name_and_id() -> None:
    event = told("start", 1, {"name": "other", "image": "other", "container": "other"})
    assert (event.name, event.id, event.attributes["image"]) == ("web", IDENTITY, "busybox")
    assert event.container_id == IDENTITY
    actor = {"ID": "a network", "Attributes": {"container": IDENTITY, "name": "shop"}}
    joined = {"Type": "network", "Action": "connect", "Actor": actor}
    assert EngineEvent.from_message(joined).container_id == IDENTITY
    assert EngineEvent.from_message(joined | {"Actor": {"ID": IDENTITY}}).container_id == IDENTITY


def test_what_an_event_does_not_tell_itself_is_a_label() -> None:
    labels = {"exitCode": "0", "signal": "9", "a": "b"}
    assert told("create", 1, labels).masks == {"exitCode", "signal"}
    assert told("kill", 1, labels).masks == {"exitCode"}
    assert told("die", 1, labels).masks == {"signal"}
    assert told("exec_die", 1, labels).masks == {"signal"}
    assert told("die", 1, {}, exitCode="3").masks == frozenset()
    assert masks_in(labels) == {"exitCode", "signal"}


def test_an_exit_code_is_that_of_the_end_and_of_nothing_else() -> None:
    assert told("die", 1, {}, exitCode="3").exit_code == 3
    assert told("exec_die", 1, {}, exitCode="3").exit_code is None
    assert told("kill", 1, {}, signal="9").signal == 9
    assert told("start", 1, {"exitCode": "3", "signal": "9"}).exit_code is None
    assert told("start", 1, {"exitCode": "3", "signal": "9"}).signal is None


def test_a_life_has_its_exit_code_by_a_look_where_a_label_hides_it() -> None:
    labels = {"exitCode": "0"}
    life = Life("web").after_all(lived(labels)[:2])
    died = told("die", 4, labels, exitCode="3")
    life = life.after(died)
    assert (life.state, life.exit_code) == (State.EXITED, None)
    life = life.after(Snapshot.from_inspect(inspected(labels), after=died))
    assert life.exit_code == 3
    assert "exit code 3" in LifecycleView(life).text()


def test_a_life_that_begins_with_its_end_knows_the_labels_by_a_look() -> None:
    labels = {"exitCode": "0", "signal": "9"}
    died = told("die", 4, labels, exitCode="3")
    life = Life.from_events("web", [died], Snapshot.from_inspect(inspected(labels)))
    assert (life.exit_code, life.masks) == (3, {"exitCode", "signal"})
    assert life.events[0].exit_code is None
    followed = Life("web").after(died).after(Snapshot.from_inspect(inspected(labels)))
    assert (followed.exit_code, followed.events[0].exit_code) == (3, None)


def test_what_a_label_says_was_sent_is_not_said_of_the_container() -> None:
    labels = {"signal": "9"}
    life = Life("web").after_all(lived(labels))
    assert life.exit_code == 143
    assert life.steps[-1].cause == "its process ended"
    assert "SIGKILL" not in " ".join(log_line(life, life.events[2]))
    assert Life("web").after_all(lived({})).steps[-1].cause == "SIGTERM"


def test_a_usage_view_says_no_exit_code_that_is_a_label() -> None:
    roster = Roster()
    roster.take(Scan((Watched.from_inspect(inspected({"exitCode": "0"}), looks=False),), 0))
    roster.take(told("die", 4, {"exitCode": "0"}, exitCode="3"))
    assert [event_name(event) for event in roster.events] == ["die"]


@given(
    st.dictionaries(st.sampled_from(["exitCode", "signal", "name", "container"]), st.text()),
    st.permutations(range(4)),
)
def test_no_label_ends_a_view(labels: dict[str, str], order: list[int]) -> None:
    events = [lived(labels)[index] for index in order]
    seen = Snapshot.from_inspect(inspected(labels))
    for life in (Life("web").after_all(events), Life.from_events("web", events, seen)):
        assert LifecycleView(life).text()
        for event in life.events:
            assert log_line(life, event)[2] == log_line(life, event)[2].strip()
            assert event_name(event)
            assert meaning(event) is not None
    if "exitCode" in labels:
        assert Life.from_events("web", events, seen).exit_code == 3


@pytest.mark.parametrize("code", ["", "abc", "1e9", "٣"])
def test_an_exit_code_that_is_no_number_is_none(code: str) -> None:
    assert Life("web").after_all(lived({}, code=code)).exit_code is None
