"""A bundle offered to the local network: a registry's API, for reading, over plain HTTP.

Source: the OCI distribution specification, "Pulling". Only what the bundle's index leads to is
served, and nothing is taken.
"""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.errors import WorkbookError
from helpers.model.image.descriptor import INDEX_TYPES
from helpers.model.image.digest import Digest
from helpers.model.text.units import format_bytes

PORT = 4040
SILENT_SECONDS = 120.0
_PIECE_BYTES = 1 << 16  # each may take that long, over the slowest of networks
_MANIFEST = re.compile(r"/v2/(.+)/manifests/([^/]+)")
_BLOB = re.compile(r"/v2/(.+)/blobs/(sha256:[0-9a-f]{64})")
_TAGS = re.compile(r"/v2/(.+)/tags/list")
_FROM = re.compile(r"bytes=(\d+)-")


class BundleServer(ThreadingHTTPServer):
    """The server of a bundle on all IPv4 addresses of this machine.

    `on_trouble` is told, on another thread, what is wrong with the bundle itself.
    """

    daemon_threads = True

    def __init__(
        self,
        bundle: BundleFile,
        port: int = PORT,
        address: str = "",
        on_trouble: Callable[[WorkbookError], None] = lambda error: None,
    ) -> None:
        self.bundle = bundle
        self._on_trouble = on_trouble
        self.served_bytes = 0
        self.manifests: dict[str, tuple[str, bytes]] = {
            Digest.of(body): (kind, body) for kind, body in self._bodies()
        }
        super().__init__((address, port), _Handler)

    def list_of(self, repository: str, tag: str) -> bytes | None:
        """The list of the manifests that a tag leads to, one a platform."""
        entries = [
            image.manifest.json()
            for image in self.bundle.images
            if image.reference.repository == repository and image.reference.tag == tag
        ]
        index = {"schemaVersion": 2, "mediaType": INDEX_TYPES[0], "manifests": entries}
        return json.dumps(index).encode() if entries else None

    def repositories(self) -> dict[str, list[str]]:
        """{repository: tags} of all that is offered."""
        repositories: dict[str, list[str]] = {}
        for image in self.bundle.images:
            tags = repositories.setdefault(image.reference.repository, [])
            if (tag := str(image.reference.tag)) not in tags:
                tags.append(tag)
        return repositories

    def page(self) -> str:
        """What somebody reads who opens the address in a browser."""
        names = sorted({f"{image.name} ({image.platform})" for image in self.bundle.images})
        lines = [
            *("Docker Workbook: the images of the lessons, for this room.", "", *names, ""),
            *(f"{format_bytes(self.bundle.size_bytes)} in all. On your machine:", ""),
            "    ./workbook lab --from ADDRESS   (the address that you opened)",
        ]
        return "\n".join([*lines, ""])

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing of whoever broke off or fell asleep, a word of a bundle that is damaged."""
        error = sys.exception()
        if isinstance(error, WorkbookError):
            self._on_trouble(error)
        elif not isinstance(error, OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def _bodies(self) -> Iterator[tuple[str, bytes]]:
        for image in self.bundle.images:
            manifest = self.bundle.manifest(image)
            yield manifest.media_type, manifest.body
        for repository, tags in self.repositories().items():
            for tag in tags:
                yield INDEX_TYPES[0], self.list_of(repository, tag) or b""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SILENT_SECONDS
    server: BundleServer

    def do_GET(self) -> None:
        """Sends what was asked for, or 404."""
        path = self.path.partition("?")[0]
        if path in ("/", "/index.html"):
            self._send("text/plain; charset=utf-8", self.server.page().encode())
        elif path == "/v2/":
            self._send("application/json", b"{}")
        elif path == "/v2/_catalog":
            self._json({"repositories": sorted(self.server.repositories())})
        elif match := _TAGS.fullmatch(path):
            tags = self.server.repositories().get(match[1])
            self._json({"name": match[1], "tags": tags}) if tags else self._missing("NAME_UNKNOWN")
        elif match := _MANIFEST.fullmatch(path):
            self._manifest(match[1], match[2])
        elif match := _BLOB.fullmatch(path):
            self._blob(match[2])
        else:
            self._missing("NAME_UNKNOWN")

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing: the command tells what it gives."""

    def _manifest(self, repository: str, tag_or_digest: str) -> None:
        kind, body = self.server.manifests.get(tag_or_digest, (INDEX_TYPES[0], None))
        body = body or self.server.list_of(repository, tag_or_digest)
        if body is None:
            return self._missing("MANIFEST_UNKNOWN")
        return self._send(kind, body, {"Docker-Content-Digest": Digest.of(body)})

    def _blob(self, digest: str) -> None:
        bundle = self.server.bundle
        if not bundle.has(digest):
            return self._missing("BLOB_UNKNOWN")
        size = bundle.blob_size(digest)
        begin = _FROM.fullmatch(self.headers.get("Range", ""))
        start = min(int(begin[1]), size) if begin else 0
        self.send_response(206 if begin else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(size - start))
        self.send_header("Docker-Content-Digest", digest)
        if begin:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        if self.command == "GET":
            for chunk in bundle.chunks(digest, start):
                for at in range(0, len(chunk), _PIECE_BYTES):
                    self.wfile.write(memoryview(chunk)[at : at + _PIECE_BYTES])
                self.server.served_bytes += len(chunk)
        return None

    def _json(self, document: Any) -> None:
        self._send("application/json", json.dumps(document).encode())

    def _missing(self, code: str) -> None:
        body = json.dumps({"errors": [{"code": code, "message": "not in this bundle"}]}).encode()
        self._send("application/json", body, status=404)

    def _send(
        self, kind: str, body: bytes, headers: dict[str, str] | None = None, status: int = 200
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


def own_addresses() -> list[str]:
    """The IPv4 addresses under which others in the network may reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))  # sends nothing: it only chooses a way and an address
            address = str(line.getsockname()[0])
        except OSError:
            return []
    return [address] if address != "0.0.0.0" else []
