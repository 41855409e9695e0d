"""A client of the SDK whose connections are made here: TCP, TLS and SSH as plain sockets.

The SDK's own ways lack what the docker command has: its SSH wants paramiko or loses what ssh says,
its TLS takes REQUESTS_CA_BUNDLE for the engine's certificates, its TCP goes through a web proxy.
And whatever reads a socket beside the SDK (sessions of BuildKit, streams that are hung up on) has
one that it can read.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from helpers.engine.base.sdk import client_through

if TYPE_CHECKING:
    from docker import DockerClient
    from requests import PreparedRequest

_MOST_IDLE = 10


class Dial(Protocol):
    """A way to one engine."""

    def connect(self) -> socket.socket:
        """A plain socket on whose other side the engine is; raises OSError."""

    def machine(self) -> str:
        """The host at which the engine's machine is reached."""

    def complaint(self) -> str:
        """What was said last against a connection that was made and then ended; '' for nothing."""

    def close(self) -> None:
        """Ends whatever helps the connections."""


def dialled_client(dial: Dial, timeout: float) -> DockerClient:
    """A client of the engine at the end of that way, which it closes with itself.

    Raises what the SDK does, and OSError; then the way is still open, and can be asked why.
    """
    adapter = DialledAdapter(dial)
    try:
        return client_through(adapter, timeout)
    except BaseException:
        adapter.hang_up()
        raise


class DialledAdapter(HTTPAdapter):
    """What the SDK sends requests through: no proxy, no trust store, nothing but the way."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._pool = _Pool("docker", maxsize=_MOST_IDLE, dial=dial)
        super().__init__()

    @cached_property
    def machine(self) -> str:
        """The host at which ports that the engine publishes are sought."""
        return self._dial.machine()

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """The pool of this way, whatever the address is."""
        return self._pool

    def request_url(self, request: PreparedRequest, proxies: Mapping[str, str] | None) -> str:
        """The path alone: there is no proxy that would want an address."""
        return request.path_url

    def close(self) -> None:
        """Ends the connections that wait, and what helps them."""
        self.hang_up()
        self._dial.close()

    def hang_up(self) -> None:
        """Ends the connections that wait."""
        super().close()
        self._pool.close()


class _Connection(HTTPConnection):
    def __init__(self, *words: Any, dial: Dial, **options: Any) -> None:
        super().__init__(*words, **options)
        self._dial = dial

    def connect(self) -> None:
        self.sock = self._dial.connect()
        if isinstance(self.timeout, (int, float)):
            self.sock.settimeout(self.timeout)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection
