from __future__ import annotations

import json

import pytest

from helpers.doctor.check import Check, Status, is_ready, to_json


def row(status: Status) -> Check:
    return Check("ports", "Ports", status, "Busy: 4000.", "End what listens there.")


@pytest.mark.parametrize(
    ("statuses", "ready"),
    [
        (("ok", "ok"), True),
        (("ok", "warning"), True),
        (("ok", "problem"), False),
        (("problem", "warning"), False),
        ((), False),
    ],
)
def test_only_a_problem_or_nothing_at_all_keeps_lessons_from_running(
    statuses: tuple[Status, ...], ready: bool
) -> None:
    assert is_ready([row(status) for status in statuses]) is ready


def test_json_holds_every_field_and_what_is_given_beside() -> None:
    content = json.loads(to_json([row("problem")], features=["äöü"]))
    assert content == {
        "ready": False,
        "checks": [
            {
                "name": "ports",
                "title": "Ports",
                "status": "problem",
                "observed": "Busy: 4000.",
                "next_step": "End what listens there.",
            }
        ],
        "features": ["äöü"],
    }
