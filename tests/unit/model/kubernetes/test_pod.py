"""What a pod's state comes to, in kubectl's word and for whoever counts on it."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.model.kubernetes.pod import Phase, Pod
from tests.unit.kubernetes_objects import FULL, pod, starting, unplaced, waiting

ENDED = {"terminated": {"exitCode": 1, "reason": "Error"}}
SIGNALLED = {"terminated": {"exitCode": 137, "signal": 9}}
DONE = {"terminated": {"exitCode": 0, "reason": "Completed"}}


def with_inits(*states: dict[str, Any], total: int = 2) -> dict[str, Any]:
    """A pod that has come so far with its init containers."""
    one = pod("web-a-1", ready=False, state=waiting("PodInitializing"))
    one["spec"]["initContainers"] = [{}] * total
    one["status"]["phase"] = "Pending"
    one["status"]["initContainerStatuses"] = [{"state": state} for state in states]
    return one


# Each word as Kubernetes 1.20's own tests of its printer have it (printers_test.go, TestPrintPod).
@pytest.mark.parametrize(
    ("answer", "status", "phase"),
    [
        (pod("a"), "Running", Phase.READY),
        (pod("a", ready=False), "Running", Phase.UNREADY),
        (unplaced("a"), "Pending", Phase.UNPLACED),
        (pod("a", status={"phase": "Pending"}), "Pending", Phase.PLACED),
        (starting("a"), "ContainerCreating", Phase.STARTING),
        (
            pod("a", ready=False, state=waiting("CrashLoopBackOff")),
            "CrashLoopBackOff",
            Phase.FAILING,
        ),
        (
            pod("a", ready=False, state=waiting("ImagePullBackOff")),
            "ImagePullBackOff",
            Phase.FAILING,
        ),
        (pod("a", ready=False, state=ENDED), "Error", Phase.FAILING),
        (pod("a", ready=False, state=SIGNALLED), "Signal:9", Phase.FAILING),
        (
            pod("a", ready=False, state={"terminated": {"exitCode": 3}}),
            "ExitCode:3",
            Phase.FAILING,
        ),
        (pod("a", deletionTimestamp="2026-12-01T10:00:00Z"), "Terminating", Phase.ENDING),
        (pod("a", status={"phase": "Failed", "reason": "Evicted"}), "Evicted", Phase.FAILING),
        (pod("a", status={"phase": "Succeeded"}), "Succeeded", Phase.ENDED),
        (pod("a", status={"phase": "Unknown"}), "Unknown", Phase.LOST),
        (with_inits(DONE, {"running": {}}), "Init:1/2", Phase.STARTING),
        (with_inits(ENDED), "Init:Error", Phase.FAILING),
        (with_inits(SIGNALLED), "Init:Signal:9", Phase.FAILING),
        (with_inits(waiting("ImagePullBackOff")), "Init:ImagePullBackOff", Phase.FAILING),
        (with_inits(waiting("PodInitializing")), "Init:0/2", Phase.STARTING),
    ],
)
def test_the_word_for_a_pod(answer: dict[str, Any], status: str, phase: Phase) -> None:
    one = Pod.from_answer(answer)
    assert (one.status, one.phase) == (status, phase)


def test_a_pod_of_which_one_container_has_ended_well_runs_on() -> None:
    two = pod("a")
    two["status"]["containerStatuses"].insert(0, {"name": "once", "ready": False, "state": DONE})
    assert Pod.from_answer(two).status == "Running"
    two["status"]["conditions"][0]["status"] = "False"
    assert Pod.from_answer(two).status == "NotReady"


def test_a_lost_node_is_not_called_terminating() -> None:
    lost = pod("a", deletionTimestamp="2026-12-01T10:00:00Z")
    lost["status"]["reason"] = "NodeLost"
    assert Pod.from_answer(lost).status == "Unknown"


def test_why_it_waits_is_told_by_the_scheduler_or_by_the_kubelet() -> None:
    assert Pod.from_answer(unplaced("a", message=FULL)).message == FULL
    pulled = pod("a", ready=False, state=waiting("ErrImagePull", "no such image"))
    assert Pod.from_answer(pulled).message == "no such image"
    full = pod("a", status={"phase": "Failed", "message": "disk is full"})
    assert Pod.from_answer(full).message == "disk is full"


def test_how_it_ended_before_is_kept() -> None:
    last = {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
    one = Pod.from_answer(pod("a", restarts=2, last=last))
    assert (one.restarts, one.last_end) == (2, "OOMKilled, exit code 137")


def test_the_end_of_a_name_tells_pods_of_one_owner_apart() -> None:
    assert Pod.from_answer(pod("web-5d9c-x4k2p", "web-5d9c")).short_name == "x4k2p"
    assert Pod.from_answer(pod("my-own", "")).short_name == "my-own"
