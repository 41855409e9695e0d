"""A plain socket for a TLS connection, so that two threads may read and write, and one hang up."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

_PIECE_BYTES = 1 << 16
_AHEAD_BYTES = 1 << 18
_LATER = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)


def bridged(
    far: ssl.SSLSocket, on_problem: Callable[[OSError], None] = lambda _: None
) -> socket.socket:
    """One end of a pair of sockets; a thread carries on what is written to it, and what comes.

    It ends once either side does; `on_problem` is told where TLS itself ended it.
    """
    ours, near = socket.socketpair()
    for one in (far, near):
        one.setblocking(False)
    bridge = _Bridge(near, far, on_problem)
    threading.Thread(target=bridge.run, name="docker over TLS", daemon=True).start()
    return ours


class _Bridge:
    """Bytes on their way, a bounded number in each direction."""

    def __init__(
        self, near: socket.socket, far: ssl.SSLSocket, on_problem: Callable[[OSError], None]
    ) -> None:
        self._near, self._far = near, far
        self._on_problem = on_problem
        self._out, self._in = bytearray(), bytearray()
        self._far_is_open = True

    def run(self) -> None:
        """Carries until an end; what the engine said last still arrives."""
        try:
            while self._far_is_open or self._in:
                self._step()
        except ssl.SSLError as problem:
            self._on_problem(problem)
        except (OSError, EOFError):
            pass
        finally:
            for one in (self._near, self._far):
                with suppress(OSError):
                    one.close()

    def _step(self) -> None:
        self._receive()
        self._send()
        readable = [self._near] if len(self._out) < _AHEAD_BYTES else []
        writable = [self._near] if self._in else []
        if self._far_is_open:
            readable += [self._far] if len(self._in) < _AHEAD_BYTES else []
            writable += [self._far] if self._out else []
        select.select(readable, writable, [])

    def _receive(self) -> None:
        """What TLS has decrypted may wait where `select` does not see it: read till it has none."""
        while self._far_is_open and len(self._in) < _AHEAD_BYTES:
            try:
                piece = self._far.recv(_PIECE_BYTES)
            except _LATER:
                break
            self._far_is_open = bool(piece)
            self._in += piece
        if len(self._out) < _AHEAD_BYTES:
            with suppress(*_LATER):
                piece = self._near.recv(_PIECE_BYTES)
                if not piece:
                    raise EOFError
                self._out += piece

    def _send(self) -> None:
        for target, waiting in ((self._near, self._in), (self._far, self._out)):
            with suppress(*_LATER):
                if waiting and (target is self._near or self._far_is_open):
                    del waiting[: target.send(waiting[:_PIECE_BYTES])]
