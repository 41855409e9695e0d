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

    It ends once our side does: where the other has nothing more to say, we may still write, as the
    docker command's own side does. `on_problem` is told where TLS itself ended it.
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
        self._near_is_open = self._far_is_open = True

    def run(self) -> None:
        """Carries until an end; what either side wrote before it still arrives."""
        try:
            while self._near_is_open or self._out:
                self._wait()
                self._receive()
                self._send()
        except ssl.SSLError as problem:
            self._on_problem(problem)
        except OSError:
            pass
        finally:
            for one in (self._near, self._far):
                with suppress(OSError):
                    one.close()

    def _wait(self) -> None:
        readable: list[socket.socket] = []
        if self._near_is_open and len(self._out) < _AHEAD_BYTES:
            readable.append(self._near)
        if self._far_is_open and len(self._in) < _AHEAD_BYTES:
            # What is decrypted and waits is nothing that `select` sees.
            if self._far.pending():
                return
            readable.append(self._far)
        select.select(readable, self._writable(), [])

    def _writable(self) -> list[socket.socket]:
        near = [self._near] if self._in else []
        return [*near, self._far] if self._out else near

    def _receive(self) -> None:
        if self._far_is_open and len(self._in) < _AHEAD_BYTES:
            with suppress(*_LATER):
                piece = self._far.recv(_PIECE_BYTES)
                self._far_is_open = bool(piece)
                self._in += piece
                self._tell_end()
        if self._near_is_open and len(self._out) < _AHEAD_BYTES:
            with suppress(*_LATER):
                piece = self._near.recv(_PIECE_BYTES)
                self._near_is_open = bool(piece)
                self._out += piece

    def _send(self) -> None:
        if self._in:
            with suppress(*_LATER):
                del self._in[: self._near.send(self._in[:_PIECE_BYTES])]
                self._tell_end()
        if self._out:
            with suppress(*_LATER):
                del self._out[: self._far.send(self._out[:_PIECE_BYTES])]

    def _tell_end(self) -> None:
        """Our side reads the end, once it has read all that came before it."""
        if not self._far_is_open and not self._in:
            self._near.shutdown(socket.SHUT_WR)
