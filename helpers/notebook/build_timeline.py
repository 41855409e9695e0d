"""`build_timeline(report)`: the steps of a build; and the same, live, below a cell that builds."""

from __future__ import annotations

import base64
from typing import Any

from helpers.model.build.report import BuildReport
from helpers.views.build.build_timeline import BuildTimeline
from helpers.views.build.words import command_of
from helpers.views.kit.mode import is_in_notebook, is_live
from helpers.views.kit.widget_host import WIDGET_MIME


def build_timeline(report: BuildReport, other: BuildReport | None = None) -> BuildTimeline:
    """The steps of a build on a scale of seconds; with `other`, a later one below it."""
    return BuildTimeline(report) if other is None else BuildTimeline(report, other)


class BuildDisplay:
    """Called with each report of a build that grows; shows its timeline below the running cell.

    Its plain text is the command alone, since that is known from the first moment to the last,
    and the same in every run: the outcome is the result of the cell.
    """

    def __init__(self) -> None:
        self._view: BuildTimeline | None = None

    def __call__(self, report: BuildReport) -> None:
        """Shows how far it is; a report that is earlier than the last begins the next one."""
        if not is_in_notebook():
            return
        if self._view is None or report.seconds < self._view.reports[0].seconds:
            self._view = BuildTimeline(report)
            if is_live():
                self._display({WIDGET_MIME: self._view.open()}, report)
        self._view.show(report)
        if report.is_over:
            if not is_live():
                self._still(self._view, report)
            self._view = None

    def _still(self, view: BuildTimeline, report: BuildReport) -> None:
        picture = base64.b64encode(view.picture()).decode()
        shape = {"alt": view.text(), "width": view.picture_width}
        self._display({"image/png": picture}, report, {"image/png": shape})

    def _display(
        self, data: dict[str, Any], report: BuildReport, metadata: dict[str, Any] | None = None
    ) -> None:
        from IPython.display import display

        bundle = {**data, "text/plain": command_of(report)}
        display(bundle, raw=True, metadata=metadata or {})
