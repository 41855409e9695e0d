"""A push in a real page: bars while it goes, gone when it is over, and its layers side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.engine.supply import ImageSupply
from tests.browser.lesson_page import LessonPage, OpenCells
from tests.engine.conftest import BUSYBOX
from tests.engine.registry_kit import build, noise

pytestmark = pytest.mark.browser

PORT = 4046
CELLS = (
    f"from helpers import connect, layers_sent\n\nregistry = connect().registry(port={PORT})",
    'first = registry.push("wbreg-page:1", "app:1")\nfirst',
    'layers_sent(first, registry.push("wbreg-page:1", "app:2"))',
)


@pytest.fixture
def pushable() -> Iterator[None]:
    """A registry, and an image that takes a while to push, on a quiet machine too."""
    client, endpoint = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    docker = Docker(client, endpoint, "tests")
    docker.clean_up()
    docker.registry(port=PORT)
    build(client, "wbreg-page:1", noise(150_000_000))
    yield
    docker.clean_up()
    client.close()


@pytest.fixture
def page(pushable: None, open_cells: OpenCells) -> LessonPage:
    return open_cells("push", CELLS)


def test_bars_show_each_layer_and_go_when_it_is_over(page: LessonPage) -> None:
    page.run_cell(1)
    pushing = page.cells.nth(2)
    pushing.click(position={"x": 4, "y": 4})
    page.page.keyboard.press("Shift+Enter")
    bars = pushing.locator("progress")
    bars.first.wait_for(state="attached", timeout=30_000)  # the small layer may be over by then
    expect(pushing.locator(".jp-OutputArea")).to_contain_text("sending")
    page.screenshot("pushing")
    expect(pushing).to_contain_text("2 of 2 layers sent", timeout=60_000)
    expect(bars).to_have_count(0)
    page.run_cell(3)
    expect(page.cells.nth(3).locator("img")).to_be_visible()
    page.look("pushed")
