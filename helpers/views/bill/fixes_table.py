"""Known fixes as a table: what is installed, what mends it, and which CVEs that closes."""

from __future__ import annotations

from helpers.model.bill.fixes import Fix, KnownFixes
from helpers.model.text.units import counted
from helpers.views.bill.bill_table import with_notes
from helpers.views.kit.page import Page, Paged, table

_HEADERS = ("source", "packages", "installed", "mended in", "CVE numbers in its changelog")
_SHOWN_CVES = 6
_SHOWN_PACKAGES = 4


class FixesTable(Paged):
    """The fixes that an image lacks, to look at; `fixes` has every one."""

    def __init__(self, known: KnownFixes) -> None:
        self.known = known

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """One for each source package that has a newer version."""
        return self.known.fixes

    @property
    def cves(self) -> tuple[str, ...]:
        """The CVE numbers of all of them."""
        return self.known.cves

    def page(self) -> Page:
        """The table, and below it what it does not know."""
        known = self.known
        notes = [known.note] if known.note else []
        rows = [_row(fix) for fix in known.fixes]
        if not rows:
            return with_notes(Page("", ""), [_caption(known), *notes, *known.not_known])
        return with_notes(table(_HEADERS, rows, _caption(known)), [*notes, *known.not_known])


def _caption(known: KnownFixes) -> str:
    date = f" of {known.date:%-d %B %Y}" if known.date else ""
    behind = sum(len(fix.installed) for fix in known.fixes)
    return (
        f"{known.image}: {behind} of {counted(known.compared, 'Debian package')} "
        f"{'has' if behind == 1 else 'have'} a newer version in {known.suite}{date}; "
        f"{counted(len(known.fixes), 'source')}, {counted(len(known.cves), 'CVE number')}"
    )


def _row(fix: Fix) -> tuple[str, ...]:
    names = [each.name for each in fix.installed]
    cves = list(fix.cves or ())
    closes = _shortened(cves, _SHOWN_CVES) if cves else "it names none"
    return (
        fix.source,
        _shortened(names, _SHOWN_PACKAGES),
        fix.installed[0].version,
        fix.newer[0].version,
        closes if fix.cves is not None else f"not read: {fix.why_no_cves}",
    )


def _shortened(names: list[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
