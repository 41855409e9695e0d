"""An HTTP server that strangers may talk to: Tornado's, with a bound on how many are connected."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

# Who says nothing for so long is closed, before the first request and between two.
SILENT_SECONDS = 15.0
MOST_CONNECTIONS = 4096
_MOST_HEADER_BYTES = 1 << 14
_MOST_BODY_BYTES = 1 << 10  # nothing that is asked here has one
_OWN_FILES = 96  # what the process has open beside its connections
_LOGGERS = ("tornado.access", "tornado.general", "tornado.application")


class BoundedHttpServer(HTTPServer):
    """At its bound it closes one connection for each new one, of whoever holds the most of them.

    Of theirs it takes the one that has been waiting longest with nothing asked.
    """

    def initialize(self, *args: Any, most: int = MOST_CONNECTIONS, **options: Any) -> None:
        """The server; `most` is how many may be connected at once."""
        bounds: dict[str, Any] = {
            "idle_connection_timeout": SILENT_SECONDS,
            "body_timeout": SILENT_SECONDS,
            "max_header_size": _MOST_HEADER_BYTES,
            "max_body_size": _MOST_BODY_BYTES,
        }
        super().initialize(*args, **{**bounds, **options})
        self._most = most
        self._hosts: dict[IOStream, str] = {}  # in the order in which they came
        self._busy: set[IOStream] = set()

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Takes a new connection in."""
        for gone in [one for one in self._hosts if one.closed()] if self._is_full() else []:
            self._forget(gone)
        if self._is_full():
            worst = self._worst()
            self._forget(worst)
            worst.close()
        self._hosts[stream] = str(address[0])
        super().handle_stream(stream, address)

    @property
    def busy_count(self) -> int:
        """How many connections are being answered."""
        return len(self._busy)

    def began(self, stream: IOStream) -> None:
        """Notes that something was asked over that connection."""
        self._busy.add(stream)

    def ended(self, stream: IOStream) -> None:
        """Notes that it was answered."""
        self._busy.discard(stream)

    def on_close(self, server_conn: Any) -> None:
        """Forgets a connection that is over."""
        self._forget(server_conn.stream)
        super().on_close(server_conn)

    def _is_full(self) -> bool:
        return len(self._hosts) >= self._most

    def _worst(self) -> IOStream:
        greedy = Counter(self._hosts.values()).most_common(1)[0][0]
        theirs = [stream for stream, host in self._hosts.items() if host == greedy]
        return next((one for one in theirs if one not in self._busy), theirs[0])

    def _forget(self, stream: IOStream) -> None:
        self._hosts.pop(stream, None)
        self._busy.discard(stream)


def connections_allowed() -> int:
    """How many connections this process has files for, with its own limit raised where it may."""
    if sys.platform == "win32":
        return 448  # what `select` takes there is 512
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OWN_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    most = wanted if soft == resource.RLIM_INFINITY else soft
    return max(16, min(most, wanted) - _OWN_FILES)


@contextmanager
def quiet_logs() -> Iterator[None]:
    """A block in which Tornado logs nothing: its lines hold what strangers sent."""

    def refuse(record: logging.LogRecord) -> bool:
        return False

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(refuse)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(refuse)
