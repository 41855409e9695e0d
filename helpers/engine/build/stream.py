"""The Engine API's /build, asked on a thread of its own and listened to from the caller's."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.base.sdk import hang_up
from helpers.engine.registry.login import add_logins
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

Message = dict[str, Any]
_TICK_SECONDS = 0.1
_CONNECT_SECONDS = 60
_GRACE_SECONDS, _END_SECONDS = 1, 10


class Received(NamedTuple):
    """A message of the engine, or None for a moment in which there was none.

    `at_seconds` is when it came, since the request.
    """

    at_seconds: float
    message: Message | None = None


class Stream(Protocol):
    """A build that is being carried out: its messages as they come; `stop` ends it."""

    def messages(self) -> Iterator[Received]:
        """What is told, and an empty one now and then."""

    def stop(self) -> None:
        """Ends the build."""


class BuildStream:
    """One build on the engine: its messages as they come; `stop` ends it there.

    A step may be silent for hours, so there is no time limit on an answer.
    """

    def __init__(
        self,
        client: DockerClient,
        build_id: str,
        query: Mapping[str, str],
        body: Iterable[bytes],
        began: float,
    ) -> None:
        self._client = client
        self._build_id = build_id
        self._query = query
        self._body = body
        self._began = began
        self._received: queue.SimpleQueue[Received | BaseException | None] = queue.SimpleQueue()
        self._is_stopped = threading.Event()
        self._answer: Any = None
        self._thread = threading.Thread(target=self._ask, name="docker build", daemon=True)

    def messages(self) -> Iterator[Received]:
        """What the engine tells, and an empty one at its end and ten times a second of silence.

        Raises what the sending or the reading raised.
        """
        self._thread.start()
        while True:
            try:
                received = self._received.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                yield Received(self._now())
                continue
            if received is None:
                return
            if isinstance(received, BaseException):
                raise received
            yield received

    def stop(self) -> None:
        """Ends the build on the engine, and waits until it is over.

        BuildKit is told to; the classic builder ends when nobody listens any more.
        """
        self._is_stopped.set()
        with suppress(DockerException, RequestException):
            self._client.api.post(self._url("build/cancel"), params={"id": self._build_id})
        self._thread.join(_GRACE_SECONDS)
        if self._thread.is_alive() and self._answer is not None:
            hang_up(self._answer)
            self._thread.join(_END_SECONDS)

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _url(self, path: str) -> str:
        return f"{self._client.api.base_url}/v{self._client.api.api_version}/{path}"

    def _ask(self) -> None:
        try:
            answer = self._client.api.post(
                self._url("build"),
                params=self._query,
                data=self._sent(),
                headers=self._headers(),
                timeout=(_CONNECT_SECONDS, None),
                stream=True,
            )
            self._answer = answer
            with answer:
                for message in _read(answer):
                    self._received.put(Received(self._now(), message))
            self._received.put(Received(self._now()))
            self._received.put(None)
        except BaseException as error:
            self._received.put(error)

    def _sent(self) -> Iterator[bytes]:
        for piece in self._body:
            if self._is_stopped.is_set():
                raise ConnectionAbortedError("the build was stopped")
            yield piece

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/x-tar"}
        if "session" not in self._query:
            add_logins(self._client, headers)  # over a session the builder asks for its own
        return headers


def _read(answer: Any) -> Iterator[Message]:
    if not answer.ok:
        text = answer.text.strip()
        with suppress(ValueError):
            text = text_in(json.loads(text), "message") or text
        yield {"error": text or "it gave no reason"}
        return
    for line in answer.iter_lines(chunk_size=None):
        if line.strip() and isinstance(message := json.loads(line), dict):
            yield message
