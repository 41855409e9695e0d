"""A load that runs: the process that sends, and what has come back from it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from helpers.engine.base.leased_thread import give
from helpers.errors import SetupFailed
from helpers.model.load.plan import Plan
from helpers.model.load.reply import Reply
from helpers.model.load.tally import Tally

_BEGIN_SECONDS = 20
_GRACE_SECONDS = 5
OVER, STOPPED, GONE = "its time is over", "stopped", "its process ended"
Listener = Callable[["LoadRun"], None]


class LoadRun:
    """One load; listeners are called on a thread of its own, each time that replies have come.

    It ends when its plan is over, by `stop`, and with this process, however that ends.
    """

    def __init__(self, plan: Plan, allowed: Collection[str] = ()) -> None:
        self.plan = plan
        self.tally = Tally()
        self.began = 0.0
        self.ended = ""
        self._allowed = sorted(allowed)
        self._why = ""
        self._listeners: list[Listener] = []
        self._has_begun, self._is_over = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    @property
    def is_running(self) -> bool:
        """Whether more replies will come."""
        return self._process is not None and not self._is_over.is_set()

    def start(self, listener: Listener = lambda _: None) -> None:
        """The first request is under way when this returns; raises SetupFailed without."""
        self.listen(listener)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "helpers.engine.load.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._write({"plan": self.plan.as_values(), "allowed": self._allowed})
        threading.Thread(target=self._read, args=(self._process,), name="load", daemon=True).start()
        try:
            self._has_begun.wait(_BEGIN_SECONDS)
        finally:  # whoever is interrupted here has nothing by which to end it later
            if not self.began:
                self._process.kill()
                self._is_over.wait(_GRACE_SECONDS)
        if not self.began:
            raise SetupFailed(
                "The process that sends requests did not start.",
                "Run the cell again; `./workbook doctor` looks at this machine.",
            )

    def listen(self, listener: Listener) -> Callable[[], None]:
        """From now on it is called, too, until the answer is."""
        self._listeners.append(listener)

        def end() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def stop(self, why: str = STOPPED) -> None:
        """No more requests; returns when those on their way have ended. May be called twice."""
        with self._lock:
            self._why = self._why or why
        if self.is_running:
            self._write({"stop": True})
            self.wait(self.plan.timeout_seconds + _GRACE_SECONDS)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._is_over.wait(_GRACE_SECONDS)

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it is over, after so many seconds at most."""
        return self._is_over.wait(seconds)

    def _write(self, order: dict[str, object]) -> None:
        process = self._process
        with self._lock, suppress(OSError, ValueError):
            if process is not None and process.stdin is not None:
                process.stdin.write(f"{json.dumps(order)}\n")
                process.stdin.flush()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith("\n"):  # one that is killed while it writes leaves half a line
                self._take(json.loads(line))
        code = self._ended(process)
        self.ended = self._why or (GONE if code else OVER)
        self._is_over.set()
        self._has_begun.set()
        self._pass_on()

    def _take(self, values: Any) -> None:
        if isinstance(values, dict):
            self.began = float(values["began"])
            self._has_begun.set()
        else:
            self.tally.add(map(Reply.from_row, values))
            self._pass_on()

    def _pass_on(self) -> None:
        for listener in list(self._listeners):
            give(listener, self)

    def _ended(self, process: subprocess.Popen[str]) -> int:
        """Its exit code, once it has ended and its streams are closed."""
        with self._lock:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
        return process.wait()
