"""The starts of a project of real containers, against the engine's own events and inspect.

The containers are made without Compose, with its labels: these are what the view goes by.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.labels import LESSON
from helpers.engine.connection.client import find_client, open_client
from helpers.engine.project.feed import ProjectFeed
from helpers.engine.project.memory import ProjectMemory
from helpers.model.project.lane import Phase
from helpers.model.project.member import NUMBER, PROJECT, SERVICE
from helpers.model.project.startup import Startup
from helpers.model.text.answer_parts import moment_in
from tests.engine.conftest import BUSYBOX
from tests.engine.cut_proxy import CutProxy
from tests.engine.labelled import remove_labelled

pytestmark = pytest.mark.engine

# An engine tells of an earlier run of these tests, too.
NAME = f"wbt-cafe-{secrets.token_hex(4)}"
LABEL, NUMBER_LABEL = "tests-startup", "1<img>\x1b"
DATABASE = "sleep 0.4; touch /ready; exec sleep 600"
# It crashes where there is no file yet, and is started again by its policy.
APP = """[ -f /once ] || { touch /once; exit 7; }
echo '10.0.0.9 "GET /not-ready HTTP/1.1" 503'; echo '10.0.0.9 "GET /items HTTP/1.1" 200'
exec sleep 600"""
MOST_EVENTS = 256


@dataclass
class Project:
    """What was made of it, and what its feed gave, each with the time when it came."""

    client: Any
    feed: ProjectFeed
    ids: list[dict[str, str]] = field(default_factory=list)
    items: list[tuple[float, Startup]] = field(default_factory=list)
    looks: list[dict[str, Any]] = field(default_factory=list)
    logs: list[bytes] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def take(self, now: Startup) -> None:
        with self.news:
            self.items.append((time.time(), now))
            self.news.notify_all()

    def wait(self, so: Callable[[Startup], object]) -> None:
        with self.news:
            assert self.news.wait_for(lambda: any(so(now) for _, now in self.items), 30)

    def container(self, service: str, words: str, **more: Any) -> str:
        api = self.client.api
        labels = {PROJECT: NAME, SERVICE: service, NUMBER: NUMBER_LABEL, LESSON: LABEL}
        made: str = api.create_container(
            BUSYBOX, ["sh", "-c", words], labels=labels, stop_signal="SIGKILL", **more
        )["Id"]
        return made

    def up(self) -> None:
        """As Compose does: all are created, then each is started."""
        api = self.client.api
        check = {"test": ["CMD", "test", "-f", "/ready"], "interval": 300_000_000}
        policy = api.create_host_config(restart_policy={"Name": "on-failure"})
        ids = {
            "db": self.container("db", DATABASE, healthcheck=check),
            "app": self.container("app", APP, host_config=policy),
        }
        self.ids.append(ids)
        for identity in ids.values():
            api.start(identity)

    def down(self) -> None:
        """As Compose does, after a look at all."""
        api = self.client.api
        for service, identity in self.ids[-1].items():
            self.looks.append(api.inspect_container(identity))
            if service == "app":
                self.logs.append(api.logs(identity, timestamps=True))
            api.remove_container(identity, force=True)


def is_done(count: int) -> Callable[[Startup], object]:
    """Whether so many starts are known, and the newest is up and has answered."""

    def so(now: Startup) -> bool:
        answers = [lane.answer for run in now.runs for lane in run.lanes if lane.service == "app"]
        return len(now.runs) == count and not now.is_going and all(answers)

    return so


@pytest.fixture(scope="module")
def project(endpoint: Endpoint) -> Iterator[Project]:
    """Two starts, followed as they happened; the containers of the second are still there."""
    client, _ = find_client([endpoint])
    remove_labelled(client, LABEL)
    made = Project(client, ProjectFeed(client, ProjectMemory(NAME)))
    made.feed.start(made.take)
    try:
        for count in (1, 2):
            made.up()
            made.wait(is_done(count))
            if count == 1:
                made.down()
        yield made
    finally:
        made.feed.stop()
        remove_labelled(client, LABEL)
        client.close()


def told_of(project: Project, container: str, action: str) -> list[float]:
    """When the engine says that this happened to that container."""
    messages = project.client.api.events(
        since="1", until=f"{time.time():.6f}", filters={"container": container}, decode=True
    )
    return [each["timeNano"] / 1e9 for each in messages if each["Action"] == action]


def test_each_moment_is_the_engines_own(project: Project) -> None:
    first = project.items[-1][1].runs[0]
    assert [lane.id for lane in first.lanes] == list(project.ids[0].values())
    actions = {
        Phase.CREATED: "create", Phase.RUNNING: "start", Phase.HEALTHY: "health_status: healthy",
        Phase.DOWN: "die",
    }  # fmt: skip
    for lane in first.lanes:
        for phase, action in actions.items():
            ours = [each.since for each in lane.stages if each.phase is phase]
            assert ours == told_of(project, lane.id, action)[: len(ours)], (lane.service, action)
    by_db, by_app = project.looks
    db, app = first.lanes
    assert db.first(Phase.RUNNING) == pytest.approx(moment_in(by_db, "State", "StartedAt"), abs=2)
    assert db.first(Phase.HEALTHY)
    assert [each.exit_code for each in app.crashes] == [7]
    assert by_app["RestartCount"] == len(app.crashes) == 1


def test_the_first_answer_is_that_of_the_log(project: Project) -> None:
    for run in project.items[-1][1].runs:
        answer = run.lanes[1].answer
        assert answer is not None
        assert answer.words == '"GET /items HTTP/1.1" 200'
    line = next(each for each in project.logs[0].splitlines() if b"/items" in each)
    first = project.items[-1][1].runs[0].lanes[1].answer
    assert first is not None
    assert first.at == moment_in({"at": line.split()[0].decode()}, "at")


def test_it_is_followed_as_it_happens(project: Project) -> None:
    """Each phase of the second start was seen within half a second of the engine's event."""
    late = []
    for position, lane in enumerate(project.items[-1][1].runs[1].lanes):
        for stage in lane.stages:
            seen = next(
                at for at, now in project.items
                if len(now.runs) == 2 and len(now.runs[1].lanes) > position
                and stage in now.runs[1].lanes[position].stages
            )  # fmt: skip
            late.append(seen - stage.since)
    assert sorted(late)[len(late) // 2] < 0.5, late
    assert any(now.is_going for _, now in project.items)


def test_what_the_engine_has_forgotten_is_asked_of_what_is_there(project: Project) -> None:
    api, known = project.client.api, project.feed.newest
    before = ProjectFeed(project.client, ProjectMemory(NAME)).newest
    assert [run.begun for run in before.runs] == [run.begun for run in known.runs]
    assert not before.has_forgotten
    assert [lane.answer for lane in before.runs[1].lanes] == [
        lane.answer for lane in known.runs[1].lanes
    ]
    for _ in range(MOST_EVENTS + 1):
        api.exec_create(project.ids[1]["app"], ["true"])
    # What happened in the last second is left to its event.
    last_at = max(stage.since for lane in known.runs[1].lanes for stage in lane.stages)
    time.sleep(max(0, last_at + 1.2 - time.time()))
    (run,) = ProjectFeed(project.client, ProjectMemory(NAME)).newest.runs
    assert all(lane.has_gap for lane in run.lanes)
    assert run.begun == pytest.approx(known.runs[1].begun, abs=2)
    healthy = [each.lanes[0].first(Phase.HEALTHY) for each in (known.runs[1], run)]
    assert all(healthy)
    assert run.lanes[0].is_late or healthy[1] == pytest.approx(healthy[0], abs=2)
    assert len(project.feed.newest.runs) == 2, "what was heard is not forgotten here"


def test_an_engine_that_went_away_is_waited_for(
    project: Project, endpoint: Endpoint, tmp_path: Path
) -> None:
    proxy = CutProxy(endpoint.host, tmp_path / "engine.sock")
    client = open_client(Endpoint(proxy.host, "test"))
    followed = Project(client, ProjectFeed(client, ProjectMemory(NAME)))
    try:
        followed.feed.start(followed.take)
        deadline = time.monotonic() + 10
        while not proxy.connections and time.monotonic() < deadline:
            time.sleep(0.01)
        proxy.cut()
        followed.wait(lambda now: not now.contact.connected)
        extra = project.container("late", "exit 3")
        project.client.api.start(extra)
        proxy.mend()
        followed.wait(lambda now: now.contact.connected and "late" in services(now))
    finally:
        followed.feed.stop()
        proxy.cut()
        client.close()
    assert not followed.feed.is_running


def services(now: Startup) -> list[str]:
    """The services of all starts."""
    return [lane.service for run in now.runs for lane in run.lanes]


def test_another_projects_containers_are_none_of_it(project: Project) -> None:
    feed = ProjectFeed(project.client, ProjectMemory(NAME[:-1]))
    assert feed.newest.runs == ()
    assert NAME in feed.newest.others
