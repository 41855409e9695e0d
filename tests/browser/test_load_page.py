"""A load in a real page: its strokes and numbers as they come, the button, and texts of others."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lesson_page import LessonPage, OpenCells
from tests.unit import planned_server
from tests.unit.planned_server import PlannedServer

pytestmark = pytest.mark.browser

HTML = "<img src=x onerror=document.title=1>"
PLAN = (*["1"] * 30, *["HTTP 503"] * 8, *["reset"] * 2, *["2"] * 20, HTML)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlannedServer]:
    """Version 1, a gap, version 2, and one with an odd name; then again."""
    monkeypatch.setitem(planned_server.ENTRIES, HTML, planned_server.answer(HTML))
    with PlannedServer(PLAN) as server:
        yield server


@pytest.fixture
def page(open_cells: OpenCells, server: PlannedServer) -> LessonPage:
    """A page that asks it fifty times a second, and one that looks afterwards."""
    cells = (
        f'from helpers import requests\n\nload = requests("{server.url}", per_second=50)',
        "load.stop(), load.answers, load.failures\nload.sent",
        "load",
    )
    return open_cells("load", cells)


def strokes(view: Locator, kind: str) -> int:
    """How many strokes of that kind are drawn."""
    paths = view.locator(f".wb-strokes path[data-kind={kind}]").all()
    return sum((path.get_attribute("d") or "").count("M") for path in paths)


def test_a_load_is_drawn_as_it_runs_and_stopped_by_its_button(
    page: LessonPage, server: PlannedServer
) -> None:
    page.run_cell(1)
    view = page.cells.nth(1).locator(".wb-load")
    expect(view).to_have_count(1)
    expect(view.locator(".wb-load-contact")).to_have_text("● live")
    rows = view.locator("tbody tr")
    expect(rows.filter(has_text="version 2")).to_have_count(1, timeout=20_000)
    expect(rows.filter(has_text="failed: HTTP 503")).to_contain_text("said that it cannot")
    expect(rows.filter(has_text=HTML)).to_have_count(1, timeout=20_000)
    page.look("running")
    view.get_by_role("button", name="Stop").click()
    over = view.locator(".wb-load-state")
    expect(over).to_contain_text("Over: stopped in the page.", timeout=20_000)
    expect(view.get_by_role("button")).to_have_count(0)
    assert view.locator("img").count() == 0

    whole, failed = sum(server.counts.values()), server.counts["HTTP 503"] + server.counts["reset"]
    answered = whole - failed
    counts = f"{whole} requests: {answered} answered, {failed} failed."
    expect(over).to_have_text(f"{counts} Over: stopped in the page.")
    if whole <= 320:
        assert (strokes(view, "answer"), strokes(view, "failure")) == (answered, failed)
    picture = view.get_by_role("img")
    expect(picture).to_have_attribute("aria-label", re.compile(re.escape(counts)))
    page.run_cell(2)
    expect(page.cells.nth(2)).to_contain_text(str(whole))
    page.run_cell(3)
    expect(page.cells.nth(3).locator(".wb-load")).to_have_count(1)
    page.screenshot("stopped")
