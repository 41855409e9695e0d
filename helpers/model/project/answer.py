"""The first answered query of a container, as its own log tells of it.

Two kinds of line count, each with the time that the engine noted for it. One is a request of HTTP
that was answered with a status below 500, as access logs write it: "GET /items HTTP/1.1" 200. The
other is PostgreSQL's, whose log tells of no query: that it is ready to accept connections, once it
listens on an address; what it says before is of the server that makes its database, which only a
socket inside the container leads to.

Source of the lines: the Common Log Format; PostgreSQL, `src/backend/postmaster`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.model.text.timestamps import seconds_since_1970

LONGEST = 120
_REQUEST = re.compile(
    r"\"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^\"]{1,2000}\" ([1-4]\d\d)(?!\d)"
)
_LISTENS = re.compile(r"LOG:\s+listening on IPv[46] address ")
_READY = re.compile(r"LOG:\s+(database system is ready to accept connections)")
_ENDS = re.compile(r"LOG:\s+database system is shut down")


@dataclass(frozen=True)
class Answer:
    """When it was, in seconds since 1970, and the part of the line that tells of it."""

    at: float
    words: str


class AnswerSearch:
    """Looks through a log, line by line in the order of writing, for the first such one."""

    def __init__(self) -> None:
        self.first: Answer | None = None
        self.newest_at = 0.0
        self._listens = False

    def read(self, line: str) -> bool:
        """Whether the first is known, with that line; it begins with its time stamp."""
        stamp, _, text = line.partition(" ")
        if self.first is None and (at := _moment(stamp)) is not None:
            self.newest_at = max(self.newest_at, at)
            if words := self._words(text):
                self.first = Answer(at, words[:LONGEST])
        return self.first is not None

    def _words(self, text: str) -> str:
        if request := _REQUEST.search(text):
            return request[0]
        if _ENDS.search(text):
            self._listens = False
        self._listens = self._listens or bool(_LISTENS.search(text))
        ready = _READY.search(text) if self._listens else None
        return ready[1] if ready else ""


def _moment(stamp: str) -> float | None:
    try:
        return seconds_since_1970(stamp)
    except (ValueError, OverflowError):
        return None
