"""Sends the requests of a plan, each when it is due, whatever became of those before it."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Collection
from contextlib import suppress

from helpers.engine.load.exchange import Line, exchanged, opened
from helpers.engine.load.failed import Failed
from helpers.engine.load.resolver import Resolver
from helpers.model.load.plan import Plan
from helpers.model.load.reply import Failure, Reply

_FAILURES = {
    errno.ECONNREFUSED: Failure.REFUSED,
    errno.ETIMEDOUT: Failure.TIMED_OUT,
    errno.EHOSTUNREACH: Failure.UNREACHABLE,
    errno.ENETUNREACH: Failure.UNREACHABLE,
    errno.EHOSTDOWN: Failure.UNREACHABLE,
}


class Sender:
    """One load on the running loop; `allowed` are the addresses beside this machine's own loopback.

    Each reply goes to `listener`, on the loop's thread.
    """

    def __init__(
        self, plan: Plan, allowed: Collection[str], listener: Callable[[Reply], None]
    ) -> None:
        self._plan = plan
        self._resolver = Resolver(plan.target, allowed)
        self._listener = listener
        self._idle: list[Line] = []
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """No more requests; those on their way are waited for."""
        self._stopped.set()

    async def run(self) -> None:
        """All that are due until the plan is over or `stop`, each to its end."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        under_way: set[asyncio.Task[None]] = set()
        for number in range(self._plan.count):
            due = begun + self._plan.due_seconds(number)
            if await self._waits_until(due):
                break
            task = loop.create_task(self._one(number, begun, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)
        for line in self._idle:
            line.close()

    async def _waits_until(self, due: float) -> bool:
        """Whether it was stopped before that."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                await self._stopped.wait()
        return self._stopped.is_set()

    async def _one(self, number: int, begun: float, due: float) -> None:
        loop = asyncio.get_running_loop()
        late = loop.time() - due
        status, version, failure, words = 0, "", "", ""
        try:
            async with asyncio.timeout_at(due + self._plan.timeout_seconds):
                status, version = await self._answer()
        except Failed as error:
            failure, words = error.failure, error.words
        except TimeoutError:
            failure = Failure.TIMED_OUT
        except OSError as error:
            failure = _FAILURES.get(error.errno or 0, _of(error))
            words = str(error.strerror or error)
        except Exception as error:  # one request ends no load
            failure, words = Failure.FAILED, f"{type(error).__name__}: {error}"
        took = loop.time() - due
        reply = Reply(number, due - begun, late, took, status, version, str(failure), words)
        self._listener(reply)

    async def _answer(self) -> tuple[int, str]:
        line = self._kept() or await self._opened()
        try:
            answer = await exchanged(line, self._plan)
        except BaseException:
            line.close()
            raise
        if self._plan.keep_alive and line.is_usable:
            self._idle.append(line)
        else:
            line.close()
        return answer

    async def _opened(self) -> Line:
        return await opened(await self._resolver.addresses(), self._plan.target.port)

    def _kept(self) -> Line | None:
        """A connection that was used before and still is one."""
        while self._idle:
            line = self._idle.pop()
            if line.is_usable:
                return line
            line.close()
        return None


def _of(error: OSError) -> Failure:
    return Failure.RESET if isinstance(error, ConnectionError) else Failure.FAILED
