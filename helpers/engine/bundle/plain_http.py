"""What a bundle's server is asked for before there are any packages. Standard library only.

No proxy is asked, as for all servers of the local network, and no redirect followed.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

from helpers.errors import NotInRegistry, RegistryError, RegistryGone

# A registry wants the name of some repository, which says nothing here.
BLOBS, MANIFESTS = "/v2/workbook/blobs/", "/v2/workbook/manifests/"
_SILENT_SECONDS = 30.0
_DOCUMENT_SECONDS = 120.0
_MOST_DOCUMENT_BYTES = 16 << 20
_PIECE_BYTES = 1 << 18
_TROUBLE = (OSError, http.client.HTTPException, ValueError)


class PlainHttp:
    """The server at an address such as 'http://192.168.1.7:4040'."""

    def __init__(self, base: str) -> None:
        self.base = base

    def document(self, path: str) -> bytes:
        """The bytes of a document; raises RegistryGone where it dawdles, RegistryError."""
        body, deadline = bytearray(), time.monotonic() + _DOCUMENT_SECONDS
        with self._opened(path) as answer:
            for piece in self._pieces(answer):
                body += piece
                if len(body) > _MOST_DOCUMENT_BYTES or time.monotonic() > deadline:
                    raise RegistryError(f"The answer of {self.base} does not end.", "Try again.")
        return bytes(body)

    def blob(self, digest: str, start: int = 0) -> Iterator[bytes]:
        """The bytes of a blob from there on, not checked here.

        Raises ValueError before the first byte where only the whole blob is given, and
        RegistryGone, NotInRegistry or RegistryError.
        """
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._opened(f"{BLOBS}{digest}", headers) as answer:
            if start and answer.status != http.client.PARTIAL_CONTENT:
                raise ValueError("the server does not give parts of a blob")
            yield from self._pieces(answer)

    @contextmanager
    def _opened(
        self, path: str, headers: dict[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        with closing(self._connection()) as connection:
            try:
                connection.request("GET", path, headers=headers or {})
                answer = connection.getresponse()
            except _TROUBLE as error:
                raise self._gone(error) from None
            with answer:
                if answer.status >= 300:
                    kind = NotInRegistry if answer.status == 404 else RegistryError
                    raise kind(
                        f"{self.base} answered {answer.status} for {path}.",
                        "See that `./workbook serve` runs there.",
                    )
                yield answer

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.base)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        return kind(parts.hostname or "", parts.port, timeout=_SILENT_SECONDS)

    def _pieces(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        """The body; raises RegistryGone where it ends too early."""
        left = answer.length
        try:
            while piece := answer.read(_PIECE_BYTES):
                left = None if left is None else left - len(piece)
                yield piece
        except _TROUBLE as error:
            raise self._gone(error) from None
        if left:
            raise self._gone("it broke off in the middle")

    def _gone(self, reason: object) -> RegistryGone:
        return RegistryGone(
            f"{self.base} cannot be reached ({str(reason) or type(reason).__name__}).",
            "See that `./workbook serve` runs there, and that both are in the same network.",
        )
