"""Streamed answers of the engine, which can be hung up on at any time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from helpers.engine.base.sdk import hang_up, refuse_failure, url_of

if TYPE_CHECKING:
    from docker import DockerClient

CONNECT_SECONDS = 10


class PostedStream:
    """The messages that the engine answers to a POST, which is sent when they are first asked for.

    Iterating raises docker's APIError where the engine refuses, and requests' errors where the
    connection breaks. `hang_up` may be called from another thread than the one that reads.
    """

    def __init__(
        self,
        client: DockerClient,
        path: str,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        silent_seconds: float,
    ) -> None:
        self._client = client
        self._url = url_of(client, path)
        self._options = {"params": dict(params), "headers": dict(headers)}
        self._timeout = (CONNECT_SECONDS, silent_seconds)
        self._response: Any = None

    @property
    def has_begun(self) -> bool:
        """Whether the engine has begun to answer."""
        return self._response is not None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The messages as they come."""
        api = self._client.api
        self._response = api.post(self._url, stream=True, timeout=self._timeout, **self._options)
        refuse_failure(self._client, self._response)
        yield from decoded(self._response.iter_content(chunk_size=None))

    def hang_up(self) -> None:
        """Ends the connection, even under a reader, for which a mere close() would wait."""
        if self._response is None:
            return
        hang_up(self._response)
        with suppress(Exception):
            self._response.close()


def decoded(chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The JSON objects in the chunks, which may break them anywhere; what is no JSON is dropped."""
    waiting = b""
    for chunk in chunks:
        *lines, waiting = (waiting + chunk).split(b"\n")
        yield from _objects(lines)
    yield from _objects([waiting])


def _objects(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(ValueError):
            value = json.loads(line)
            if isinstance(value, dict):
                yield value
