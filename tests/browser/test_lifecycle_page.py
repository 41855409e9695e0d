"""The lifecycle in a real page: it moves with the container, by itself, and for everybody."""

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

NAME = "wbt-page"
HTML = "<img src=x onerror=document.title='hacked'>"
FEEDS = (
    "import threading; [t.name for t in threading.enumerate() if t.name.startswith('events of')]"
)
CELLS = (
    f'from helpers import connect, lifecycle\n\nbox = connect().container("{NAME}")',
    "view = lifecycle(box)\nview",
    "import time\n\nbox.pause()\ntime.sleep(4)",
    FEEDS,
    f'''\
from helpers.model.container.event import EngineEvent
from helpers.model.container.lifecycle import Life
from helpers.views.container.lifecycle import LifecycleView

evil = EngineEvent(1.0, "container", "rename", "{HTML}")
LifecycleView(Life("{HTML}").after(evil))''',
)


@pytest.fixture
def box() -> Iterator[Container]:
    """A container that was started and runs for long."""
    client, endpoint = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    docker = Docker(client, endpoint, "tests")
    docker.clean_up()
    yield docker.run(BUSYBOX, "sleep 600", name=NAME)
    docker.clean_up()
    client.close()


@pytest.fixture
def page(open_cells: OpenCells) -> LessonPage:
    """A page with a title and the cells above."""
    return open_cells("life", CELLS)


def view_of(page: LessonPage, cell: int) -> Locator:
    """The lifecycle below that cell."""
    view = page.cells.nth(cell).locator(".wb-life")
    expect(view).to_be_visible(timeout=20_000)
    return view


def expect_state(view: Locator, state: str) -> None:
    """The state in words, in the picture by its mark, and in the text for those who do not see."""
    expect(view).to_have_attribute("data-state", state)
    expect(view.locator(".wb-life-line")).to_contain_text(f"{NAME} is {state}")
    expect(view.locator(".wb-current .wb-name")).to_have_text(f"▶ {state}")
    description = re.compile(f"^Lifecycle of {NAME}: {NAME} is {state}.*→ {state}$")
    expect(view.locator("svg[role=img]")).to_have_attribute("aria-label", description)


def test_it_moves_with_the_container(page: LessonPage, box: Container) -> None:
    page.run_cell(1)
    page.run_cell(2)
    view = view_of(page, 2)
    expect_state(view, "running")
    expect(view.locator(".wb-life-contact")).to_have_text("● live")
    for act, state in (
        (box.pause, "paused"),
        (box.unpause, "running"),
        (box.kill, "exited"),
        (box.start, "running"),
    ):
        act()
        expect_state(view, state)
    expect(view.locator(".wb-life-path")).to_have_text(
        "Path: created → running → paused → running → exited → running"
    )
    page.look("running")
    box.remove(force=True)
    expect_state(view, "removed")
    expect(view.locator(".wb-life-contact")).to_contain_text("removed")
    expect(view.locator("li").last).to_contain_text("destroy")
    page.look("removed")


def test_it_moves_while_a_cell_runs(page: LessonPage, box: Container) -> None:
    page.run_cell(1)
    page.run_cell(2)
    view = view_of(page, 2)
    expect_state(view, "running")
    page.cells.nth(3).click(position={"x": 4, "y": 4})
    page.page.keyboard.press("Shift+Enter")
    expect_state(view, "paused")
    assert page.cells.nth(3).locator(".jp-InputPrompt").first.inner_text() == "[*]:"
    page.wait_until_idle()


def test_the_log_is_read_by_keyboard(page: LessonPage, box: Container) -> None:
    client, _ = find_client()
    for name in ("wbt-other", NAME) * 4:
        client.api.rename(box.id, name)
    client.close()
    page.run_cell(1)
    page.run_cell(2)
    log = view_of(page, 2).locator(".wb-life-log")
    active = page.notebook.locator(".jp-Cell.jp-mod-active")
    log.focus()
    before = log.evaluate("log => log.scrollTop"), active.count()
    assert before[0] > 0, "the log must be long enough to scroll, and stand at its end"
    page.page.keyboard.press("Home")
    expect(log).to_be_focused()
    page.page.wait_for_function("log => log.scrollTop === 0", arg=log.element_handle())
    assert log.get_attribute("aria-label")


def test_it_stops_when_its_output_is_gone(page: LessonPage, box: Container) -> None:
    page.run_cell(1)
    page.run_cell(2)
    view_of(page, 2)
    page.run_cell(4)
    feeds = page.cells.nth(4).locator(".jp-OutputArea-output pre")
    expect(feeds).to_have_text(f"['events of {box.id[:12]}']")
    page.menu("Edit", "Clear Outputs of All Cells")
    page.run_cell(4)
    expect(feeds).to_have_text("[]")
    page.run_cell(2)
    box.pause()
    expect_state(view_of(page, 2), "paused")


def test_names_are_text(page: LessonPage, box: Container) -> None:
    page.run_cell(5)
    view = view_of(page, 5)
    expect(view.locator(".wb-life-line")).to_contain_text(HTML)
    assert view.locator("img").count() == 0
    assert page.page.title() != "hacked"
