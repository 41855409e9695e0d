"""The same requests to whoever answers: how long one takes, and how many are answered a second."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import urlsplit

WORKERS = 4
_TIMEOUT_SECONDS = 20
_WARM_UP = 10


def latency(url: str, seconds: float) -> float:
    """The median of single requests on one connection, in seconds; raises OSError."""
    taken: list[float] = []
    with _Caller(url) as caller:
        for _ in range(_WARM_UP):
            caller.ask()
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline or not taken:
            begun = time.perf_counter()
            caller.ask()
            taken.append(time.perf_counter() - begun)
    return median(taken)


def throughput(url: str, seconds: float, workers: int = WORKERS) -> float:
    """Answered requests a second with so many connections at once; raises OSError."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        counts = list(pool.map(_count, [url] * workers, [begun + seconds] * workers))
    return sum(counts) / (time.perf_counter() - begun)


def _count(url: str, deadline: float) -> int:
    count = 0
    with _Caller(url) as caller:
        while time.perf_counter() < deadline:
            caller.ask()
            count += 1
    return count


class _Caller:
    """One connection that is kept open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._path = parts.path or "/"
        host, port = parts.hostname or "127.0.0.1", parts.port
        self._connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_SECONDS)

    def __enter__(self) -> _Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self) -> None:
        """One request, answered to its last byte."""
        try:
            self._connection.request("GET", self._path)
            answer = self._connection.getresponse()
            answer.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise OSError(f"the answer broke off ({type(error).__name__})") from None
