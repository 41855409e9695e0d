"""A check of the doctor: what was looked at, what was found, and what to do if it is bad."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Status = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Check:
    """One row; a problem keeps the lessons from running, a warning does not.

    `observed` is a sentence. `next_step` is the one thing to do, empty where all is well.
    """

    name: str
    title: str
    status: Status
    observed: str
    next_step: str = ""


def is_ready(checks: Iterable[Check]) -> bool:
    """Whether lessons can run: something was checked, and nothing is a problem."""
    statuses = [check.status for check in checks]
    return bool(statuses) and "problem" not in statuses


def to_json(checks: Iterable[Check], **more: object) -> str:
    """The checks as JSON text, {"ready": …, "checks": [{name, title, …}]}, with `more` beside."""
    rows = list(checks)
    content = {"ready": is_ready(rows), "checks": [asdict(row) for row in rows], **more}
    return json.dumps(content, indent=2, ensure_ascii=False)
