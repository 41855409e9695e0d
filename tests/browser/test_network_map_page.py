"""The map of networks in a real page: bands, lines, keys, and fifty containers at once."""

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

FRONT, BACK = "wbt-map-front", "wbt-map-back"
STREET, DESK, VAULT = "wbt-street", "wbt-desk", "wbt-vault"
SERVE = "httpd -f -p 8000 -h /etc"
HTML = "<img src=x onerror=document.title='hacked'>"
CELLS = (
    "from helpers import connect, network_map, reaches\n\nengine = connect()",
    f'network_map("{FRONT}", "{BACK}")',
    f'reaches("{STREET}", "{DESK}", 8000)',
    f'[reaches("{STREET}", "{DESK}", 81), reaches("{STREET}", "{VAULT}", 8000)]',
    f'''\
from helpers.model.network.attempt import Attempt, Outcome
from helpers.model.network.lookup import Lookup
from helpers.model.network.topology import Attachment, Network, Station, Topology
from helpers.views.network.network_map import NetworkMap


class Nothing:
    start = stop = lambda *_: None


nets = [f"net-{{at}}" for at in range(9)] + ["{HTML}"]
stations = tuple(
    Station(f"{{at:064x}}", f"{HTML}{{at}}", attachments=tuple(
        Attachment(nets[(at + step) % 10], (f"10.0.{{step}}.{{at}}",)) for step in (0, 3)))
    for at in range(50)
)
attempts = tuple(
    Attempt(one.name, stations[at - 7].addresses[0], 80, list(Outcome)[at % 5], source_id=one.id)
    for at, one in enumerate(stations)
)
many = NetworkMap(
    Topology(tuple(Network(net, net) for net in nets), stations, attempts),
    Nothing(), lambda *_: Lookup("{HTML}", trouble="{HTML}"),
)
many''',
)
# How long one new content takes to be drawn whole, in ms, the longest of so many.
REDRAW = """async (view) => {
    const box = view.querySelector(".wb-net-map");
    const waits = [];
    for (let at = 0; at < 10; at += 1) {
        box.style.width = `${900 - at * 8}px`;
        const begun = performance.now();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        waits.push(performance.now() - begun);
    }
    box.style.width = "";
    return waits.sort((a, b) => a - b);
}"""


@pytest.fixture
def boxes() -> Iterator[tuple[Docker, Container]]:
    """Three containers on two networks; the second is on both."""
    client, endpoint = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    docker = Docker(client, endpoint, "tests")
    docker.clean_up()
    for network in (FRONT, BACK):
        client.api.create_network(network, "bridge", internal=network == BACK)
    docker.run(BUSYBOX, "sleep 600", name=STREET, network=FRONT)
    desk = docker.run(BUSYBOX, SERVE, name=DESK, network=FRONT)
    docker.run(BUSYBOX, SERVE, name=VAULT, network=BACK)
    yield docker, desk
    docker.clean_up()
    for network in (FRONT, BACK):
        client.api.remove_network(network)
    client.close()


@pytest.fixture
def page(open_cells: OpenCells) -> LessonPage:
    """A page with a title and the cells above."""
    return open_cells("networks", CELLS)


def view_of(page: LessonPage, cell: int) -> Locator:
    """The map below that cell."""
    view = page.cells.nth(cell).locator(".wb-net")
    expect(view).to_be_visible(timeout=30_000)
    return view


def test_networks_are_shown_and_follow_what_happens(
    page: LessonPage, boxes: tuple[Docker, Container]
) -> None:
    docker, desk = boxes
    page.run_cell(1)
    page.run_cell(2)
    view = view_of(page, 2)
    expect(view.locator(".wb-net-contact")).to_have_text("● live")
    bands = view.locator(".wb-net-band")
    expect(bands).to_have_count(2)
    expect(bands.nth(0)).to_contain_text("internal: no way out")
    docker.client.api.connect_container_to_network(desk.id, BACK, aliases=["counter"])
    expect(bands.nth(0).locator(".wb-net-box")).to_have_count(2, timeout=10_000)
    for cell in (3, 4):
        page.run_cell(cell)
    lines = view.locator(".wb-net-line")
    expect(lines).to_have_count(3)
    outcomes = [line.get_attribute("data-outcome") for line in lines.all()]
    assert outcomes == ["answered", "refused", "unknown"]
    expect(view.locator(".wb-net-attempt").nth(1)).to_contain_text("Connection refused")
    view.scroll_into_view_if_needed()

    street = bands.nth(1).locator(".wb-net-box", has_text=STREET)
    desk_box = bands.nth(0).locator(".wb-net-box", has_text=DESK)
    expect(desk_box).to_have_attribute("aria-label", re.compile(f"^{DESK}, running, "))
    desk_box.focus()
    page.page.keyboard.press("End")
    expect(street).to_be_focused()
    page.page.keyboard.press("Enter")
    answers = view.locator(".wb-net-answers li")
    expect(view.locator(".wb-net-answer")).to_contain_text("127.0.0.11", timeout=30_000)
    expect(answers.filter(has_text=VAULT)).to_contain_text("unknown name")
    page.page.keyboard.press("Home")
    expect(desk_box).to_be_focused()
    assert view.locator(".wb-net-box[tabindex='0']").count() == 1
    page.look("tried")


def test_fifty_containers_are_drawn_fluently_and_names_are_text(page: LessonPage) -> None:
    page.run_cell(5)
    view = view_of(page, 5)
    expect(view.locator(".wb-net-box")).to_have_count(100)
    expect(view.locator(".wb-net-line")).to_have_count(50)
    waits = view.evaluate(REDRAW)
    assert waits[len(waits) // 2] < 150, waits
    box = view.locator(".wb-net-box").first
    box.click()
    expect(view.locator(".wb-net-answer")).to_have_text(HTML)
    assert view.locator("img").count() == 0
    assert page.page.title() != "hacked"
    page.screenshot("fifty")
