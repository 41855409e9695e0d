"""The word under STATUS in `kubectl get pods`.

Source: Kubernetes 1.20, pkg/printers/internalversion/printers.go, printPod.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.model.text.answer_parts import (
    count_in,
    flag_in,
    part_of,
    tables_of,
    text_in,
)


def pod_status(pod: Mapping[str, Any]) -> str:
    """'Running', 'ContainerCreating', 'CrashLoopBackOff', 'Terminating' and the like."""
    status = part_of(pod, "status")
    is_lost = text_in(status, "reason") == "NodeLost"
    if text_in(pod, "metadata", "deletionTimestamp"):
        return "Unknown" if is_lost else "Terminating"
    reason = text_in(status, "reason") or text_in(status, "phase")
    return _before_start(pod) or _of_containers(status, reason)


def is_ready(pod: Mapping[str, Any]) -> bool:
    """Whether its condition Ready is true."""
    conditions = tables_of(pod, "status", "conditions")
    return any(
        text_in(each, "type") == "Ready" and text_in(each, "status") == "True"
        for each in conditions
    )


def end_of(state: Mapping[str, Any]) -> str:
    """What a terminated state is called: its reason, else its signal or exit code."""
    if reason := text_in(state, "reason"):
        return reason
    if signal := count_in(state, "signal"):
        return f"Signal:{signal}"
    return f"ExitCode:{count_in(state, 'exitCode')}"


def _before_start(pod: Mapping[str, Any]) -> str:
    """What the first init container that is not done is at; '' where all are."""
    count = len(tables_of(pod, "spec", "initContainers"))
    for at, each in enumerate(tables_of(pod, "status", "initContainerStatuses")):
        ended = part_of(each, "state").get("terminated")
        if isinstance(ended, Mapping):
            if count_in(ended, "exitCode") == 0:
                continue
            return f"Init:{end_of(ended)}"
        waiting = text_in(each, "state", "waiting", "reason")
        is_usual = waiting in ("", "PodInitializing")
        return f"Init:{at}/{count}" if is_usual else f"Init:{waiting}"
    return ""


def _of_containers(status: Mapping[str, Any], reason: str) -> str:
    has_running = False
    for each in reversed(tables_of(status, "containerStatuses")):
        state = part_of(each, "state")
        ended = state.get("terminated")
        if waiting := text_in(state, "waiting", "reason"):
            reason = waiting
        elif isinstance(ended, Mapping):
            reason = end_of(ended)
        elif flag_in(each, "ready") and isinstance(state.get("running"), Mapping):
            has_running = True
    if reason == "Completed" and has_running:
        return "Running" if is_ready({"status": status}) else "NotReady"
    return reason
