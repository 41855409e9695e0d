"""A real cluster's states, compared with what kubectl said of them in the same moment."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.model.kubernetes.pod import Phase
from tests.unit.kubernetes_record import at, frames, state_of


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: frame["step"])
def test_every_pod_has_kubectls_words(frame: dict[str, Any]) -> None:
    now = state_of(frame)
    ours = {
        each.meta.name: [f"{each.ready_containers}/{each.containers}", each.status, each.restarts]
        for each in now.pods
    }
    theirs = {name: [ready, word, int(count)] for name, ready, word, count in frame["kubectl"]}
    assert ours == theirs


def test_the_recording_has_what_a_lesson_meets() -> None:
    words = {row[2] for frame in frames() for row in frame["kubectl"]}
    assert words >= {"Pending", "Running", "Terminating", "CrashLoopBackOff", "ErrImageNeverPull"}


def test_one_program_after_the_other_does_its_part() -> None:
    alone = at("deployment")
    assert (len(alone.deployments), alone.sets, alone.pods) == (1, (), ())
    assert not alone.deployments[0].is_observed
    managed = at("manager")
    assert [each.wished for each in managed.sets] == [3]
    assert [(each.phase, each.message) for each in managed.pods] == [(Phase.UNPLACED, "")] * 3
    tried = at("scheduler")
    assert {each.message for each in tried.pods} == {"no nodes available to schedule pods"}
    runs = at("kubelet")
    assert [(each.phase, each.node) for each in runs.pods] == [(Phase.READY, "node-1")] * 3
    assert [len(runs.containers_of(each)) for each in runs.pods] == [2, 2, 2]
    assert len(runs.services[0].ready) == 3
    assert runs.deployments[0].is_as_wished


def test_an_update_and_its_way_back() -> None:
    update, bad, back = at("update"), at("bad"), at("undo")
    assert [each.version for each in update.sets] == ["1", "2"]
    assert {each.phase for each in update.pods} >= {Phase.READY, Phase.ENDING}
    failing = [each for each in bad.pods if each.phase is Phase.FAILING]
    assert [(each.version, each.last_end) for each in failing] == [("3", "Error, exit code 3")]
    assert not bad.services_to(failing[0])
    newest = back.newest_set(back.deployments[0])
    assert newest is not None
    assert (newest.version, newest.revision) == ("2", 4)
    assert back.versions() == ("1", "2", "3")
