"""The addresses of a load's target, looked up once a second at most, however many requests wait."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from ipaddress import ip_address

from helpers.engine.load.failed import Failed
from helpers.model.load.reply import Failure
from helpers.model.load.target import Target, is_allowed

_FRESH_SECONDS = 1.0


class Resolver:
    """Looks it up on the running loop; `allowed` are addresses beside this machine's loopback."""

    def __init__(self, target: Target, allowed: Collection[str]) -> None:
        self._target = target
        self._allowed = allowed
        self._lookup: asyncio.Task[list[str]] | None = None
        self._asked_at = 0.0

    async def addresses(self) -> list[str]:
        """Those of them that may be asked; raises Failed where there is none."""
        every = await self._every()
        own = [each for each in every if is_allowed(each, self._allowed)]
        if not own:
            raise Failed(Failure.ELSEWHERE, ", ".join(every))
        return own

    async def _every(self) -> list[str]:
        try:
            return [str(ip_address(self._target.host))]
        except ValueError:
            pass
        now = asyncio.get_running_loop().time()
        if self._lookup is None or (self._lookup.done() and now - self._asked_at > _FRESH_SECONDS):
            self._asked_at = now
            self._lookup = asyncio.create_task(_looked_up(self._target))
        try:
            # A request that is given up must not end it for the others.
            return await asyncio.shield(self._lookup)
        except (socket.gaierror, UnicodeError) as error:
            words = str(getattr(error, "strerror", "") or error)
            raise Failed(Failure.NO_NAME, words) from None


async def _looked_up(target: Target) -> list[str]:
    loop = asyncio.get_running_loop()
    rows = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))
