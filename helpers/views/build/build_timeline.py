"""The timeline of a build: which steps, when, how long, from the cache or not, and why."""

from __future__ import annotations

from typing import Any

from helpers.model.build.report import BuildReport
from helpers.views.build import picture as build_picture
from helpers.views.build.caption import build_page
from helpers.views.build.content import build_content
from helpers.views.build.words import WORDS, compared
from helpers.views.kit.live import LiveView
from helpers.views.kit.page import Page

LABELS = ("Before: ", "After: ")


class BuildTimeline(LiveView):
    """One build, or two above each other on the same scale; the last one may still run."""

    script = "build_timeline.js"
    picture_width = 860

    def __init__(self, *reports: BuildReport) -> None:
        super().__init__()
        self.reports = reports

    def show(self, report: BuildReport) -> None:
        """From now on it shows that build; may be called from any thread."""
        self.reports = (report,)
        self.refresh()

    def text(self) -> str:
        """The outcome, the first miss, and each step with its status."""
        return "\n\n".join([*(page.text for page in self._pages()), *self._compared()])

    def caption(self) -> str:
        """The same as HTML."""
        comparison = "".join(f"<p>{line}</p>" for line in self._compared())
        return "".join(page.html for page in self._pages()) + comparison

    def picture(self) -> bytes:
        """A bar for each step on a scale of seconds, one build below the other, as PNG."""
        return build_picture.png(self.reports, self._labels())

    def content(self) -> dict[str, Any]:
        """The builds, and the words of build_timeline.js."""
        return {
            "builds": [
                build_content(report, label.strip(": "))
                for report, label in zip(self.reports, self._labels(), strict=True)
            ],
            "compared": " ".join(self._compared()),
            "words": WORDS,
        }

    def _pages(self) -> list[Page]:
        return [
            build_page(report, label)
            for report, label in zip(self.reports, self._labels(), strict=True)
        ]

    def _labels(self) -> tuple[str, ...]:
        return LABELS if len(self.reports) == 2 else ("",) * len(self.reports)

    def _compared(self) -> list[str]:
        return [compared(*self.reports)] if len(self.reports) == 2 else []
