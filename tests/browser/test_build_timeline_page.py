"""The timeline of a build in a real page: live while a cell builds, then there to look into."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from helpers.engine.connection.client import find_client
from helpers.engine.supply import ImageSupply
from tests.browser.lesson_page import LessonPage, OpenCells
from tests.engine.conftest import BUSYBOX

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=document.title='hacked'>"
SETUP = f'''\
import time
from helpers import build_timeline, connect

docker = connect()
STAMP = str(time.time())
TEXT = f"""\\
FROM {BUSYBOX} AS tool
RUN echo {{STAMP}} "{EVIL}"; seq 300; sleep 3; echo tool > /tool

FROM {BUSYBOX}
RUN echo {{STAMP}}; sleep 4; echo made > /made
COPY --from=tool /tool /tool
"""
BROKEN = TEXT.replace("COPY --from=tool /tool", "RUN echo at last; exit 3 #")'''
BUILD = 'report = docker.build("-", stdin=TEXT, tag="wbt-timeline")\nreport'
AGAIN = 'again = docker.build("-", stdin=TEXT, tag="wbt-timeline")\nbuild_timeline(report, again)'
FAIL = 'docker.build("-", stdin=BROKEN, tag="wbt-timeline")'
CELLS = (SETUP, BUILD, AGAIN, FAIL)


@pytest.fixture(autouse=True)
def cleaned_up() -> Iterator[None]:
    """The base is there; what the cells built is removed."""
    client, _ = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    yield
    for image in client.images.list(name="wbt-timeline"):
        client.images.remove(image.id, force=True)
    client.close()


@pytest.fixture
def page(open_cells: OpenCells) -> LessonPage:
    """A page with a title and the cells above; the first one has run."""
    page = open_cells("builds", CELLS, end="That is all.")
    page.run_cell(1)
    return page


def begin(page: LessonPage, cell: int) -> Locator:
    """Starts that cell, and gives the first timeline below it as soon as it is there."""
    page.cells.nth(cell).click(position={"x": 4, "y": 4})
    page.page.keyboard.press("Shift+Enter")
    view = page.cells.nth(cell).locator(".wb-b").first
    expect(view).to_be_visible(timeout=30_000)
    return view


def step(view: Locator, text: str) -> Locator:
    """The row of the step with that text in its instruction."""
    return view.locator(".wb-b-step", has_text=re.compile(text)).first


def test_it_is_live_while_the_cell_builds_and_opens_what_failed(page: LessonPage) -> None:
    view = begin(page, 2)
    tool, made = step(view, "seq 300"), step(view, "echo made")
    for row in (tool, made):
        expect(row).to_have_attribute("data-status", "running", timeout=30_000)
    assert page.cells.nth(2).locator(".jp-InputPrompt").first.inner_text() == "[*]:"
    first = view.locator(".wb-b-line").inner_text()
    expect(view.locator(".wb-b-line")).not_to_have_text(first)
    tool.click()
    log = view.locator(".wb-b-log")
    expect(log).to_contain_text("300")
    assert page.page.title() != "hacked"
    page.screenshot("live")
    expect(view).to_have_attribute("data-state", "done", timeout=60_000)
    expect(view.locator(".wb-b-line")).to_contain_text("Built in")
    expect(tool).to_have_attribute("data-status", "done")
    boxes = [row.locator(".wb-b-bar").bounding_box() for row in (tool, made)]
    assert all(boxes)
    (one, other) = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert max(one[0], other[0]) < min(one[1], other[1]), "the bars of both stages overlap"
    page.look("done")
    page.run_cell(4)
    view = page.cells.nth(4).locator(".wb-b").first
    expect(view).to_have_attribute("data-state", "failed")
    expect(view.locator(".wb-b-panel")).to_be_visible()
    expect(view.locator(".wb-b-log")).to_contain_text("at last")
    expect(view.locator(".wb-b-here code")).to_contain_text("exit 3")
    view.scroll_into_view_if_needed()
    page.look("failed")


def test_two_builds_the_keyboard_and_a_narrow_page(page: LessonPage) -> None:
    view = begin(page, 2)
    expect(view).to_have_attribute("data-state", "done", timeout=60_000)
    page.wait_until_idle()
    steps = view.locator(".wb-b-steps")
    steps.focus()
    for key in ("ArrowDown", "ArrowDown"):
        page.page.keyboard.press(key)
    expect(view.locator(".wb-b-step[aria-selected=true]")).to_have_count(1)
    expect(view.locator(".wb-b-panel")).to_be_hidden()
    page.page.keyboard.press("Enter")
    expect(view.locator(".wb-b-panel")).to_be_visible()
    expect(steps).to_be_focused()
    view.locator(".wb-b-log").focus()
    page.page.keyboard.press("Escape")
    expect(view.locator(".wb-b-panel")).to_be_hidden()
    expect(steps).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(steps).not_to_be_focused()
    page.run_cell(3)
    both = page.cells.nth(3).locator(".wb-b").last
    expect(both.locator(".wb-b-build")).to_have_count(2)
    ticks = [both.locator(".wb-b-axis").nth(at).inner_text() for at in (0, 1)]
    assert ticks[0] == ticks[1]
    cached = step(both.locator(".wb-b-build").nth(1), "echo made")
    expect(cached).to_have_attribute("data-status", "cached")
    expect(cached).to_have_attribute("aria-label", re.compile("from the cache"))
    expect(cached.locator(".wb-b-note")).to_have_text("cached")
    page.look("two")
    page.page.set_viewport_size({"width": 620, "height": 900})
    wide = view.bounding_box()
    assert wide is not None
    assert view.evaluate("view => view.scrollWidth <= view.clientWidth")
    page.screenshot("narrow")
