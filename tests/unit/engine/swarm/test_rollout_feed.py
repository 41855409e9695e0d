"""A service is read from whichever engine is a manager, and goes on where one is lost."""

from __future__ import annotations

import queue
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from docker import DockerClient
from requests.exceptions import ReadTimeout

from helpers.engine.swarm import feed as feed_module
from helpers.engine.swarm import manager
from helpers.engine.swarm.feed import RolloutFeed
from helpers.engine.swarm.manager import NoManager
from helpers.engine.swarm.reader import SwarmReader
from helpers.errors import EngineGone
from helpers.model.swarm.rollout import Rollout
from helpers.model.swarm.trouble import NO_ANSWER, NO_LEADER, TOO_LATE, WORKERS_ONLY
from tests.unit.fake_engine import Answers, fake_engine
from tests.unit.swarm_record import recorded

WORKER = {"message": "This node is not a swarm manager. Worker nodes can't be used to view it."}
LEADERLESS = {"message": "rpc error: code = Unknown desc = The swarm does not have a leader."}
Open = Callable[[Answers], DockerClient]


def answers(frame: int = 0) -> Answers:
    """What a manager answers at that moment of the recorded update."""
    record = recorded("update")
    now = record["frames"][frame]
    return {
        "/nodes": (200, record["nodes"]),
        "/services/web": (200, now["service"]),
        "/tasks": (200, now["tasks"]),
        "/services": (200, [{"Spec": {"Name": "cache"}}, now["service"]]),
        "/info": (200, {"SystemTime": "2026-11-30T22:24:06.1Z"}),
    }


@pytest.fixture
def open_engine(tmp_path: Path) -> Iterator[Open]:
    """open_engine(answers) -> a client of an engine that gives them; they may be changed later."""
    with ExitStack() as stack:

        def open_one(table: Answers) -> DockerClient:
            path = tmp_path / f"{len(table)}-{secrets.token_hex(2)}.sock"
            host = stack.enter_context(fake_engine(path, table))
            return stack.enter_context(closing(DockerClient(host, version="1.45", timeout=5)))

        yield open_one


def reader_of(*clients: DockerClient) -> SwarmReader:
    return SwarmReader(lambda: [partial(_same, client) for client in clients], "web")


def _same(client: DockerClient) -> DockerClient:
    return client


def refusing(status: int, message: dict[str, str]) -> Answers:
    """An engine that answers nothing else."""
    return {"": (status, message)}


def test_the_first_that_is_a_manager_is_read(open_engine: Open) -> None:
    worker, manager = open_engine(refusing(503, WORKER)), open_engine(answers(1))
    now = reader_of(worker, manager).read()
    assert (now.running, now.wanted, len(now.nodes), len(now.seen)) == (3, 3, 3, 4)


@pytest.mark.parametrize(
    ("status", "message", "sentence"),
    [
        (503, WORKER, WORKERS_ONLY),
        (404, {"message": "page not found"}, WORKERS_ONLY),
        (500, LEADERLESS, NO_LEADER),
        (200, {"message": "no list"}, ""),
    ],
)
def test_where_none_is_that_is_said(
    open_engine: Open, status: int, message: dict[str, str], sentence: str
) -> None:
    swarm = reader_of(open_engine(refusing(status, message)))
    if not sentence:
        assert swarm.read().seen == ()
        return
    with pytest.raises(NoManager) as caught:
        swarm.read()
    assert caught.value.message == sentence


def test_a_service_that_is_not_there_is_told_with_those_that_are(open_engine: Open) -> None:
    table = answers()
    del table["/services/web"]
    now = reader_of(open_engine(table)).read()
    assert now.service is None
    assert now.others == ("cache", "web")


def test_a_lost_manager_is_told_and_another_takes_its_part(open_engine: Open) -> None:
    first, second = answers(), refusing(503, WORKER)
    swarm = reader_of(open_engine(first), open_engine(second))
    before = swarm.read()
    first.clear()
    first[""] = (500, {"message": "gone"})
    with pytest.raises(NoManager) as caught:
        swarm.read(before)
    assert caught.value.message == NO_ANSWER
    second.clear()
    second.update(answers(-1))
    now = swarm.read(before)
    assert [each.label for each in now.versions] == ["1", "2"]


def test_a_manager_that_says_nothing_is_not_waited_for(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **options: float) -> None:
        assert options["timeout"] <= 3
        raise ReadTimeout("Read timed out.")

    monkeypatch.setattr(manager, "asked", late)
    with pytest.raises(NoManager) as caught:
        reader_of(open_engine({})).read()
    assert caught.value.message == TOO_LATE


def test_one_that_cannot_be_asked_hinders_no_other(open_engine: Open) -> None:
    def gone() -> DockerClient:
        raise EngineGone("The engine of node-1 does not answer.", "Start it.")

    client = open_engine(answers())
    assert SwarmReader(lambda: [gone, lambda: client], "web").read().running == 3
    with pytest.raises(NoManager, match="node-1"):
        SwarmReader(lambda: [gone], "web").read()


def test_the_feed_tells_what_is_new_goes_on_after_a_loss_and_ends(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "EVERY_SECONDS", 0.01)
    table = answers()
    client = open_engine(table)
    feed = RolloutFeed(lambda: [lambda: client], "web")
    heard: queue.Queue[Rollout] = queue.Queue()
    feed.start(heard.put)
    table["/tasks"] = answers(1)["/tasks"]
    assert len(heard.get(timeout=5).seen) == 4
    table["/nodes"] = (500, LEADERLESS)
    lost = heard.get(timeout=5)
    assert (lost.contact.words, len(lost.seen)) == (NO_LEADER, 4)
    table.update(answers(-1))
    assert heard.get(timeout=5).contact.connected
    feed.stop()
    assert not feed.is_running
    assert heard.empty()


def test_a_manager_tells_the_whole_swarm_and_waits_for_none_that_is_silent(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    swarm = manager.Manager(open_engine(answers())).swarm()
    assert swarm.services.keys() == {"cache", "web"}
    assert len(swarm.tasks) == 3
    waited: list[float] = []

    def late(*_: object, **options: float) -> None:
        waited.append(options["timeout"])
        raise ReadTimeout("Read timed out.")

    monkeypatch.setattr(manager, "asked", late)
    with pytest.raises(NoManager, match=TOO_LATE[:20]):
        manager.Manager(open_engine({})).swarm()
    assert waited == [manager.ANSWER_SECONDS]
