"""Asking an app over HTTP: what listens there may speak another language."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from helpers.engine.base.http_probe import one_answer, wait_for_answer
from helpers.errors import NotReady


@pytest.fixture
def database() -> Iterator[str]:
    """The address of something that answers whatever it is asked, and not in HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(4096)
                    line.sendall(b"-ERR unknown command\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        listening.shutdown(socket.SHUT_RDWR)


def test_what_speaks_no_http_is_not_ready(database: str) -> None:
    with pytest.raises(NotReady, match=r"was not ready within .*: -ERR unknown command"):
        wait_for_answer(database, 0, lambda: None)
    with pytest.raises(NotReady, match="gave no answer: -ERR unknown command"):
        one_answer(database, 5)
