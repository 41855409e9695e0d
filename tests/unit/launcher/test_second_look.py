"""Which failed tests run once more alone, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.launcher.second_look import MOST_TESTS, announcement, verdict, worth_repeating

PARTS = ("tests/engine", "tests/browser")
LATE = "tests/engine/test_run.py::test_it[a b]"


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        ([], []),
        ([LATE], [LATE]),
        ([LATE, "tests/browser/test_lessons.py::test_it"],) * 2,
        ([LATE, "tests/unit/test_names.py::test_it"], []),
        (["tests/engines/test_it.py::test_it"], []),
        ([f"{LATE}{number}" for number in range(MOST_TESTS + 1)], []),
    ],
)
def test_only_a_few_that_use_an_engine_run_again(
    tmp_path: Path, failed: list[str], again: list[str]
) -> None:
    file = tmp_path / "failures.json"
    file.write_text(json.dumps(failed), encoding="utf-8")
    assert worth_repeating(file, PARTS) == again


def test_a_run_that_wrote_nothing_has_failed(tmp_path: Path) -> None:
    assert worth_repeating(tmp_path / "none.json", PARTS) == []


def test_every_test_is_named_before_and_after() -> None:
    assert LATE in announcement([LATE])
    assert f"UNSTEADY {LATE}" in verdict([LATE], 0)
    assert "UNSTEADY" not in verdict([LATE], 1)
