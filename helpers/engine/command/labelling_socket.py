"""A socket of our own before the engine's, at which what is asked for gets further labels.

Compose has no option for labels, and those of a file count in the hash by which it knows whether a
container is as the file says. So it is the request that gets them: all else passes as it is, and
the same files in a terminal are the same project.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from helpers.engine.command.request_head import RequestHead, Unreadable

_CREATES = re.compile(r"(?:/v[\d.]+)?/(containers|networks|volumes)/create")
_PIECE_BYTES = 1 << 16

# A new connection to the engine; None where there can be none.
Dial = Callable[[], socket.socket | None]
# The labels for an object of that kind, which is about to be asked for with that body.
Labels = Callable[[str, Mapping[str, Any]], Mapping[str, str]]


@contextmanager
def labelling_socket(dial: Dial, labels: Labels) -> Iterator[str | None]:
    """Its address as long as the block runs; None where there can be no such socket.

    It lies in a folder that no other user may enter. `labels` is called on threads of its own.
    """
    if sys.platform == "win32" or (first := dial()) is None:
        yield None
        return
    first.close()
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder, ExitStack() as stack:
        path = Path(folder) / "docker.sock"
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        try:
            listener.bind(str(path))
        except OSError:  # the path of such a socket has a hundred characters at the most
            yield None
            return
        listener.listen()
        road = _Road(listener, dial, labels)
        stack.callback(road.close)
        threading.Thread(target=road.accept, name="labels", daemon=True).start()
        yield f"unix://{path}"


class _Road:
    """All connections that are made at the socket."""

    def __init__(self, listener: socket.socket, dial: Dial, labels: Labels) -> None:
        self._listener = listener
        self._dial = dial
        self._labels = labels
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def accept(self) -> None:
        """Carries each connection on threads of its own, until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Ends them all."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _carry(self, client: socket.socket) -> None:
        engine = self._dial()
        with client, engine or contextlib.nullcontext():
            if engine is None:
                return
            engine.settimeout(None)
            with self._kept(client, engine):
                back = threading.Thread(target=_pass, args=(engine, client), daemon=True)
                back.start()
                with suppress(OSError, Unreadable), client.makefile("rb") as stream:
                    self._forward(stream, engine)
                with suppress(OSError):
                    engine.shutdown(socket.SHUT_WR)
                back.join()

    @contextmanager
    def _kept(self, *sockets: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.update(sockets)
        try:
            yield
        finally:
            with self._lock:
                self._open.difference_update(sockets)

    def _forward(self, stream: IO[bytes], engine: socket.socket) -> None:
        """The client's requests to the engine, one after the other, to its end."""
        while head := RequestHead.read(stream):
            match = _CREATES.fullmatch(head.path) if head.method == "POST" else None
            if match:
                body = self._labelled(match[1], head.whole_body(stream))
                engine.sendall(head.with_body(body))
                continue
            engine.sendall(bytes(head))
            for piece in head.body(stream):
                engine.sendall(piece)
            if head.switches:
                break
        while piece := stream.read1(_PIECE_BYTES):  # type: ignore[attr-defined]
            engine.sendall(piece)

    def _labelled(self, kind: str, body: bytes) -> bytes:
        """The body with the labels; as it is where it is none that the engine would understand."""
        try:
            wanted = json.loads(body)
            further = {**(wanted.get("Labels") or {}), **self._labels(kind, wanted)}
        except (ValueError, AttributeError, TypeError):
            return body
        return json.dumps({**wanted, "Labels": further}).encode()


def _pass(source: socket.socket, target: socket.socket) -> None:
    """All that comes, to its end, which is passed on, too."""
    with suppress(OSError):
        while piece := source.recv(_PIECE_BYTES):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
