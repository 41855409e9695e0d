"""A cluster started program by program, updated, and broken, as Kubernetes 1.20.2 told of it.

`kubectl` holds the columns NAME to RESTARTS of `kubectl get pods`, the same before and after the
objects were asked for. Of these only what is read was kept.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from helpers.model.kubernetes.programs import PROGRAMS
from helpers.model.kubernetes.state import ClusterState, state_from

RECORD = Path(__file__).resolve().parents[1] / "recorded/kubernetes/kubernetes-1.20.2.json"


@cache
def frames() -> list[dict[str, Any]]:
    """The frames, in the order in which they were told."""
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return list(record["frames"])


def state_of(frame: dict[str, Any]) -> ClusterState:
    """The state that the frame comes to."""
    programs = {name: name in frame["programs"] for name in PROGRAMS}
    return state_from(frame["objects"], programs, frame["containers"])


def at(step: str) -> ClusterState:
    """The last state of that step."""
    return [state_of(frame) for frame in frames() if frame["step"] == step][-1]
