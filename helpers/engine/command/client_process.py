"""A process of the docker command: what it says, while it says it."""

from __future__ import annotations

import codecs
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, NamedTuple

_TICK_SECONDS = 0.1
_READ_BYTES = 1 << 16
# How long it has after an interrupt, then after SIGTERM.
GRACE_SECONDS = (3.0, 2.0)


class Piece(NamedTuple):
    """Some text that it wrote; which may end within a line."""

    text: str
    is_error: bool


class ClientProcess:
    """One run of it, in a process group of its own: an interrupt is passed on, and comes once."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        stdin: str | None = None,
        grace_seconds: tuple[float, float] = GRACE_SECONDS,
    ) -> None:
        self._grace_seconds = grace_seconds
        self._process = subprocess.Popen(
            list(words),
            env=dict(environment),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **_OWN_GROUP,  # type: ignore[call-overload]
        )
        self._pieces: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self._threads = [
            self._started(self._read, self._process.stdout, False),
            self._started(self._read, self._process.stderr, True),
        ]
        if stdin is not None:
            self._threads.append(self._started(self._write, self._process.stdin, stdin))

    def pieces(self) -> Iterator[Piece | None]:
        """What it says as it comes, to its end; None ten times a second of silence."""
        open_streams = 2
        while open_streams:
            try:
                piece = self._pieces.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                yield None
                continue
            if piece is None:
                open_streams -= 1
            else:
                yield piece

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        code: int = self._process.wait()
        for thread in self._threads:
            thread.join()
        return code

    def stop(self) -> None:
        """Its end: an interrupt as with Ctrl-C, then harder ones."""
        steps = (_INTERRUPT, signal.SIGTERM)
        for step, seconds in zip(steps, self._grace_seconds, strict=True):
            with suppress(OSError):
                self._process.send_signal(step)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
                return
        self._process.kill()
        self._process.wait()

    def _started(self, target: object, *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        thread.start()
        return thread

    def _read(self, stream: IO[bytes], is_error: bool) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        with suppress(OSError, ValueError), stream:
            while piece := stream.read1(_READ_BYTES):  # type: ignore[attr-defined]
                self._pieces.put(Piece(decoder.decode(piece), is_error))
        if rest := decoder.decode(b"", final=True):
            self._pieces.put(Piece(rest, is_error))
        self._pieces.put(None)

    def _write(self, stream: IO[bytes], text: str) -> None:
        with suppress(OSError), stream:
            stream.write(text.encode("utf-8", "surrogateescape"))


if sys.platform == "win32":
    _OWN_GROUP: dict[str, object] = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    _INTERRUPT = signal.CTRL_BREAK_EVENT
else:
    _OWN_GROUP = {"start_new_session": True}
    _INTERRUPT = signal.SIGINT
