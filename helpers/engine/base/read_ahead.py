"""A stream read on a thread of its own, so that it flows on while its reader works."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

NAME = "read ahead"
# Of pieces of 128 KiB these are 4 MiB: enough for the reader's slowest millisecond.
MOST_PIECES = 32
POLL_SECONDS = 0.2
JOIN_SECONDS = 5.0


@contextmanager
def read_ahead(
    source: Iterable[bytes], hang_up: Callable[[], object], most_pieces: int = MOST_PIECES
) -> Iterator[Iterator[bytes]]:
    """A block with the source's pieces, of which at most so many wait to be taken.

    What the source raises is raised where its piece would be. At the block's end `hang_up` ends a
    source that still waits for its next piece, and the thread ends.
    """
    pieces: queue.Queue[bytes | BaseException | None] = queue.Queue(most_pieces)
    stopped = threading.Event()
    thread = threading.Thread(target=_fill, args=(source, pieces, stopped), name=NAME, daemon=True)
    thread.start()
    try:
        yield _taken(pieces)
    finally:
        stopped.set()
        hang_up()
        with suppress(queue.Empty):
            while True:
                pieces.get_nowait()
        thread.join(JOIN_SECONDS)


def _fill(
    source: Iterable[bytes],
    pieces: queue.Queue[bytes | BaseException | None],
    stopped: threading.Event,
) -> None:
    try:
        for piece in source:
            pieces.put(piece)
            if stopped.is_set():
                return
    except BaseException as error:
        pieces.put(error)
    else:
        pieces.put(None)


def _taken(pieces: queue.Queue[bytes | BaseException | None]) -> Iterator[bytes]:
    """The pieces; a wait is cut into short ones, since Ctrl-C ends no long one on Windows."""
    while True:
        try:
            piece = pieces.get(timeout=POLL_SECONDS)
        except queue.Empty:
            continue
        if piece is None:
            return
        if isinstance(piece, BaseException):
            raise piece
        yield piece
