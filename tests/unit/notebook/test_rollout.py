"""What `rollout` takes, and what it says where there is nothing to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docker import DockerClient

from helpers.errors import EngineError, InvalidInput
from helpers.model.swarm.trouble import NO_LEADER, WORKERS_ONLY
from helpers.notebook import rollout as module
from helpers.notebook.load import NotebookLoad
from helpers.notebook.rollout import rollout
from tests.unit.fake_engine import Answers, fake_engine
from tests.unit.swarm_record import recorded


class FakeEngine:
    """As much of the learner's engine as is asked for."""

    def __init__(self, client: DockerClient) -> None:
        self.client = client
        self.nodes = SimpleNamespace(running=lambda: [])


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """The answers of the engine that is connected: those of a manager, which may be changed."""
    record = recorded("update")
    frame = record["frames"][1]
    answers: Answers = {
        "/nodes": (200, record["nodes"]),
        "/services/web": (200, frame["service"]),
        "/tasks": (200, frame["tasks"]),
        "/info": (200, {}),
    }
    with fake_engine(tmp_path / "engine.sock", answers) as host:
        client = DockerClient(base_url=host, version="1.45", timeout=5)
        monkeypatch.setattr(module, "current_engine", lambda: FakeEngine(client))
        yield answers
        client.close()


def test_a_table_has_a_row_for_each_tile(table: Answers) -> None:
    rows = rollout("web").table()
    assert list(rows["task"]) == ["web.2", "web.2", "web.1", "web.3"] or len(rows) == 4
    assert sorted(rows["version"]) == ["1", "1", "1", "2"]
    assert set(rows["desired"]) == {"running"}


@pytest.mark.parametrize("name", ["", "we b", "-web", "w" * 64, "web;", None, 3, "../nodes"])
def test_what_is_no_name_is_refused(table: Answers, name: Any) -> None:
    with pytest.raises(InvalidInput, match="is no name of a service"):
        rollout(name)


def test_what_is_no_load_is_refused(table: Answers) -> None:
    wrong: Any = "http://127.0.0.1:4121/"
    with pytest.raises(InvalidInput, match="no load of `requests"):
        rollout("web", wrong)


def test_its_load_is_drawn(table: Answers) -> None:
    from helpers.engine.load.run import LoadRun
    from helpers.model.load.plan import checked_plan

    load = NotebookLoad(LoadRun(checked_plan("http://127.0.0.1:4121/", 20)))
    content = rollout("web", load).content()
    assert content["load"]["counter"] == "0 of 0 requests failed"


@pytest.mark.parametrize(
    ("message", "kind", "sentence"),
    [
        ("This node is not a swarm manager.", InvalidInput, WORKERS_ONLY),
        ("rpc error: The swarm does not have a leader.", EngineError, NO_LEADER),
    ],
)
def test_where_no_manager_answers_that_is_said_with_a_next_step(
    table: Answers, message: str, kind: type[Exception], sentence: str
) -> None:
    table.clear()
    table[""] = (503, {"message": message})
    with pytest.raises(kind) as caught:
        rollout("web")
    error: Any = caught.value
    assert error.message == sentence
    assert error.next_step
