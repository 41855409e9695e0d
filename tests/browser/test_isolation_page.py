"""Two containers' walls in a real page: lamps by mouse and keyboard, and for those who hear."""

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

PLAIN, BARE = "wbt-plain", "wbt-bare"
HTML = "<img src=x onerror=document.title='hacked'>"
CELLS = (
    f'from helpers import connect, isolation\n\nengine = connect()\n"{PLAIN}"',
    f'isolation("{PLAIN}", "{BARE}")',
    f'''\
from helpers.model.isolation.trial import Outcome, Trial
from helpers.model.isolation.walls import Host, SideBySide, Walls
from helpers.views.isolation.isolation import IsolationView


class Nothing:
    start = stop = lambda *_: None


evil = Walls("{HTML}", troubles={{"status": "{HTML}"}})
IsolationView(
    SideBySide(evil, evil, Host()), Nothing(), lambda cap, *_: Trial(cap, Outcome.REFUSED, "{HTML}")
)''',
)


@pytest.fixture
def boxes() -> Iterator[tuple[Container, Container]]:
    """One container without options, and one from which all is taken."""
    client, endpoint = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    docker = Docker(client, endpoint, "tests")
    docker.clean_up()
    plain = docker.run(BUSYBOX, "sleep 600", name=PLAIN)
    bare = docker.run(
        BUSYBOX,
        "sleep 600",
        name=BARE,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        read_only=True,
    )
    yield plain, bare
    docker.clean_up()
    client.close()


@pytest.fixture
def page(open_cells: OpenCells) -> LessonPage:
    """A page with a title and the cells above."""
    return open_cells("walls", CELLS)


def view_of(page: LessonPage, cell: int) -> Locator:
    """The walls below that cell."""
    view = page.cells.nth(cell).locator(".wb-iso")
    expect(view).to_be_visible(timeout=30_000)
    return view


def shown_walls(page: LessonPage) -> Locator:
    """The walls of the two containers, drawn anew."""
    page.run_cell(1)
    page.run_cell(2)
    return view_of(page, 2)


def lamp(view: Locator, side: int, cap: str) -> Locator:
    return view.locator(".wb-iso-side").nth(side).locator(f"[data-cap={cap}]")


def test_walls_are_shown_and_lamps_are_tried(
    page: LessonPage, boxes: tuple[Container, Container]
) -> None:
    view = shown_walls(page)
    expect(view.locator(".wb-iso-contact")).to_have_text("● live")
    expect(view.locator(".wb-iso-title").nth(1)).to_have_text(f"B {BARE}")
    expect(view.locator("[data-state=on]")).to_have_count(14)
    description = re.compile(rf"^pid \(.*\)\. {PLAIN}: its own; {BARE}: its own$")
    expect(view.locator("[data-kind=pid] svg[role=img]")).to_have_attribute(
        "aria-label", description
    )
    lamp(view, 0, "CAP_CHOWN").click()
    answer = view.locator(".wb-iso-answer")
    expect(answer).to_have_text(
        f"CAP_CHOWN in {PLAIN}: allowed. It ran in the container.", timeout=30_000
    )
    lamp(view, 1, "CAP_CHOWN").click()
    expect(answer).to_contain_text("chown: f: Operation not permitted", timeout=30_000)
    expect(lamp(view, 1, "CAP_CHOWN")).to_have_attribute("data-outcome", "refused")
    expect(lamp(view, 1, "CAP_CHOWN")).to_have_attribute(
        "aria-label", "CAP_CHOWN, off, refused: gives files to other owners and groups"
    )
    page.look("tried")


def test_lamps_are_reached_by_keyboard(
    page: LessonPage, boxes: tuple[Container, Container]
) -> None:
    view = shown_walls(page)
    first = lamp(view, 0, "CAP_CHOWN")
    first.focus()
    page.page.keyboard.press("ArrowRight")
    second = lamp(view, 0, "CAP_DAC_OVERRIDE")
    expect(second).to_be_focused()
    meaning = view.locator(".wb-iso-meaning").first
    expect(meaning).to_contain_text("CAP_DAC_OVERRIDE reads, writes and enters")
    page.page.keyboard.press("End")
    expect(lamp(view, 0, "CAP_CHECKPOINT_RESTORE")).to_be_focused()
    page.page.keyboard.press("Home")
    expect(first).to_be_focused()
    assert view.locator(".wb-iso-lamp[tabindex='0']").count() == 2, "one of each side by Tab"
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Tab")
    expect(lamp(view, 1, "CAP_CHOWN")).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(view.locator(".wb-iso-answer")).to_contain_text(
        f"CAP_CHOWN in {BARE}: refused", timeout=30_000
    )


def test_it_moves_when_a_container_ends_and_starts(
    page: LessonPage, boxes: tuple[Container, Container]
) -> None:
    view = shown_walls(page)
    expect(view.locator(".wb-iso-contact")).to_have_text("● live")
    boxes[0].kill()
    facts = view.locator(".wb-iso-side").first.locator(".wb-iso-facts li")
    expect(facts.first).to_contain_text("it is exited", timeout=30_000)
    boxes[0].start()
    expect(facts.first).to_contain_text("14 of", timeout=30_000)


def test_names_and_answers_are_text(page: LessonPage) -> None:
    page.run_cell(3)
    view = view_of(page, 3)
    expect(view.locator(".wb-iso-title").first).to_contain_text(HTML)
    lamp(view, 0, "CAP_KILL").click()
    expect(view.locator(".wb-iso-answer")).to_contain_text(HTML)
    assert view.locator("img").count() == 0
    assert page.page.title() != "hacked"
