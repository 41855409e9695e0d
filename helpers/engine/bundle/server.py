"""A bundle offered to the local network: a registry's API, for reading, over plain HTTP.

Only what the bundle's index leads to is served, and nothing is taken.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from types import TracebackType

from tornado.netutil import bind_sockets
from tornado.web import Application

from helpers.engine.bundle import answers
from helpers.engine.bundle.bounded_http import (
    BoundedHttpServer,
    connections_allowed,
    quiet_logs,
)
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.offered_images import OfferedImages
from helpers.engine.bundle.serving import Serving
from helpers.errors import WorkbookError
from helpers.model.bundle.server_address import PORT

_BACKLOG = 1024
_PATHS: tuple[tuple[str, type[answers.BundleHandler]], ...] = (
    (r"/(?:index\.html)?", answers.PageHandler),
    (r"/index\.json", answers.IndexHandler),
    (r"/v2/", answers.VersionHandler),
    (r"/v2/_catalog", answers.CatalogHandler),
    (r"/v2/(.+)/tags/list", answers.TagsHandler),
    (r"/v2/(.+)/manifests/([^/]+)", answers.ManifestHandler),
    (r"/v2/(.+)/blobs/([a-z0-9]+:[0-9a-f]+)", answers.BlobHandler),
    (r"/.*", answers.BundleHandler),
)


class BundleServer:
    """The server of a bundle on all IPv4 addresses of this machine; it listens from the first on.

    `on_trouble` gets, on the serving thread, what is wrong with the bundle itself.
    """

    def __init__(
        self,
        bundle: BundleFile,
        port: int = PORT,
        address: str = "",
        on_trouble: Callable[[WorkbookError], None] = lambda error: None,
    ) -> None:
        self.bundle = bundle
        self._serving = Serving(OfferedImages(bundle), on_trouble)
        self._sockets = bind_sockets(port, address or "0.0.0.0", socket.AF_INET, _BACKLOG)
        self.server_port = int(self._sockets[0].getsockname()[1])
        self._is_over, self._is_idle = threading.Event(), threading.Event()
        self._is_idle.set()

    @property
    def served_bytes(self) -> int:
        """How many bytes of blobs were sent so far."""
        return self._serving.served_bytes

    @property
    def busy_count(self) -> int:
        """How many connections are being answered."""
        return self._serving.http.busy_count

    def __enter__(self) -> BundleServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        for listening in self._sockets:
            listening.close()

    def serve_forever(self, poll_interval: float = 0.2) -> None:
        """Returns after `shutdown`; raises KeyboardInterrupt where Ctrl-C came."""
        self._is_idle.clear()
        try:
            with quiet_logs():
                asyncio.run(self._serve(poll_interval))
        finally:
            self._is_idle.set()

    def shutdown(self) -> None:
        """Returns when nothing is served any more."""
        self._is_over.set()
        self._is_idle.wait()

    async def _serve(self, poll_seconds: float) -> None:
        paths = [(path, handler, {"serving": self._serving}) for path, handler in _PATHS]
        application = Application(paths, log_function=lambda handler: None)
        http = BoundedHttpServer(application, most=connections_allowed())
        self._serving.http = http
        http.add_sockets(self._sockets)
        try:
            while not self._is_over.is_set():
                await asyncio.sleep(poll_seconds)
        finally:
            http.stop()
            await http.close_all_connections()


def own_addresses() -> list[str]:
    """The IPv4 addresses under which others in the network may reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))  # sends nothing: it only chooses a way and an address
            address = str(line.getsockname()[0])
        except OSError:
            return []
    return [address] if address != "0.0.0.0" else []
