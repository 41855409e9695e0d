"""Readings from the API's streams, one a container: about one a second, whatever is asked for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.engine.base.events import LOST, close_stream
from helpers.engine.base.sdk import asked, messages_of, refuse_failure, url_of
from helpers.engine.usage.sources import STREAM, Usages
from helpers.engine.usage.watched import Watched
from helpers.model.usage.stats_answer import previous_reading_of, reading_of
from helpers.model.usage.usage import Usage, usage_between

if TYPE_CHECKING:
    from docker import DockerClient

STOP_SECONDS = 2
AGAIN_SECONDS = 1
_log = logging.getLogger(__name__)


class Streams:
    """A stream and its thread for each container that runs."""

    name = STREAM

    def __init__(self, client: DockerClient) -> None:
        self._client = client
        self._streams: dict[tuple[str, int], StatsStream] = {}

    def take(self, alive: Sequence[Watched], seconds: float) -> Usages:
        """The newest that came of each since the last time."""
        wanted = {(watched.id, watched.pid): watched for watched in alive}
        for key in [key for key in self._streams if key not in wanted]:
            self._streams.pop(key).stop()
        for key, watched in wanted.items():
            old = self._streams.get(key)
            if old is None or old.may_be_replaced:
                self._streams[key] = StatsStream(self._client, watched)
        came = {key[0]: stream.take() for key, stream in self._streams.items()}
        return {key: usage for key, usage in came.items() if usage is not None}

    def close(self) -> None:
        """No thread and no connection left."""
        streams = list(self._streams.values())
        self._streams.clear()
        for stream in streams:
            stream.stop()
        for stream in streams:
            stream.join()


class StatsStream:
    """One container's stream, read on a thread of its own."""

    def __init__(self, client: DockerClient, watched: Watched) -> None:
        self._client = client
        self._watched = watched
        self._newest: Usage | None = None
        self._stream: Any = None
        self._stopped = False
        self._lock = threading.Lock()
        self._born = time.monotonic()
        self._thread = threading.Thread(
            target=self._run, name=f"stats of {watched.id[:12]}", daemon=True
        )
        self._thread.start()

    @property
    def may_be_replaced(self) -> bool:
        """Whether its stream has ended, and not just now."""
        return not self._thread.is_alive() and time.monotonic() - self._born > AGAIN_SECONDS

    def take(self) -> Usage | None:
        """What came since the last time."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def stop(self) -> None:
        """The stream is closed; its thread ends at once."""
        with self._lock:
            self._stopped = True
            close_stream(self._stream)

    def join(self) -> None:
        """Waits for the end of its thread, two seconds at most."""
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        try:
            stream = self._open()
            try:
                for answer in stream:
                    self._note(answer)
            finally:
                close_stream(stream)
        except (*LOST, KeyError, AttributeError):
            _log.debug("the stats of %s ended", self._watched.name, exc_info=True)

    def _open(self) -> Any:
        """The stream, which another thread can end, as it cannot the one of the SDK's `stats`."""
        url = url_of(self._client, "/containers/{0}/stats", self._watched.id)
        answer = asked(self._client, url, params={"stream": 1})
        refuse_failure(self._client, answer)
        stream = messages_of(self._client, answer)
        with self._lock:
            self._stream = stream
            if self._stopped:
                close_stream(stream)
        return stream

    def _note(self, answer: dict[str, Any]) -> None:
        reading = reading_of(answer, self._watched.limits)
        if reading is not None:
            usage = usage_between(previous_reading_of(answer), reading)
            with self._lock:
                self._newest = usage
