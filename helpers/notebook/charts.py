"""Measured values as charts: `seconds_chart`, `bar_chart` and `line_chart`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.model.text.units import format_seconds
from helpers.views.kit.bars import Bars
from helpers.views.kit.line_chart import LineChart

if TYPE_CHECKING:
    import pandas


def seconds_chart(seconds: Mapping[str, float], title: str) -> Bars:
    """One bar for each label."""
    return Bars(dict(seconds), title, format_seconds)


def bar_chart(values: Mapping[str, float], title: str, unit: str) -> Bars:
    """One bar for each label, its value with the unit: from a hundred on whole, else 3 figures."""

    def shown(value: float) -> str:
        return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"

    return Bars(dict(values), title, shown)


def line_chart(frame: pandas.DataFrame, title: str, unit: str = "") -> LineChart:
    """One line for each column of the table, over its index in seconds."""
    return LineChart(frame, title, unit)
