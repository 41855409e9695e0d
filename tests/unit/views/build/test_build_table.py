"""Builds beside each other, as a table and a chart."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import build_table
from tests.unit.built_reports import AGAIN, DONE, EVIL


def test_a_row_tells_seconds_cache_size_and_layers() -> None:
    lines = repr(build_table({"first": DONE, "again": AGAIN})).splitlines()
    assert lines[0].split("  ")[-1].strip() == "image"
    assert lines[1].split() == ["first", "4.00", "s", "1", "of", "7", "136", "MB", "in", "7",
                                "layers"]  # fmt: skip
    assert "6 of 7" in lines[2]


def test_labels_are_text() -> None:
    table = build_table({EVIL: DONE, "$x^2$ \\frac": AGAIN})
    assert "<img" not in table.page().html
    assert table.picture().startswith(b"\x89PNG")


def test_the_chart_stands_above_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    build_table({"first": DONE})._ipython_display_()
    build_table({})._ipython_display_()
    assert [sorted(data) for data in shown] == [
        ["image/png"],
        ["text/html", "text/plain"],
        ["text/html", "text/plain"],
    ]
