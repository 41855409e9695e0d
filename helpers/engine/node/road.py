"""A Unix socket of ours for the engine in a node, which opens no port.

Each connection is carried by `docker exec` and, in the node, `docker system dial-stdio`, as the
docker command itself carries one over SSH: so it is right on every engine, near or far. The socket
lies in a folder that no other user may enter.
"""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_REFUSED = "Error response from daemon: "
_PIECE_BYTES = 1 << 16
_FIRST_WAIT_SECONDS = 5.0


class NodeRoad:
    """The way to one node, open until `close()`; `words` are those of the `docker exec`.

    Raises OSError where there can be no such socket.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self._words, self._environment = list(words), dict(environment)
        self._folder = tempfile.TemporaryDirectory(prefix="workbook-")
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_closed = False
        path = Path(self._folder.name) / "docker.sock"
        self._listener = socket.socket(socket.AF_UNIX)
        try:
            self._listener.bind(str(path))
        except OSError:
            self._listener.close()
            self._folder.cleanup()
            raise
        self._listener.listen()
        self.host = f"unix://{path}"
        threading.Thread(target=self._accept, name="road to a node", daemon=True).start()

    def close(self) -> None:
        """Ends all connections; nothing of it is left."""
        with self._lock:
            self._is_closed = True
            processes = list(self._processes)
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for process in processes:
            process.kill()
        self._folder.cleanup()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """One connection; where the engine refuses the exec, its words are the answer."""
        with client, suppress(OSError):
            process = self._begun(client)
            if process is None:
                return
            answer = process.communicate()[1].decode("utf-8", "replace")
            with self._lock:
                self._processes.discard(process)
            if answer.startswith(_REFUSED):
                _answer(client, answer.removeprefix(_REFUSED).strip())

    def _begun(self, client: socket.socket) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._is_closed:
                return None
            process = subprocess.Popen(
                self._words,
                env=self._environment,
                stdin=client.fileno(),
                stdout=client.fileno(),
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._processes.add(process)
            return process


def _answer(client: socket.socket, message: str) -> None:
    """The engine's refusal as the answer to whatever is asked."""
    body = json.dumps({"message": message}).encode()
    head = (
        "HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    client.sendall(head.encode() + body)
    client.shutdown(socket.SHUT_WR)
    client.settimeout(_FIRST_WAIT_SECONDS)
    while client.recv(_PIECE_BYTES):
        pass
