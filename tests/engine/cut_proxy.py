"""A road to the engine that a test can cut and mend: a Unix socket in front of the real one."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit


class CutProxy:
    """Passes bytes on to the engine until it is cut; `host` is what a client connects to."""

    def __init__(self, engine_host: str, path: Path) -> None:
        self._engine = urlsplit(engine_host).path
        self._path = path
        self.host = f"unix://{path}"
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.mend()

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return sum(1 for one in self._open[::2] if one.fileno() >= 0)

    def cut(self) -> None:
        """All connections broken, and no new one possible."""
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
            self._path.unlink()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """The road open again."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(self._engine)
                self._open += [client, engine]
                for pair in ((client, engine), (engine, client)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
