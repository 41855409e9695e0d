"""A server, or a name server, that would have the load maker ask somebody else."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from helpers.engine.load import resolver
from helpers.engine.load.failed import Failed
from helpers.engine.load.resolver import Resolver
from helpers.engine.load.run import LoadRun
from helpers.model.load.plan import checked_plan
from helpers.model.load.reply import Failure
from helpers.model.load.target import Target
from tests.unit import planned_server
from tests.unit.planned_server import PlannedServer

STRANGER = "192.0.2.7"


def test_a_name_is_asked_only_while_it_leads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["127.0.0.1", STRANGER, "::ffff:192.0.2.7", "127.0.0.1"])

    async def lookups() -> list[list[str] | Failure]:
        async def answered(host: str, port: int, **_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (next(answers), port))]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answered)
        asked, seen = Resolver(Target("shop.example"), ()), list[list[str] | Failure]()
        for _ in range(4):
            try:
                seen.append(await asked.addresses())
            except Failed as error:
                seen.append(error.failure)
        return seen

    monkeypatch.setattr(resolver, "_FRESH_SECONDS", -1)
    elsewhere = Failure.ELSEWHERE
    assert asyncio.run(lookups()) == [["127.0.0.1"], elsewhere, elsewhere, ["127.0.0.1"]]


def test_names_are_looked_up_once_a_second_however_many_requests_wait() -> None:
    lookups: list[str] = []

    async def many() -> None:
        async def answered(host: str, port: int, **_: Any) -> list[Any]:
            lookups.append(host)
            await asyncio.sleep(0.01)
            raise socket.gaierror(-2, "Name or service not known")

        asyncio.get_running_loop().getaddrinfo = answered  # type: ignore[method-assign]
        asked = Resolver(Target("shop.example"), ())
        ended = await asyncio.gather(
            *(asked.addresses() for _ in range(300)), return_exceptions=True
        )
        assert {str(each) for each in ended} == {str(ended[0])}

    asyncio.run(many())
    assert lookups == ["shop.example"]


def test_a_redirect_is_counted_and_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with PlannedServer(["1"]) as other, PlannedServer(["away"]) as server:
        head = f"HTTP/1.1 302 Found\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
        monkeypatch.setitem(planned_server.ENTRIES, "away", head.encode())
        load = LoadRun(checked_plan(server.url, 50, 0.2))
        load.start()
        assert load.wait(15)
    assert load.tally.answers == {"no version": 10}
    assert other.connections == 0
