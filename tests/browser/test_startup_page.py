"""How a project comes up, in a real page: live, lane by lane, and names of others as text."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest
from docker import DockerClient
from playwright.sync_api import Locator, expect

from helpers.engine.base.labels import LESSON
from helpers.engine.connection.client import find_client
from helpers.engine.supply import ImageSupply
from helpers.model.project.member import PROJECT, SERVICE
from tests.browser.lesson_page import LessonPage, OpenCells
from tests.engine.conftest import BUSYBOX
from tests.engine.labelled import remove_labelled

pytestmark = pytest.mark.browser

# An engine tells of an earlier run of these tests, too.
NAME, LABEL = f"wbt-page-{secrets.token_hex(4)}", "tests-startup-page"
HTML = "<img src=x onerror=document.title='hacked'>"
DATABASE = "sleep 1; touch /ready; exec sleep 600"
APP = """[ -f /once ] || { touch /once; exit 7; }
echo '10.0.0.9 "GET /items HTTP/1.1" 200'; exec sleep 600"""
CELLS = (
    "from helpers import connect, startup\n\nengine = connect()",
    f'startup("{NAME}")',
    f'''\
from helpers.model.project.answer import Answer
from helpers.model.project.lane import Ending, Lane, Phase, Stage
from helpers.model.project.run import Run
from helpers.model.project.startup import Startup
from helpers.views.project.startup import StartupView


class Nothing:
    start = stop = lambda *_: None


stages = tuple(Stage(phase, at) for at, phase in enumerate(
    [Phase.CREATED, Phase.RUNNING, Phase.DOWN, Phase.RUNNING, Phase.UNHEALTHY]))
lane = Lane("1", "{HTML}", "{HTML}", stages, (Ending(2, None, True),), Answer(3.5, "{HTML}"))
StartupView(Startup("{HTML}", (Run(0, (lane,), 4),), 9, has_forgotten=True), Nothing())''',
)


@pytest.fixture
def client() -> Iterator[DockerClient]:
    """The engine, on which nothing is left of the project afterwards."""
    client, _ = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    yield client
    remove_labelled(client, LABEL)
    client.close()


def bring_up(client: DockerClient) -> None:
    """Two containers of the project created, then started, as Compose does."""
    api = client.api
    check = {"test": ["CMD", "test", "-f", "/ready"], "interval": 300_000_000}
    policy = api.create_host_config(restart_policy={"Name": "on-failure"})
    ids = [
        api.create_container(
            BUSYBOX, ["sh", "-c", words], stop_signal="SIGKILL",
            labels={PROJECT: NAME, SERVICE: service, LESSON: LABEL}, **more,
        )["Id"]
        for service, words, more in (
            ("db", DATABASE, {"healthcheck": check}), ("app", APP, {"host_config": policy}),
        )
    ]  # fmt: skip
    for identity in ids:
        api.start(identity)


def view_of(page: LessonPage, cell: int) -> Locator:
    """The view below that cell."""
    view = page.cells.nth(cell).locator(".wb-s")
    expect(view).to_be_visible(timeout=30_000)
    return view


def test_a_start_is_followed_and_names_are_text(
    open_cells: OpenCells, client: DockerClient
) -> None:
    page = open_cells("startup", CELLS)
    page.run_cell(1)
    page.run_cell(2)
    view = view_of(page, 2)
    lanes, line = view.locator(".wb-s-lane"), view.locator(".wb-s-line")
    expect(view.locator(".wb-s-contact")).to_have_text("● live")
    expect(view.locator(".wb-s-title")).to_contain_text(f"no start of {NAME}")
    bring_up(client)
    expect(line).to_have_text(re.compile(r"^Coming up for \d+\.\d+ s …$"), timeout=10_000)
    expect(line).to_have_text(
        re.compile("^Came up in .*, after app had crashed once"), timeout=20_000
    )
    expect(lanes).to_have_count(2)
    expect(lanes.nth(0).locator(".wb-s-bar[data-phase='healthy']")).to_have_count(1)
    expect(lanes.nth(1).locator(".wb-s-code")).to_have_text("7")
    expect(lanes.nth(1).locator(".wb-s-answer")).to_have_text("◆", timeout=20_000)
    expect(lanes.nth(1)).to_have_attribute(
        "aria-label", re.compile('^app, running: .*first answer after .*"GET /items HTTP/1.1" 200')
    )
    bars = [bar.bounding_box() for bar in lanes.nth(1).locator(".wb-s-bar").all()]
    lefts = [bar["x"] for bar in bars if bar]
    assert len(lefts) == len(bars) == 4
    assert lefts == sorted(lefts)
    page.run_cell(3)
    expect(view_of(page, 3).locator(".wb-s-name")).to_have_text(HTML)
    assert view_of(page, 3).locator("img").count() == 0
    assert page.page.title() != "hacked"
    view.scroll_into_view_if_needed()
    page.look("came up")
