"""An audit as a table: what is broken first, with the option that mends it; what holds, counted."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.model.audit.finding import AuditFinding, Outcome
from helpers.model.audit.report import AuditReport
from helpers.views.kit.page import Page, Paged, table

_WORDS: dict[Outcome, str] = {
    "fails": "fails",
    "judge": "for you to judge",
    "unknown": "cannot be known",
    "not here": "not on this engine",
    "passes": "passes",
}
_SHOWN: tuple[Outcome, ...] = ("fails", "judge", "unknown", "not here")
_HEADERS = ("rule", "what it asks", "", "seen", "option of `docker run`")


class AuditTable(Paged):
    """The audit of containers to look at; `report` has every finding, those that pass too."""

    def __init__(self, report: AuditReport) -> None:
        self.report = report

    @property
    def failed(self) -> tuple[AuditFinding, ...]:
        """What is broken."""
        return self.report.failed

    def page(self) -> Page:
        """The table, as HTML and as text."""
        several = len(self.report.containers) > 1
        findings = [one for outcome in _SHOWN for one in self.report.with_outcome(outcome)]
        headers = ("container", *_HEADERS) if several else _HEADERS
        return table(headers, [_row(one, several) for one in findings], _caption(self.report))


def _row(finding: AuditFinding, several: bool) -> Sequence[str]:
    row = (finding.number, finding.asks, _WORDS[finding.outcome], finding.seen, finding.mend)
    return (finding.container, *row) if several else row


def _caption(report: AuditReport) -> str:
    """'web: 9 fail, 15 pass, 4 for you to judge …': each container's on its own."""
    return "; ".join(_counted(report.of(name), name) for name in report.containers)


def _counted(report: AuditReport, name: str) -> str:
    counts = report.counts
    words = {
        "fail": counts.get("fails", 0),
        "pass": counts.get("passes", 0),
        "for you to judge": counts.get("judge", 0),
        "cannot be known": counts.get("unknown", 0),
        "not on this engine": counts.get("not here", 0),
    }
    return f"{name}: " + ", ".join(f"{count} {word}" for word, count in words.items() if count)
