"""What the tests of registries share: small images, and roads to a registry that go wrong."""

from __future__ import annotations

import io
import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from docker import DockerClient
from docker.errors import NotFound

from helpers.engine.engine import Docker
from helpers.engine.labels import LESSON
from tests.engine.conftest import BUSYBOX, LABEL

_LENGTHS = ("Content-Length", "Transfer-Encoding")


def build(client: DockerClient, name: str, *layers: bytes, base: str = BUSYBOX) -> str:
    """An image of that name: the base, and one layer with the file /part-N for each content."""
    lines = [f"FROM {base}", f"LABEL {LESSON}={LABEL}"]
    lines += [f"ADD part-{number} /" for number in range(len(layers))]
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w", format=tarfile.GNU_FORMAT) as archive:
        contents = {"Dockerfile": "\n".join(lines).encode()}
        contents |= {f"part-{number}": data for number, data in enumerate(layers)}
        for path, data in contents.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    context.seek(0)
    for message in client.api.build(
        fileobj=context, custom_context=True, tag=name, rm=True, decode=True
    ):
        assert "error" not in message, message["error"]
    return name


def names_at(docker: Docker, address: str) -> list[str]:
    """The engine's tags and digests of that registry."""
    return [
        name
        for image in docker.client.api.images()
        for name in [*(image["RepoTags"] or []), *(image["RepoDigests"] or [])]
        if name.startswith(f"{address}/")
    ]


def forget(docker: Docker, address: str) -> None:
    """Takes those names from the engine."""
    for name in names_at(docker, address):
        with suppress(NotFound):
            docker.client.api.remove_image(name, force=True)


def noise(size_bytes: int) -> bytes:
    """Bytes that no compression makes smaller."""
    return os.urandom(size_bytes)


class Road:
    """A way to a registry that counts the bytes sent on, and can spoil what comes back.

    `spoil` is (part of a path, bytes, what is put in their place); a GET whose path has a part
    that is in `on_get` waits for its event, and `waiting` tells that it does.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.sent_bytes = 0
        self.requests: list[str] = []
        self.spoil: tuple[str, bytes, bytes] | None = None
        self.on_get: dict[str, threading.Event] = {}
        self.waiting = threading.Event()


@contextmanager
def road_to(address: str) -> Iterator[tuple[str, Road]]:
    """An address on loopback that leads to the registry at `address`, and what is on the way."""
    road = Road(address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            road.requests.append(f"{self.command} {self.path}")
            for part, event in road.on_get.items():
                if self.command == "GET" and part in self.path:
                    road.waiting.set()
                    event.wait(30)
            body = self._body()
            if self.command in ("PATCH", "PUT", "POST") and "/blobs/" in self.path:
                road.sent_bytes += len(body)
            connection = HTTPConnection(road.address, timeout=60)
            connection.putrequest(self.command, self.path, skip_host=True)
            for name, text in self.headers.items():  # Accept comes several times
                if name not in _LENGTHS:
                    connection.putheader(name, text)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            data = answer.read()
            if road.spoil and self.command == "GET" and road.spoil[0] in self.path:
                data = data.replace(*road.spoil[1:])
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else len(data)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(data)
            connection.close()

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            pieces: list[bytes] = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)

        do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = pass_on  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"localhost:{httpd.server_port}", road
        finally:
            for event in road.on_get.values():
                event.set()
            httpd.shutdown()
