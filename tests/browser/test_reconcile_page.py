"""A cluster, wished and observed, in a real page: tiles that fall, lamps, keys, names as text."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lesson_page import LessonPage, OpenCells
from tests.unit.kubernetes_objects import (
    ON,
    containers_of,
    deployment,
    endpoints,
    node,
    pod,
    programs,
    replica_set,
    service,
    unplaced,
    waiting,
)

pytestmark = pytest.mark.browser

HTML = "<img src=x onerror=document.title='hacked'>"
THREE = ("web-a-x4k2p", "web-a-9dl2m", "web-a-aa1bc")
MANAGED = programs("etcd", "kube-apiserver", "kube-controller-manager")
FIFTY = tuple(f"web-b-{at:05}" for at in range(50))


def web(version: str, **status: int) -> dict[str, Any]:
    """The Deployment as its controller has counted its pods."""
    one = deployment(version=version, revision=int(version))
    one["status"] |= {"replicas": 3, "updatedReplicas": 3, **status}
    return one


def taken(objects: list[dict[str, Any]], lamps: dict[str, bool], *inside: str) -> str:
    """A cell in which the view takes what these objects come to."""
    return f"view.take(state_from({objects!r},\n    {lamps!r}, {containers_of(*inside)!r}))"


def fifty(restarts: int) -> list[dict[str, Any]]:
    """Fifty pods that are ready, the last of them restarted so many times."""
    pods = [pod(each, "web-b", version="2") for each in FIFTY[1:]]
    last = pod(FIFTY[0], "web-b", version="2", restarts=restarts)
    sets = [deployment(replicas=50, version="2", revision=2), replica_set("web-b", 50, "2")]
    return [*sets, last, *pods, service(), endpoints(ready=FIFTY), node()]


CRASH = pod(
    "web-b-crash", "web-b", version="2", ready=False, restarts=2,
    state=waiting("CrashLoopBackOff", f"back-off 10s {HTML}"),
)  # fmt: skip
CELLS = (
    f"""\
from dataclasses import replace

from helpers.model.container.snapshot import Contact
from helpers.model.kubernetes.state import state_from
from helpers.views.kubernetes.reconcile_view import ReconcileView


class Nothing:
    start = stop = lambda *_: None


view = ReconcileView(state_from({[deployment(), service()]!r},
                                {programs("etcd", "kube-apiserver")!r}), Nothing())
sent, tell = [], view.tell
view.tell = lambda message: [sent.append(len(str(message))), tell(message)]
view""",
    taken([web("1"), replica_set("web-a", 3), *map(unplaced, THREE), service()], MANAGED),
    taken(
        [
            web("1", readyReplicas=3),
            replica_set("web-a", 3, ready=3),
            *map(pod, THREE),
            service(),
            endpoints(ready=THREE),
            node(),
        ],
        ON,
        *THREE,
    ),
    taken(
        [
            web("2", readyReplicas=3, replicas=4, updatedReplicas=2),
            replica_set("web-a", 2, "1", ready=2),
            replica_set("web-b", 2, "2", ready=1),
            pod(THREE[0]),
            pod(THREE[1]),
            pod(THREE[2], deletionTimestamp="2026-12-01T10:09:00Z"),
            pod("web-b-5r6lq", "web-b", version="2"),
            CRASH,
            service(HTML, "web"),
            endpoints(HTML, (*THREE[:2], "web-b-5r6lq"), ("web-b-crash",)),
            node(),
        ],
        ON,
        *THREE,
        "web-b-5r6lq",
    ),
    taken(fifty(0), ON, *FIFTY),
    f"{taken(fifty(1), ON, *FIFTY)}\nprint(len(sent), sent[-1] < 700)",
    'view.take(replace(view.now, programs={}, contact=Contact(False, "No container kubernetes.")))',
)


def view_of(page: LessonPage) -> Locator:
    """The view below the first cell."""
    view = page.cells.nth(1).locator(".wb-rec")
    expect(view).to_be_visible(timeout=30_000)
    return view


def floor(view: Locator, name: str) -> Locator:
    """The floor of that name."""
    return view.locator(f".wb-rec-floor[data-floor={name}]")


def test_pods_fall_from_floor_to_floor_as_programs_run(open_cells: OpenCells) -> None:
    page = open_cells("reconcile", CELLS)
    page.run_cell(1)
    view = view_of(page)
    title = view.locator(".wb-rec-title")
    expect(view.locator(".wb-rec-contact")).to_have_text("● live")
    expect(title).to_have_text("web: 0 of 3 pods ready")
    expect(view.locator(".wb-rec-lamp[data-state=on]")).to_have_count(2)
    expect(floor(view, "sets")).to_contain_text("no ReplicaSet")
    expect(view.locator(".wb-tile")).to_have_count(0)
    page.run_cell(2)
    expect(floor(view, "sets").locator(".wb-tile[data-phase=pending]")).to_have_count(3)
    expect(floor(view, "sets")).to_have_attribute("data-state", "same")
    expect(floor(view, "nodes")).to_contain_text("kube-scheduler is off: nobody gives pods a node.")
    stays = view.locator(f".wb-tile[data-task={THREE[0]}]").element_handle()
    view.scroll_into_view_if_needed()
    page.look("managed")
    page.run_cell(3)
    expect(floor(view, "containers").locator(".wb-tile[data-phase=running]")).to_have_count(3)
    expect(floor(view, "sets").locator(".wb-tile")).to_have_count(0)
    assert stays is not None
    assert stays.is_visible(), "a tile that falls is the same element"
    expect(view.locator(".wb-rec-floor[data-state=same]")).to_have_count(5)
    expect(view.locator(".wb-rec-lamp[data-state=on]")).to_have_count(6)
    page.run_cell(4)
    expect(title).to_have_text("web: 3 of 4 pods ready: 2 of version 1, 1 of version 2")
    groups = floor(view, "sets").locator(".wb-rec-group")
    expect(groups).to_have_text(
        [
            "web-a, version 1 2 wished, 2 there, 2 ready",
            "web-b, version 2 2 wished, 2 there, 1 ready",
        ]
    )
    one, other = groups.nth(0).bounding_box(), groups.nth(1).bounding_box()
    assert one is not None
    assert other is not None
    assert one["y"] == other["y"], "side by side"
    expect(floor(view, "services")).to_contain_text(f"{HTML} leads to 3 of 4 pods")
    assert view.locator("img").count() == 0
    assert page.page.title() != "hacked"

    view.locator(f".wb-tile[data-task={THREE[1]}]").focus()
    page.page.keyboard.press("End")
    expect(view.locator(".wb-tile[data-task=web-b-crash]")).to_be_focused()
    expect(view.locator(".wb-tile-detail")).to_contain_text("CrashLoopBackOff. 2 restarts.")
    page.page.keyboard.press("ArrowLeft")
    expect(view.locator(".wb-tile[data-task=web-b-5r6lq]")).to_be_focused()
    assert view.locator(".wb-tile[tabindex='0']").count() == 1
    page.page.keyboard.press("Escape")
    view.scroll_into_view_if_needed()
    page.look("update")


def test_fifty_pods_are_few_bytes_and_fit_where_it_is_narrow(open_cells: OpenCells) -> None:
    page = open_cells("reconcile", CELLS)
    page.run_cell(1)
    view = view_of(page)
    page.run_cell(2)
    page.run_cell(3)
    page.run_cell(5)
    expect(view.locator(".wb-tile")).to_have_count(50)
    view.scroll_into_view_if_needed()
    page.look("fifty")
    page.run_cell(6)
    expect(page.cells.nth(6)).to_contain_text("4 True")
    expect(view.locator(f".wb-tile[data-task={FIFTY[0]}]")).to_contain_text("↻1")
    page.page.set_viewport_size({"width": 700, "height": 900})
    assert view.evaluate("each => each.scrollWidth <= each.clientWidth"), "nothing stands out"
    expect(view.locator(".wb-rec-heads")).to_be_hidden()
    page.run_cell(2)
    view.scroll_into_view_if_needed()
    page.look("narrow")
    page.run_cell(7)
    expect(view.locator(".wb-rec-trouble")).to_contain_text(
        "What stands here is what was known last"
    )
    expect(view.locator(".wb-rec-lamp[data-state=unknown]")).to_have_count(6)
    expect(view.locator(".wb-tile")).to_have_count(3)
    page.look("lost")
