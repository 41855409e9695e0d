"""What is said when no engine can be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client, open_client
from helpers.engine.connection.reasons import reason_for
from helpers.errors import EngineNotFound, EngineRefused, EngineTooOld
from tests.unit.fake_engine import fake_engine


def here(host: str) -> Endpoint:
    return Endpoint(host, "a test")


def test_nothing_listens(tmp_path: Path) -> None:
    with pytest.raises(EngineNotFound, match="No Docker engine answers") as caught:
        open_client(here(f"unix://{tmp_path}/none.sock"))
    assert "workbook lab" in caught.value.next_step


def test_an_engine_that_is_too_old(tmp_path: Path) -> None:
    answers = {"/version": (200, {"ApiVersion": "1.39", "Version": "18.09"})}
    with (
        fake_engine(tmp_path / "old.sock", answers) as host,
        pytest.raises(EngineTooOld, match=r"API 1\.39.*need API 1\.41"),
    ):
        open_client(here(host))


def test_something_else_listens(tmp_path: Path) -> None:
    with (
        fake_engine(tmp_path / "other.sock", {"/version": (200, "<html>hello</html>")}) as host,
        pytest.raises(EngineNotFound, match="No Docker engine answers"),
    ):
        open_client(here(host))


def test_an_engine_that_refuses() -> None:
    refused = reason_for(here("unix:///x"), PermissionError(13, "Permission denied"), "")
    assert isinstance(refused, EngineRefused)
    assert "group `docker`" in refused.next_step


def test_the_error_that_says_most_wins_over_nothing_there(tmp_path: Path) -> None:
    answers = {"/version": (200, {"ApiVersion": "1.30"})}
    with fake_engine(tmp_path / "old.sock", answers) as host, pytest.raises(EngineTooOld):
        find_client([here(f"unix://{tmp_path}/none.sock"), here(host)])


def test_the_first_that_answers_is_taken(tmp_path: Path) -> None:
    answers = {"/version": (200, {"ApiVersion": "1.41"})}
    with fake_engine(tmp_path / "new.sock", answers) as host:
        client, endpoint = find_client([here(f"unix://{tmp_path}/none.sock"), here(host)])
        client.close()
    assert endpoint.host == host
