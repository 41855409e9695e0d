"""What is asked of an engine for an audit, and what is said where it does not tell."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError, NotFound
from requests.exceptions import ConnectionError as NoConnection

from helpers.engine.audit.gathered_facts import container_facts, engine_facts
from helpers.errors import EngineGone, NoSuchContainer
from tests.unit.audited_containers import inspected


def engine(status: str = "running", top: object = None, found: bool = True) -> Any:
    def inspect_container(name: str) -> dict[str, Any]:
        if not found:
            raise NotFound(f"No such container: {name}")
        return {**inspected(), "State": {"Status": status}}

    def answer(name: str) -> object:
        if isinstance(top, Exception):
            raise top
        return top

    api = SimpleNamespace(
        inspect_container=inspect_container,
        top=answer,
    )
    return SimpleNamespace(api=api, info=lambda: {"SecurityOptions": ["name=seccomp"]})


@pytest.mark.parametrize("title", ["CMD", "COMMAND"])
def test_the_commands_are_read_by_the_title_of_their_column(title: str) -> None:
    top = {"Titles": ["PID", title], "Processes": [["1", "sleep 5"], ["2", "sh"], ["3"]]}
    assert container_facts(engine(top=top), "web").commands == ("sleep 5", "sh")


@pytest.mark.parametrize(
    ("top", "said"),
    [
        (APIError("ps: not found"), "ps: not found"),
        ({"Titles": ["PID"], "Processes": [["1"]]}, "names no commands"),
        ({"Titles": None, "Processes": None}, "names no commands"),
    ],
)
def test_why_nobody_knows_what_runs(top: object, said: str) -> None:
    facts = container_facts(engine(top=top), "web")
    assert facts.commands is None
    assert said in facts.why_no_commands.lower()


def test_nothing_is_asked_of_what_does_not_run() -> None:
    facts = container_facts(engine("exited", AssertionError("asked")), "web")
    assert facts.commands is None
    assert facts.why_no_commands == "it is exited, so nothing runs in it"


def test_an_engine_that_goes_away_and_a_container_that_is_not_there() -> None:
    with pytest.raises(EngineGone):
        container_facts(engine(top=NoConnection()), "web")
    with pytest.raises(NoSuchContainer):
        container_facts(engine(found=False), "web")


def test_the_engine_tells_of_its_walls() -> None:
    facts = engine_facts(engine())
    assert (facts.has_seccomp, facts.has_apparmor, facts.swarm) == (True, False, None)
