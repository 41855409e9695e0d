"""A service on its nodes, in a real page: tiles that change in place, keys, names as text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lesson_page import LessonPage, OpenCells

pytestmark = pytest.mark.browser

HTML = "<img src=x onerror=document.title='hacked'>"
CELLS = (
    f'''\
from helpers.model.load.plan import checked_plan
from helpers.model.load.reply import Reply
from helpers.model.load.tally import Tally
from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import rollout_from
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Task
from helpers.views.swarm.rollout_view import RolloutView


class Nothing:
    start = stop = lambda *_: None


class Load:
    plan, tally, ended = checked_plan("http://127.0.0.1:4121/", 20), Tally(), ""

    def listen(self, listener):
        return lambda: None


nodes = [Node("a", "node-1", "ready", "active", "manager", True),
         Node("b", "node-2", "ready", "active", "worker"),
         Node("c", "node-3{HTML}", "ready", "active", "worker", labels=(("{HTML}", ""),))]


def at(slot, state, label, **more):
    fields = {{"desired": "running", "spec": label, "label": label, "image": "shop:1", **more}}
    return Task(f"{{slot}}-{{label}}", slot, "abc"[slot % 3], state, **fields)


def rolled(count, update, *tasks, nodes=nodes):
    service = Service("s", "web", "shop:1", count, update)
    return rollout_from("web", service, nodes, tasks, 1)


first = rolled(3, "", at(1, "running", "1"), at(2, "running", "1"), at(3, "running", "1"))
load = Load()
load.tally.add(Reply(n, n / 20, 0, 0.002, 200, "1") for n in range(60))
view = RolloutView(first, Nothing(), load)
view''',
    f'''\
load.tally.add(Reply(n, n / 20, 0, 0.002, failure="refused") for n in range(60, 63))
load.tally.add(Reply(n, n / 20, 0, 0.002, 200, "2") for n in range(63, 80))
view.take(rolled(
    3, "updating", at(1, "running", "1"), at(2, "running", "1", desired="shutdown"),
    at(2, "starting", "2", created=1), at(3, "running", "{HTML}", created=2),
    at(3, "failed", "2", error="{HTML}", created=1),
))''',
    """\
view.take(rolled(
    50, "completed", *(at(slot, "running", "2") for slot in range(1, 45)),
    *(at(slot, "preparing", "2") for slot in range(45, 51)),
    nodes=[*nodes[:2], Node("c", "node-3", "down", "active", "worker", message="gone")],
))""",
    'from helpers import connect, rollout\n\nengine = connect()\nrollout("web")',
)


def view_of(page: LessonPage) -> Locator:
    """The view below the first cell."""
    view = page.cells.nth(1).locator(".wb-roll")
    expect(view).to_be_visible(timeout=30_000)
    return view


def tile(view: Locator, slot: int, phase: str) -> Locator:
    """The tile of that slot in that phase."""
    tiles = view.locator(f".wb-tile[data-phase={phase}]")
    return tiles.filter(has=view.page.locator(f".wb-tile-slot:text-is('.{slot}')"))


def test_an_update_is_seen_on_the_shelves_and_among_the_requests(open_cells: OpenCells) -> None:
    page = open_cells("rollout", CELLS)
    page.run_cell(1)
    view = view_of(page)
    title, counter = view.locator(".wb-roll-title"), view.locator(".wb-roll-counter")
    expect(view.locator(".wb-roll-contact")).to_have_text("● live")
    expect(title).to_have_text("web: 3 of 3 tasks run: 3 of version 1")
    expect(counter).to_have_text("0 of 60 requests failed")
    stays = tile(view, 1, "running").element_handle()
    page.run_cell(2)
    expect(title).to_contain_text(f"1 of version 1, 1 of version {HTML}")
    expect(counter).to_have_text("3 of 80 requests failed")
    expect(view.locator(".wb-roll-update")).to_have_text("An update is under way.")
    assert stays is not None
    assert stays.is_visible(), "a tile that stays is the same element"
    expect(tile(view, 2, "ending")).to_contain_text("stopping")
    expect(tile(view, 2, "starting")).to_have_attribute("data-look", "1")
    strokes = view.locator(".wb-strokes path[data-kind=answer][data-look='1']")
    expect(strokes).to_have_attribute("d", re.compile("M"))
    expect(view.locator(".wb-roll-name").nth(2)).to_have_text(f"node-3{HTML}")
    assert view.locator("img").count() == 0
    assert page.page.title() != "hacked"

    tile(view, 1, "running").focus()
    page.page.keyboard.press("End")
    expect(tile(view, 2, "starting")).to_be_focused()
    page.page.keyboard.press("ArrowLeft")
    expect(tile(view, 2, "ending")).to_be_focused()
    expect(view.locator(".wb-tile-detail")).to_contain_text("web.2 on")
    assert view.locator(".wb-tile[tabindex='0']").count() == 1
    page.page.keyboard.press("Escape")
    view.scroll_into_view_if_needed()
    page.look("update")


def test_fifty_tasks_are_drawn_at_once_and_a_lost_node_is_marked(open_cells: OpenCells) -> None:
    page = open_cells("rollout", CELLS)
    page.run_cell(1)
    view = view_of(page)
    page.run_cell(3)
    expect(view.locator(".wb-tile")).to_have_count(50)
    expect(view.locator(".wb-roll-shelf[data-state=down] .wb-roll-name")).to_have_text("node-3")
    expect(view.locator(".wb-roll-shelf[data-state=down] .wb-tile").first).to_contain_text(
        "unknown"
    )
    wide = page.page.evaluate("document.querySelector('.wb-roll').scrollWidth")
    box = view.bounding_box()
    assert box is not None
    assert wide <= box["width"], "nothing stands out to the side"
    page.look("fifty")
    page.run_cell(4)
    expect(page.failed_cells).to_contain_text("No engine that is known here is a manager of a")
