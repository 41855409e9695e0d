"""The live usage in JupyterLab: it moves, also while a cell runs, is told by keyboard, and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from helpers.engine.connection.client import find_client
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.supply import ImageSupply
from tests.browser.lesson_page import LessonPage, OpenCells
from tests.engine.conftest import BUSYBOX

pytestmark = pytest.mark.browser

NAMES = ("wbu-busy", "wbu-calm")
HTML = "<img src=x onerror=document.title='hacked'>"
FEEDS = "import threading; [t.name for t in threading.enumerate() if t.name == 'usage feed']"
MANY = f'''\
import math, time
from helpers.model.usage.usage import Tick, Usage
from helpers.views.usage.live_usage import UsageView

class Quiet:
    def start(self, on_tick): pass
    def stop(self): pass

names = {{str(n): f"box-{{n}}" for n in range(49)}} | {{"evil": "{HTML}"}}
fleet = UsageView(Quiet(), names)
now = time.time()
for k in range(120):
    cpus = {{key: 50 + 50 * math.sin(k / 9 + n) for n, key in enumerate(names)}}
    usages = {{key: Usage(now - 60 + k / 2, cpu_percent=cpu, memory_bytes=2**24, pids=3)
              for key, cpu in cpus.items()}}
    fleet.take(Tick(now - 60 + k / 2, usages, names, dict.fromkeys(names, "running")))
fleet'''
CELLS = (
    "from helpers import connect, live_usage\n\n"
    f"boxes = [connect().container(name) for name in {NAMES!r}]",
    "view = live_usage(boxes)\nview",
    "import time\n\nboxes[1].pause()\ntime.sleep(5)",
    FEEDS,
    MANY,
    "while True:\n    time.sleep(0.1)",
)


@pytest.fixture
def boxes() -> Iterator[list[Container]]:
    """One container that burns what it may, and one that sleeps."""
    client, endpoint = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    docker = Docker(client, endpoint, "tests")
    docker.clean_up()
    yield [
        docker.run(
            BUSYBOX, ["sh", "-c", "while :; do :; done"], name=NAMES[0],
            cpus=0.2, memory="16m", pids_limit=10,
        ),
        docker.run(BUSYBOX, "sleep 600", name=NAMES[1]),
    ]  # fmt: skip
    docker.clean_up()
    client.close()


@pytest.fixture
def page(open_cells: OpenCells) -> LessonPage:
    """A page with a title and the cells above."""
    return open_cells("usage", CELLS, end="That is all.")


def view_of(page: LessonPage, cell: int) -> Locator:
    """The usage below that cell."""
    view = page.cells.nth(cell).locator(".wb-u")
    expect(view).to_be_visible(timeout=20_000)
    return view


def row_of(view: Locator, name: str) -> Locator:
    return view.locator("tbody tr").filter(has=view.page.get_by_title(name, exact=True))


def started(page: LessonPage) -> Locator:
    page.run_cell(1)
    page.run_cell(2)
    view = view_of(page, 2)
    expect(view).to_have_attribute("data-contact", "live", timeout=20_000)
    return view


def test_it_shows_numbers_limits_states_and_events(
    page: LessonPage, boxes: list[Container]
) -> None:
    view = started(page)
    expect(view.locator(".wb-u-contact")).to_contain_text("readings a second")
    busy = row_of(view, NAMES[0])
    expect(busy.locator("td").nth(1)).to_contain_text(re.compile(r"\d %.* / 20 %"))
    expect(busy.locator("td").nth(2)).to_contain_text("/ 16 MiB")
    expect(busy.locator("td").nth(5)).to_have_text("1 / 10")
    chart = view.locator(".wb-u-cpu canvas")
    expect(chart).to_have_attribute("aria-label", re.compile(f"CPU: {NAMES[0]} [\\d.]+ %"))
    boxes[1].pause()
    expect(row_of(view, NAMES[1]).locator("td").first).to_have_text("paused")
    expect(view.locator(".wb-u-events li").first).to_contain_text("‖ pause")
    boxes[0].kill()
    expect(row_of(view, NAMES[0]).locator("td").first).to_have_text("exited")
    expect(row_of(view, NAMES[0]).locator("td").nth(2)).to_have_text("n/a")
    expect(view.locator(".wb-u-events li").first).to_contain_text("die 137")
    view.scroll_into_view_if_needed()
    page.look("usage")
    for box in boxes:
        box.remove(force=True)
    expect(view).to_have_attribute("data-contact", "ended")
    expect(view.locator(".wb-u-contact")).to_contain_text("all of them were removed")


def test_it_moves_while_a_cell_runs_and_stands_still_when_paused(
    page: LessonPage, boxes: list[Container]
) -> None:
    view = started(page)
    page.cells.nth(3).click(position={"x": 4, "y": 4})
    page.page.keyboard.press("Shift+Enter")
    expect(row_of(view, NAMES[1]).locator("td").first).to_have_text("paused")
    assert page.cells.nth(3).locator(".jp-InputPrompt").first.inner_text() == "[*]:"
    page.wait_until_idle()
    view.get_by_text("Pause", exact=False).first.click()
    expect(view.locator(".wb-u-contact")).to_contain_text("stands still")
    view.get_by_text("Go on", exact=False).click()
    expect(view).to_have_attribute("data-contact", "live")


def test_it_ends_with_its_output_and_with_an_interrupt(
    page: LessonPage, boxes: list[Container]
) -> None:
    started(page)
    page.run_cell(4)
    feeds = page.cells.nth(4).locator(".jp-OutputArea-output pre")
    expect(feeds).to_have_text("['usage feed']")
    page.menu("Edit", "Clear Outputs of All Cells")
    page.run_cell(4)
    expect(feeds).to_have_text("[]")
    page.run_cell(2)
    view = view_of(page, 2)
    expect(view).to_have_attribute("data-contact", "live", timeout=20_000)
    page.menu("Kernel", "Interrupt Kernel")
    expect(view.locator(".wb-u-contact")).to_contain_text("the kernel was interrupted")
    page.run_cell(2)
    expect(view).to_have_attribute("data-contact", "live", timeout=20_000)
    page.run_cell(3)
    page.cells.nth(6).click(position={"x": 4, "y": 4})
    page.page.keyboard.press("Shift+Enter")
    expect(page.cells.nth(6).locator(".jp-InputPrompt").first).to_have_text("[*]:")
    page.menu("Kernel", "Interrupt Kernel")
    expect(view_of(page, 2).locator(".wb-u-contact")).to_contain_text("was interrupted")
    page.run_cell(4)
    expect(feeds).to_have_text("[]")


def test_fifty_are_sorted_searched_and_highlighted_by_keyboard_and_names_are_text(
    page: LessonPage,
) -> None:
    page.run_cell(5)
    view = view_of(page, 5)
    expect(view).to_have_attribute("data-members", "50")
    expect(view.locator("tr.wb-u-chosen")).to_have_count(3)
    page.page.mouse.move(0, 0)
    view.get_by_role("button", name="container").click()
    first = view.locator("tbody tr").first.locator(".wb-u-label")
    expect(first).to_have_text(HTML)
    assert view.locator("img").count() == 0
    assert page.page.title() != "hacked"
    expect(view.locator("th[aria-sort=ascending]")).to_contain_text("container")
    button = view.locator("tbody button").first
    button.focus()
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    expect(row_of(view, "box-0")).to_have_class(re.compile("wb-u-chosen"))
    expect(view.locator("tr.wb-u-chosen")).to_have_count(4)
    view.locator("input[type=search]").fill("box-4")
    expect(view.locator("tbody tr")).to_have_count(10)
    view.locator(".wb-u-charts").focus()
    page.page.keyboard.press("ArrowLeft")
    expect(view.locator(".wb-u-read")).to_contain_text("s ago")
    page.page.keyboard.press("Escape")
    expect(view.locator(".wb-u-read")).to_be_hidden()
    page.look("fifty")
