"""Which tasks of a service are to be seen, in which phase and of which version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import LATELY_SECONDS, Rollout, rollout_from
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Phase, Task
from helpers.model.swarm.trouble import (
    NO_ANSWER,
    NO_LEADER,
    TOO_LATE,
    WORKERS_ONLY,
    swarm_trouble,
    worst_of,
)
from helpers.model.swarm.version import versions_of
from tests.unit.swarm_record import rollouts

NODES = (Node("a", "node-1", "ready"), Node("b", "node-10", "down"), Node("c", "node-2", "ready"))
SERVICE = Service("s", "web", "shop:1", 3)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["ID", "Spec", "Status", "State", "Env", "ContainerSpec", "Image", "Slot", "Mode",
                 "Replicated", "Replicas", "Err", "ManagerStatus", "Leader", "Description",
                 "UpdateStatus", "NodeID", "Timestamp", "TaskTemplate"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)  # fmt: skip


def task(name: str, slot: int, state: str, node: str = "a", **more: object) -> Task:
    fields: dict[str, object] = {"desired": "running", "spec": "1", "label": "1", **more}
    return Task(name, slot, node, state, **fields)  # type: ignore[arg-type]


def seen(now: Rollout) -> list[tuple[int, Phase, str]]:
    """Slot, phase and version of all that is to be seen, by slot and age."""
    ordered = sorted(now.seen, key=lambda each: (each.task.slot, each.task.created))
    return [(each.task.slot, each.phase, each.version.name) for each in ordered]


def test_an_update_is_seen_task_by_task_as_it_was_recorded() -> None:
    every = rollouts("update")
    assert seen(every[0]) == [(slot, Phase.RUNNING, "1") for slot in (1, 2, 3)]
    assert (2, Phase.STARTING, "2") in seen(every[1])
    halves = [now for now in every if {name for *_, name in seen(now)} == {"1", "2"}]
    assert any((2, Phase.ENDING, "1") in seen(now) for now in halves)
    assert all(now.running == now.wanted == 3 for now in every), "start-first never has fewer"
    assert seen(every[-1]) == [(slot, Phase.RUNNING, "2") for slot in (1, 2, 3)]
    assert [now.service.update for now in every if now.service][-1] == "completed"
    assert [each.number for each in every[-1].versions] == [1, 2]


def test_a_bad_version_fails_and_the_old_one_stays_as_it_was_recorded() -> None:
    every = rollouts("rollback")
    states = list(dict.fromkeys(now.service.update for now in every if now.service))
    assert states == ["completed", "updating", "rollback_started", "rollback_completed"]
    failed = [each for each in every[-1].seen if each.phase.is_failure]
    assert [(each.version.name, each.task.exit_code) for each in failed] == [("3", 3)]
    assert failed[0].task.error == "task: non-zero exit (3)"
    assert every[-1].running == 3


def test_a_failure_is_seen_for_a_while_or_until_something_runs_in_its_stead() -> None:
    failed = task("1", 1, "failed", since=100.0)
    heir = task("2", 1, "running", created=1)
    assert len(rollout_from("web", SERVICE, NODES, [failed, heir], 101).seen) == 2
    late = 101 + LATELY_SECONDS
    assert seen(rollout_from("web", SERVICE, NODES, [failed, heir], late)) == [
        (1, Phase.RUNNING, "1")
    ]
    assert seen(rollout_from("web", SERVICE, NODES, [failed], late)) == [(1, Phase.FAILED, "1")]


def test_of_each_slot_the_newest_that_leaves_is_seen_what_is_there_before_what_failed() -> None:
    tasks = [
        task("1", 1, "failed", since=100.0, created=1),
        task("2", 1, "failed", since=100.0, created=2),
        task("3", 1, "running", desired="shutdown", created=0),
        task("4", 1, "shutdown", desired="shutdown"),
        task("5", 2, "failed", since=100.0, created=1),
        task("6", 2, "rejected", since=100.0, created=2),
    ]
    now = rollout_from("web", SERVICE, NODES, tasks, 101)
    assert [each.task.id for each in now.seen] == ["6", "3"] or seen(now) == [
        (1, Phase.ENDING, "1"),
        (2, Phase.REJECTED, "1"),
    ]


@pytest.mark.parametrize(
    ("state", "desired", "is_down", "phase"),
    [
        ("new", "running", False, Phase.PENDING),
        ("pending", "running", False, Phase.PENDING),
        ("ready", "ready", False, Phase.STARTING),
        ("preparing", "running", False, Phase.STARTING),
        ("running", "running", False, Phase.RUNNING),
        ("running", "remove", False, Phase.ENDING),
        ("running", "shutdown", True, Phase.LOST),
        ("failed", "shutdown", True, Phase.FAILED),
        ("complete", "shutdown", False, Phase.ENDED),
        ("orphaned", "shutdown", False, Phase.ENDED),
        ("something new", "running", False, Phase.STARTING),
    ],
)
def test_the_phase_of_a_task(state: str, desired: str, is_down: bool, phase: Phase) -> None:
    assert task("1", 1, state, desired=desired).phase(is_down) is phase


def test_nodes_are_in_the_order_that_people_count_in_and_tasks_of_a_lost_one_are_unknown() -> None:
    tasks = [
        task("1", 3, "running", "b", desired="shutdown"),
        task("2", 3, "running", "c", created=1),
    ]
    now = rollout_from("web", SERVICE, NODES, tasks, 1)
    assert [node.name for node in now.nodes] == ["node-1", "node-2", "node-10"]
    assert [each.phase for each in now.on("b")] == [Phase.LOST]
    assert (now.running, now.wanted) == (1, 3)


def test_one_on_each_node_wants_as_many_as_there_are() -> None:
    tasks = [task("1", 0, "running", "a"), task("2", 0, "pending", "c")]
    now = rollout_from("web", Service("s", "web"), NODES, tasks, 1)
    assert (now.running, now.wanted) == (1, 2)


def test_versions_are_counted_as_they_come_up_and_stay_known() -> None:
    first = versions_of((), [task("1", 1, "running", spec="x", created=5)])
    later = [
        task("2", 1, "running", spec="y", label="2", created=9),
        task("3", 1, "running", spec="w", created=1),
    ]
    every = versions_of(first, later)
    assert [(each.spec, each.number, each.name) for each in every] == [
        ("x", 1, "1 #1"),
        ("w", 2, "1 #2"),
        ("y", 3, "2"),
    ]


def test_the_same_specification_is_the_same_version_whatever_its_order() -> None:
    one = {"Spec": {"ContainerSpec": {"Image": "shop:1", "Env": ["VERSION=2"]}, "ForceUpdate": 0}}
    other = {"Spec": {"ForceUpdate": 0, "ContainerSpec": {"Env": ["VERSION=2"], "Image": "shop:1"}}}
    forced = {"Spec": {**one["Spec"], "ForceUpdate": 1}}
    specs = [Task.from_answer(each).spec for each in (one, other, forced)]
    assert specs[0] == specs[1] != specs[2]
    assert Task.from_answer(one).label == "2"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ('500 ("This node is not a swarm manager. Use docker swarm init")', WORKERS_ONLY),
        ('500 ("rpc error: code = Unknown desc = The swarm does not have a leader.")', NO_LEADER),
        ("something else", "What it comes to."),
    ],
)
def test_what_a_refusal_means(answer: str, sentence: str) -> None:
    assert swarm_trouble(answer, "What it comes to.") == sentence


def test_the_worst_of_several_refusals_is_told() -> None:
    assert worst_of([], False) == worst_of([WORKERS_ONLY], False) == WORKERS_ONLY
    assert worst_of([WORKERS_ONLY, "gone"], False) == "gone"
    assert worst_of([WORKERS_ONLY, "gone"], True) == NO_ANSWER
    assert worst_of(["gone", TOO_LATE, NO_LEADER], True) == NO_LEADER
    assert worst_of(["gone", TOO_LATE], True) == TOO_LATE


@given(ANY, ANY, ANY)
def test_whatever_is_answered_is_read(service: object, node: object, one: object) -> None:
    tables = [each if isinstance(each, dict) else {} for each in (service, node, one)]
    now = rollout_from(
        "web",
        Service.from_answer(tables[0]),
        [Node.from_answer(tables[1])],
        [Task.from_answer(tables[2])],
        1.0,
    )
    assert len(now.seen) <= 1
