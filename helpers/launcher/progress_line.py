"""One line of a terminal that tells what long work is doing. Standard library only."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from types import TracebackType
from typing import TextIO

from helpers.outside import visible_line

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_TICK_SECONDS = 0.1


class ProgressLine:
    """A line that ticks while the block runs, then says how long it took.

    Where the stream is no terminal only the first and the last line are written.
    """

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self._title = title
        self._stream = sys.stderr if stream is None else stream
        self._doing = ""
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def update(self, doing: str) -> None:
        """The line says this from now on."""
        self._doing = doing

    def __enter__(self) -> ProgressLine:
        self._started = time.monotonic()
        if self._stream.isatty():
            self._ticker.start()
        else:
            self._write(f"{self._title} …\n")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._ticker.is_alive():
            self._over.set()
            self._ticker.join()
            self._write("\r\033[K")
        outcome = (
            "done" if kind is None else "failed" if kind is not KeyboardInterrupt else "stopped"
        )
        self._write(f"{self._title}: {outcome} after {self._seconds():.0f} s\n")

    def _tick(self) -> None:
        frame = 0
        while not self._over.wait(_TICK_SECONDS):
            frame = (frame + 1) % len(_FRAMES)
            doing = visible_line(self._doing)
            line = f"{self._frame(frame)} {self._title} · {self._seconds():.0f} s {doing}"
            self._write("\r\033[K" + line[: shutil.get_terminal_size().columns - 1])

    def _frame(self, number: int) -> str:
        encoding = (self._stream.encoding or "utf-8").lower()
        return _FRAMES[number] if encoding.startswith("utf") else r"|/-\|/-\|/"[number]

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _write(self, text: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "replace").decode(encoding))
        self._stream.flush()
