"""CPU time, used up on request."""

import hashlib
import time

from flask import Blueprint

from .query import whole_number

MAX_BURN_MS = 10_000
_BLOCK = bytes(256 * 1024)


def burn(cpu_seconds: float) -> float:
    """The CPU seconds that this thread really used: at least what was asked, and hardly more.

    Hashing a block this big lets the other threads of the process run meanwhile, so two burns
    use two cores. CPU time and not the clock is measured: a throttled container takes longer
    for the same work.
    """
    start = time.thread_time()
    while time.thread_time() - start < cpu_seconds:
        hashlib.sha256(_BLOCK)
    return time.thread_time() - start


def burn_pages() -> Blueprint:
    """`GET /burn?ms=500`: an answer after 500 milliseconds of CPU time."""
    pages = Blueprint("burn", __name__)

    @pages.get("/burn")
    def burn_page() -> dict[str, float]:
        start = time.perf_counter()
        cpu_seconds = burn(whole_number("ms", MAX_BURN_MS) / 1000)
        clock_seconds = time.perf_counter() - start
        return {"cpu_ms": round(cpu_seconds * 1000, 1), "clock_ms": round(clock_seconds * 1000, 1)}

    return pages
