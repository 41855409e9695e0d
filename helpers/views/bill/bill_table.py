"""A bill of materials as a table: how many packages each kind of database tells of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from helpers.model.bill.bill import BLIND, Bill
from helpers.model.bill.component import KINDS, Component, Kind
from helpers.model.text.units import counted
from helpers.views.bill.cyclonedx import cyclonedx_json
from helpers.views.kit.marked import marked_html
from helpers.views.kit.page import Page, Paged, table

_WORDS: dict[Kind, str] = {
    "deb": "Debian packages (dpkg)",
    "apk": "Alpine packages (apk)",
    "pypi": "Python packages",
    "npm": "npm packages",
}
_EXAMPLES = 4
_SHOWN_UNREAD = 5


class BillTable(Paged):
    """The bill of materials of an image to look at; `bill` has every package."""

    def __init__(self, bill: Bill) -> None:
        self.bill = bill

    def page(self) -> Page:
        """The kinds with their numbers, and what was not read."""
        bill = self.bill
        system = f" ({bill.os.title})" if bill.os.title else ""
        rows = [_row(_WORDS[kind], bill.of_kind(kind)) for kind in KINDS if bill.of_kind(kind)]
        caption = f"{bill.image}{system}: {counted(len(bill.components), 'package')}"
        shown = table(("read from the image's own databases", "", "among them"), rows, caption)
        none = [] if bill.components else ["No package database that can be read is in it."]
        return with_notes(shown, [*none, *_shortened(bill.unread), BLIND])

    def packages(self, text: str = "") -> Page:
        """The packages with that text in their name, or all of them, one a row."""
        rows = [
            (each.name, each.version, each.kind, f"/{each.location}")
            for each in self.bill.with_name(text)
        ]
        return table(("package", "version", "kind", "told by"), rows)

    def to_cyclonedx(self, path: str | Path) -> Path:
        """The file that now holds the bill as a CycloneDX document (JSON), for other programs."""
        file = Path(path)
        file.write_text(cyclonedx_json(self.bill), encoding="utf-8")
        return file


def with_notes(page: Page, notes: Iterable[str]) -> Page:
    """The page with a sentence in each line below it."""
    lines = list(notes)
    html = "".join(f"<p>{marked_html(line)}</p>" for line in lines)
    return Page(page.html + html, "\n".join([*([page.text] if page.text else []), *lines]))


def _row(words: str, components: tuple[Component, ...]) -> tuple[str, str, str]:
    names = ", ".join(each.name for each in components[:_EXAMPLES])
    more = ", …" if len(components) > _EXAMPLES else ""
    return words, f"{len(components):,}", names + more


def _shortened(unread: tuple[str, ...]) -> list[str]:
    more = len(unread) - _SHOWN_UNREAD
    return [*unread[:_SHOWN_UNREAD], *([f"{more:,} more were not read."] if more > 0 else [])]
