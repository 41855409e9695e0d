"""An update and a bad one on three nodes, as Docker Engine 26.1.5 told of them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import Rollout, rollout_from
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Task

RECORD = Path(__file__).resolve().parents[1] / "recorded/swarm/docker-26.1.5.json"


@cache
def recorded(what: str) -> dict[str, Any]:
    """The nodes, and the frames: what was answered each time that it was news."""
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))[what]
    return record


@cache
def rollouts(what: str) -> list[Rollout]:
    """The rollouts of `update` or `rollback`, one after the other."""
    record = recorded(what)
    nodes = [Node.from_answer(each) for each in record["nodes"]]
    every: list[Rollout] = []
    for frame in record["frames"]:
        service = Service.from_answer(frame["service"])
        tasks = [Task.from_answer(each) for each in frame["tasks"]]
        known = every[-1].versions if every else ()
        every.append(rollout_from("web", service, nodes, tasks, frame["now"], known))
    return every
