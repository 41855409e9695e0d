"""The HTTP server: waitress, with a stop that finishes what it has begun."""

import logging
import socket
import time
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.task import WSGITask

from .lifecycle import Lifecycle
from .settings import BadSetting

THREADS = 8
MAX_BODY_BYTES = 1_000_000
GRACE_SECONDS = 8.0  # `docker stop` kills after ten
QUIET_SECONDS = 0.2  # a client that has just connected may still be sending its request

_log = logging.getLogger("workbook_app.server")


def open_listener(host: str, port: int) -> socket.socket:
    """A socket that listens there; BadSetting if nobody can, or somebody else does."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        return socket.create_server(address, family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise BadSetting(f"Cannot listen on {host} port {port}: {reason}.") from error


def url_of(host: str, port: int) -> str:
    """The URL of an address; one of version 6 stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server:
    """Serves an app until its lifecycle says stop; waitress reads and writes, threads work."""

    def __init__(
        self,
        app: Flask,
        listener: socket.socket,
        lifecycle: Lifecycle,
        grace_seconds: float = GRACE_SECONDS,
        drain_seconds: float = 0.0,
    ) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._lifecycle = lifecycle
        self._grace_seconds = grace_seconds
        self._drain_seconds = drain_seconds
        self._sockets: dict[int, Any] = {}
        self._waitress = create_server(
            app,
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            max_request_body_size=MAX_BODY_BYTES,
            clear_untrusted_proxy_headers=True,
        )
        self._waitress.channel_class = _channel_class(lifecycle)
        lifecycle.call_on_stop(self._waitress.pull_trigger)

    @property
    def url(self) -> str:
        return url_of(self._waitress.effective_host, self._waitress.effective_port)

    def run(self) -> int:
        """How many requests it had to cut off after it was told to stop: 0 if all went well."""
        _log.info("Listening on %s", self.url)
        while not self._lifecycle.stopping:
            self._turn(1)
        _log.info("Stopping")
        cut_off = self._finish(time.monotonic() + self._grace_seconds)
        self._close()
        _log.info("Stopped with %d requests cut off", cut_off)
        return cut_off

    def _finish(self, deadline: float) -> int:
        """Go on as before until the requests in flight are done, then take no new ones.

        The drain is the least that it goes on for: whoever sends the requests has to learn
        meanwhile, of `/readyz` or of another, that it should send them elsewhere.
        """
        begun, drained_at = self._busy(), time.monotonic() + self._drain_seconds
        while (begun & self._busy() or time.monotonic() < drained_at) and (
            time.monotonic() < deadline
        ):
            self._turn(0.1)
        self._stop_listening()
        while self._waitress.active_channels and time.monotonic() < deadline:
            self._turn(0.05)
            self._close_quiet_connections()
        return len(self._busy())

    def _busy(self) -> set[HTTPChannel]:
        """The connections with a request at work or an answer on its way."""
        channels = self._waitress.active_channels.values()
        return {channel for channel in channels if channel.requests or channel.total_outbufs_len}

    def _stop_listening(self) -> None:
        """Accept those who already stand in the queue, then close the door."""
        known = -1
        while len(self._waitress.active_channels) > known:
            known = len(self._waitress.active_channels)
            self._waitress.handle_accept()
        # Not waitress's own close(): the worker threads still need its trigger.
        wasyncore.dispatcher.close(self._waitress)

    def _close_quiet_connections(self) -> None:
        quiet_since = time.time() - QUIET_SECONDS
        for channel in set(self._waitress.active_channels.values()) - self._busy():
            if channel.last_activity < quiet_since:
                channel.handle_close()

    def _close(self) -> None:
        """End the connections that are left, the threads and waitress itself."""
        self._lifecycle.call_on_stop(lambda: None)
        for channel in list(self._waitress.active_channels.values()):
            channel.handle_close()
        self._waitress.task_dispatcher.shutdown(timeout=0.5)
        self._waitress.close()

    def _turn(self, seconds: float) -> None:
        """Read, write and accept what is ready, waiting for it at most so long."""
        wasyncore.loop(timeout=seconds, map=self._sockets, count=1, use_poll=True)


def _channel_class(lifecycle: Lifecycle) -> type[HTTPChannel]:
    """Connections that end with their next answer once the app is stopping."""

    class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
        def build_response_header(self) -> bytes:
            if lifecycle.stopping:
                self.set_close_on_finish()
            header: bytes = super().build_response_header()
            return header

    class Channel(HTTPChannel):  # type: ignore[misc]
        task_class = Task

    return Channel
