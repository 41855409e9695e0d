"""A service on its nodes, given values instead of a swarm."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from helpers.model.container.snapshot import Contact
from helpers.model.load.plan import Plan, checked_plan
from helpers.model.load.reply import Failure, Reply
from helpers.model.load.tally import Tally
from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import Rollout, rollout_from
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Task
from helpers.views.kit import live
from helpers.views.kit.widget_host import WIDGET_MIME
from helpers.views.swarm.rollout_view import RolloutView
from tests.unit.list_feed import ListFeed
from tests.unit.swarm_record import rollouts

EVIL = "<img src=x onerror=alert(1)>$x$\x1b[2J\nweb: 3 of 3"
GONE = "The swarm does not have a leader."


class FakeLoad:
    """A load of which all has come back; it notes who listens."""

    def __init__(self, replies: list[Reply], ended: str = "") -> None:
        self.plan: Plan = checked_plan("http://127.0.0.1:4121/", 20)
        self.tally, self.ended = Tally(), ended
        self.tally.add(replies)
        self.listeners: list[Callable[[Any], None]] = []

    def listen(self, listener: Callable[[Any], None], /) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)


def reply(number: int, version: str = "", failure: str = "") -> Reply:
    status = 0 if failure else 200
    return Reply(number, number / 20, 0, 0.004, status, version, failure)


REPLIES = [
    *(reply(at, "1") for at in range(40)),
    *(reply(at, failure=Failure.REFUSED) for at in range(40, 43)),
    *(reply(at, "2") for at in range(43, 60)),
    reply(60, "9"),
]


def task(at: int, state: str, node: str = "a", **more: Any) -> Task:
    label = more.pop("label", "1")
    fields = {"desired": "running", "spec": label, "label": label, "image": "shop:1", **more}
    return Task(f"t{at}-{label}", at, node, state, **fields)


NODES = (
    Node("a", "node-1", "ready", "active", "manager", True, "reachable"),
    Node("b", "node-2", "ready", "drain", "worker", labels=(("disk", "ssd"),)),
    Node("c", "node-3", "down", "active", "worker", message="heartbeat failure"),
)
FULL = "no suitable node (insufficient resources on 3 nodes)"
TROUBLED = rollout_from(
    "web",
    Service("s", "web", "shop:1", 5, "rollback_started", "update rolled back due to task t4-2"),
    NODES,
    [
        task(1, "running"),
        task(2, "running", "c", desired="shutdown"),
        task(2, "pending", "", error=FULL, label="1", created=1),
        task(3, "pending", "", error=FULL),
        task(4, "failed", label="2", error="task: non-zero exit (3)", since=90),
        task(4, "running", label="1", created=1),
        task(5, "preparing", "gone-node-0123", label="2"),
    ],
    100,
)


def view_of(now: Rollout = TROUBLED, load: FakeLoad | None = None) -> RolloutView:
    return RolloutView(now, ListFeed(), load)


def test_its_text_is_a_table_of_the_nodes() -> None:
    assert (
        view_of().text()
        == """\
web: 2 of 5 tasks run: 2 of version 1
node          what it is                       tasks
node-1        manager, leader                  1 failed (version 2), 2 running (version 1)
node-2        worker, drained, disk=ssd        no task
node-3        worker, down: heartbeat failure  1 unknown (version 1)
gone-node-01  gone                             1 starting (version 2)
on no node                                     2 pending (version 1)
The service is on its way back to what it was before the update."""
    )


def test_its_alternative_tells_each_task_and_the_counts() -> None:
    words = view_of(load=FakeLoad(REPLIES)).alternative()
    assert words.startswith("web: 2 of 5 tasks run: 2 of version 1. The service is on its way")
    assert f"2 tasks pending: {FULL}" in words
    assert "web.4 on node-1, version 2 (shop:1): failed: task: non-zero exit (3)." in words
    assert "web.2 on node-3, version 1 (shop:1): unknown, since the node does not answer" in words
    assert words.endswith("3 of 61 requests failed.")


def test_what_the_widget_draws() -> None:
    content = view_of(load=FakeLoad(REPLIES, "stopped")).content()
    tiles = {shelf["name"]: shelf["tiles"] for shelf in content["shelves"]}
    assert [(tile["version"], tile["slot"], tile["phase"]) for tile in tiles["node-1"]] == [
        ("1", ".1", "running"),
        ("2", ".4", "failed"),
        ("1", ".4", "running"),
    ]
    assert [tile["look"] for tile in tiles["node-1"]] == [0, 1, 0]
    assert tiles["gone-node-01"][0]["state"] == "preparing"
    assert content["message"] == "update rolled back due to task t4-2"
    assert content["load"]["counter"] == "3 of 61 requests failed"
    assert content["load"]["over"] == "Over: stopped."
    assert [each["look"] for each in content["load"]["series"]] == [0, 1, 2, 0]
    assert [each["cells"] for each in content["rows"]] == [
        ["version 1", "shop:1", "2", "40 answered"],
        ["version 2", "shop:1", "0", "17 answered"],
        ["answered: 9", "–", "–", "1 answered"],
        ["failed: refused", "–", "–", "3 failed"],
    ]
    assert content["rows"][-1]["meaning"] == "nobody listens on that port"
    json.dumps(content)


def test_a_version_has_the_look_of_its_requests_in_whichever_order_these_come() -> None:
    replies = [reply(0, "2"), reply(1, "1")]
    content = view_of(rollouts("update")[-1], FakeLoad(replies)).content()
    rows = {each["cells"][0]: each["look"] for each in content["rows"]}
    assert rows == {"version 1": 0, "version 2": 1}
    assert [each["look"] for each in content["load"]["series"]] == [1, 0]


def test_without_a_load_there_are_neither_strokes_nor_counts() -> None:
    content = view_of().content()
    assert content["load"] is None
    assert {len(each["cells"]) for each in content["rows"]} == {len(content["head"])} == {3}
    assert "requests" not in view_of().alternative()


def test_no_such_service_is_told_with_what_else_there_is() -> None:
    view = view_of(Rollout("wbe", others=("cache", "web")))
    assert view.text() == (
        "There is no service wbe in this swarm: `docker service create --name wbe …` makes one. "
        "Services that it has: cache, web."
    )
    assert view.picture() is None
    assert view.content()["shelves"] == view.content()["notes"] == []


def test_a_lost_manager_is_told_with_what_was_known_last() -> None:
    content = view_of(replace(TROUBLED, contact=Contact(False, GONE))).content()
    assert content["trouble"] == f"{GONE} Below is what was known last."
    assert content["stale"]
    assert len(content["shelves"]) == 5


def test_texts_of_others_are_made_visible() -> None:
    node = replace(NODES[0], name=EVIL, labels=((EVIL, EVIL),), message=EVIL, state=EVIL)
    tasks = [task(1, EVIL, label=EVIL, error=EVIL, image=EVIL)]
    service = Service("s", EVIL, EVIL, 1, EVIL, EVIL)
    view = view_of(rollout_from(EVIL, service, [node], tasks, 1), FakeLoad([reply(0, EVIL)]))
    shown = json.dumps(view.content(), ensure_ascii=False) + view.text() + view.caption()
    assert "\x1b" not in shown
    assert "<img" not in view.caption()
    assert len([line for line in view.text().splitlines() if line.startswith("web: 3")]) == 0
    picture = view.picture()
    assert picture
    assert picture.startswith(b"\x89PNG")


def test_it_follows_its_feed_and_the_load_while_a_page_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "is_live", lambda: True)
    load, feed = FakeLoad(REPLIES), ListFeed(rollouts("update")[3])
    view = RolloutView(rollouts("update")[0], feed, load)
    sent: list[str] = []
    monkeypatch.setattr(view, "refresh", lambda: sent.append(view.content()["title"]))
    assert load.listeners == []
    assert WIDGET_MIME in view._repr_mimebundle_()
    assert len(sent) == 1
    load.listeners[0](load)
    load.listeners[0](load)
    assert len(sent) == 2, "so many times a second at most"
    load.ended = "stopped"
    load.listeners[0](load)
    assert len(sent) == 3, "its end at once"
    view.close()
    assert (load.listeners, feed.ended) == ([], 1)


def test_fifty_tasks_are_a_small_message_made_at_once() -> None:
    tasks = [task(at, "running", "abc"[at % 2], label=str(1 + at % 2)) for at in range(1, 51)]
    tasks += [task(at, "running", desired="shutdown", label="0") for at in range(1, 9)]
    now = rollout_from("web", Service("s", "web", "shop:1", 50), NODES, tasks, 100)
    view = view_of(now, FakeLoad([reply(at, "1") for at in range(6_000)]))
    begun = time.process_time()
    content = view.content()
    assert time.process_time() - begun < 0.1
    assert sum(len(shelf["tiles"]) for shelf in content["shelves"]) == 58
    assert len(json.dumps(content)) < 40_000


def test_many_more_are_cut_off_and_that_is_said() -> None:
    nodes = [Node(str(at), f"node-{at}", "ready", "active") for at in range(40)]
    tasks = [task(at, "running", str(at % 40)) for at in range(1, 401)]
    content = view_of(rollout_from("web", Service("s", "web", "", 400), nodes, tasks, 1)).content()
    assert len(content["shelves"]) == 30
    assert sum(len(shelf["tiles"]) for shelf in content["shelves"]) == 200
    assert "Not shown: 10 nodes more." in content["troubles"]
