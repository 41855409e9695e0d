"""A server on loopback that answers by plan, one entry a connection in turn, and counts itself."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

Answer = Callable[[asyncio.StreamWriter], Any]
BACKLOG = 1024


def answer(version: str = "", status: int = 200, body: str = "", kind: str = "text/plain") -> bytes:
    """A whole answer, after which the connection is closed."""
    extra = f"X-App-Version: {version}\r\n" if version else ""
    head = f"HTTP/1.1 {status} Planned\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{extra}\r\n{body}".encode()


ENTRIES: dict[str, bytes] = {
    "1": answer("1"),
    "2": answer("2"),
    "json": answer(body='{"version": 3}', kind="application/json"),
    "HTTP 500": answer("2", 500),
    "HTTP 503": answer("2", 503),
    "HTTP 404": answer("2", 404),
    "broken off in the middle": answer("2", body="all of it")[:-4],
    "closed without an answer": b"",
    "not HTTP": b"220 mail.example ESMTP\r\n",
    "reset": b"",
    "timed out": b"",
}


class PlannedServer:
    """What was answered stands in `counts`, when each request came in `arrivals`."""

    def __init__(self, plan: Sequence[str]) -> None:
        self._plan = list(plan)
        self.counts: Counter[str] = Counter()
        self.arrivals: list[float] = []
        self.connections = 0
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def __enter__(self) -> PlannedServer:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/"

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, backlog=BACKLOG)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.arrivals.append(time.monotonic())
                entry = self._plan[(len(self.arrivals) - 1) % len(self._plan)]
                self.counts[entry] += 1
                await self._answer(entry, writer)
                if entry not in ("1", "2") or b"keep-alive" not in head:
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        writer.close()

    async def _answer(self, entry: str, writer: asyncio.StreamWriter) -> None:
        if entry == "timed out":
            await self._over.wait()
        if entry == "reset":
            line: socket.socket = writer.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return
        writer.write(ENTRIES[entry])
        await writer.drain()
