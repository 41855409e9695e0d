"""What a bundle's server answers, request by request.

Source: the OCI distribution specification, "Pulling"; RFC 9110, "Range Requests".
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import traceback
from types import TracebackType
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from helpers.engine.bundle.serving import Serving
from helpers.errors import WorkbookError
from helpers.model.image.digest import Digest

# Who takes nothing of a piece for so long has fallen asleep.
STALLED_SECONDS = 120.0
_PIECE_BYTES = 1 << 17
_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


class BundleHandler(RequestHandler):
    """One request: GET or HEAD of a document or a blob; anything else is refused."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def initialize(self, serving: Serving) -> None:
        """The handler of a request to that server."""
        self._serving = serving
        self._stream: Any = getattr(self.request.connection, "stream", None)

    def prepare(self) -> None:
        """Tells the bound on connections that this one asked something."""
        self._serving.http.began(self._stream)

    def on_finish(self) -> None:
        """Tells it that this one has its answer."""
        self._serving.http.ended(self._stream)

    def set_default_headers(self) -> None:
        """Says neither what this is nor when."""
        self.clear_header("Server")

    def compute_etag(self) -> None:
        """No tag: a digest names what it is."""

    async def head(self, *parts: str) -> None:
        """The headers of what `get` gives."""
        await self.get(*parts)

    async def get(self, *parts: str) -> None:
        """404: nothing stands at that path."""
        self.refuse(404, "NAME_UNKNOWN")

    def send(self, kind: str, body: bytes, status: int = 200) -> None:
        """Answers with that document."""
        self.set_status(status)
        self.set_header("Content-Type", kind)
        self.set_header("Content-Length", str(len(body)))
        self.finish(body)

    def send_json(self, document: Any, status: int = 200) -> None:
        """Answers with that document as JSON."""
        self.send("application/json", json.dumps(document).encode(), status)

    def refuse(self, status: int, code: str) -> None:
        """Answers with an error of the registry's API; nothing of the request is repeated."""
        self.send_json({"errors": [{"code": code, "message": "not in this bundle"}]}, status)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answers with the status alone."""
        self.refuse(status_code, "UNSUPPORTED" if status_code < 500 else "UNKNOWN")

    def log_exception(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing of who broke off, a word of a bundle that is damaged, the trace of a mistake."""
        if isinstance(error, WorkbookError):
            self._serving.on_trouble(error)
        elif error is not None and not isinstance(error, OSError | HTTPError):
            lines = "".join(traceback.format_exception(kind, error, trace))
            sys.stderr.write(lines.encode("unicode_escape").decode().replace("\\n", "\n"))


class PageHandler(BundleHandler):
    """The page for somebody with a browser."""

    async def get(self, *parts: str) -> None:
        """Sends it."""
        self.send("text/plain; charset=utf-8", self._serving.offered.page().encode())


class IndexHandler(BundleHandler):
    """The bundle's index, which the digest that the instructor gives out vouches for."""

    async def get(self, *parts: str) -> None:
        """Sends it as it stands in the file."""
        self.send("application/json", self._serving.offered.bundle.index)


class VersionHandler(BundleHandler):
    """The sign that this is a registry."""

    async def get(self, *parts: str) -> None:
        """Sends it."""
        self.send_json({})


class CatalogHandler(BundleHandler):
    """The names of all repositories."""

    async def get(self, *parts: str) -> None:
        """Sends them."""
        self.send_json({"repositories": sorted(self._serving.offered.repositories())})


class TagsHandler(BundleHandler):
    """The tags of a repository."""

    async def get(self, *parts: str) -> None:
        """Sends them, or 404."""
        tags = self._serving.offered.repositories().get(parts[0])
        if not tags:
            return self.refuse(404, "NAME_UNKNOWN")
        return self.send_json({"name": parts[0], "tags": tags})


class ManifestHandler(BundleHandler):
    """A manifest, or the list of those that a tag leads to."""

    async def get(self, *parts: str) -> None:
        """Sends it, or 404."""
        document = self._serving.offered.document(parts[0], parts[1])
        if document is None:
            return self.refuse(404, "MANIFEST_UNKNOWN")
        kind, body = document
        self.set_header("Docker-Content-Digest", Digest.of(body))
        return self.send(kind, body)


class BlobHandler(BundleHandler):
    """A blob, or a stretch of it."""

    async def get(self, *parts: str) -> None:
        """Sends it; 404 where the index does not lead to it, 416 for what it has no bytes of."""
        digest = parts[1]
        if digest not in self._serving.offered.blobs:
            return self.refuse(404, "BLOB_UNKNOWN")
        size = self._serving.offered.bundle.blob_size(digest)
        stretch = self._stretch(size)
        if stretch is None:
            self.set_header("Content-Range", f"bytes */{size}")
            return self.refuse(416, "UNSUPPORTED")
        self._announce(digest, stretch, size)
        return await self._send_bytes(digest, stretch)

    def _stretch(self, size: int) -> range | None:
        """The bytes that are asked for; None where the blob has none such."""
        asked = self.request.headers.get("Range")
        if asked is None:
            return range(size)
        match = _RANGE.fullmatch(asked)
        if match is None:
            return None
        last = min(int(match[2]), size - 1) if match[2] else size - 1
        return range(int(match[1]), last + 1) or None

    def _announce(self, digest: str, stretch: range, size: int) -> None:
        if "Range" in self.request.headers:
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {stretch.start}-{stretch.stop - 1}/{size}")
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(len(stretch)))
        self.set_header("Docker-Content-Digest", digest)

    async def _send_bytes(self, digest: str, stretch: range) -> None:
        """The bytes in small pieces, read by threads, since a disk may keep one waiting."""
        if self.request.method == "HEAD":
            return
        loop, bundle = asyncio.get_running_loop(), self._serving.offered.bundle
        for start in range(stretch.start, stretch.stop, _PIECE_BYTES):
            size = min(_PIECE_BYTES, stretch.stop - start)
            piece = await loop.run_in_executor(None, bundle.piece, digest, start, size)
            self.write(piece)
            try:
                await asyncio.wait_for(self.flush(), STALLED_SECONDS)
            except (TimeoutError, StreamClosedError):
                self._stream.close()
                return
            self._serving.served_bytes += len(piece)
