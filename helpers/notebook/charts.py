"""`seconds_chart({"label": seconds})`: measured times beside each other."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.model.units import format_seconds
from helpers.views.bars import Bars


def seconds_chart(seconds: Mapping[str, float], title: str) -> Bars:
    """One bar for each label."""
    return Bars(dict(seconds), title, format_seconds)
