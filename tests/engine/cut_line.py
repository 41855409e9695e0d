"""A line to an engine that can be cut in the middle of a request."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType


class CutLine:
    """A Unix socket at `path` that passes everything on to another one, until it is cut."""

    def __init__(self, path: Path, target: Path) -> None:
        self.host = f"unix://{path}"
        self._target = target
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()

    def __enter__(self) -> CutLine:
        self._go(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        for thread in self._threads:
            thread.join(10)
        with ExitStack() as stack:
            for end in [self._listener, *self._open]:
                stack.callback(end.close)

    def cut(self) -> None:
        """From now on every connection is broken, and no new one is made."""
        for end in [self._listener, *self._open]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                self._open += [near, far]
                far.connect(str(self._target))
                self._go(self._pass_on, near, far)
                self._go(self._pass_on, far, near)

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def _go(self, call: object, *words: object) -> None:
        thread = threading.Thread(target=call, args=words, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()
