"""The process that sends: its plan comes on standard input, lists of replies go out.

`{"plan": …, "allowed": […]}` is the first line; another one stops it, and the end of the input
ends it at once: whoever started it is gone. It says `{"began": epoch seconds}`, then rows of
replies, as JSON, one line each.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from helpers.engine.load.sender import Sender
from helpers.model.load.plan import Plan
from helpers.model.load.reply import Reply

_FLUSH_SECONDS = 0.1


def main() -> None:
    """One load, as the input says."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = json.loads(sys.stdin.readline())
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    # A reader that is busy must not hold up what is due.
    writer = threading.Thread(target=_write, args=(lines,))
    writer.start()
    try:
        asyncio.run(_send(Plan.from_values(order["plan"]), frozenset(order["allowed"]), lines))
    finally:
        lines.put(None)
        writer.join()


async def _send(plan: Plan, allowed: frozenset[str], lines: queue.SimpleQueue[str | None]) -> None:
    rows: list[list[Any]] = []

    def note(reply: Reply) -> None:
        rows.append(reply.as_row())

    def flush() -> None:
        if rows:
            lines.put(json.dumps(rows))
            rows.clear()

    async def flush_often() -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            flush()

    sender = Sender(plan, allowed, note)
    loop = asyncio.get_running_loop()
    threading.Thread(target=_listen, args=(loop, sender), daemon=True).start()
    lines.put(json.dumps({"began": time.time()}))
    flushing = asyncio.create_task(flush_often())
    await sender.run()
    flushing.cancel()
    flush()


def _listen(loop: asyncio.AbstractEventLoop, sender: Sender) -> None:
    if not sys.stdin.readline():
        os._exit(1)
    with suppress(RuntimeError):  # it may have ended by itself
        loop.call_soon_threadsafe(sender.stop)
    sys.stdin.read()
    os._exit(1)


def _write(lines: queue.SimpleQueue[str | None]) -> None:
    with suppress(OSError):
        while (line := lines.get()) is not None:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
