"""`build_table({"label": report})`: builds beside each other, as a table and a chart."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.model.build.report import BuildReport
from helpers.views.build.build_table import BuildTable


def build_table(builds: Mapping[str, BuildReport]) -> BuildTable:
    """One row for each build: its seconds, steps from the cache, and the image it made."""
    return BuildTable(builds)
