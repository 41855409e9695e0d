"""How one request ended: answered, or failed in one of the ways that tell where to look."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any

FIRST_ERROR = 400
NO_VERSION = "no version"


class Failure(StrEnum):
    """Ways to get no answer, each with what it means."""

    REFUSED = "refused"
    RESET = "reset"
    TIMED_OUT = "timed out"
    NO_NAME = "no name"
    CLOSED = "closed without an answer"
    BROKEN_OFF = "broken off in the middle"
    NOT_HTTP = "not HTTP"
    UNREACHABLE = "unreachable"
    ELSEWHERE = "not this machine"
    FAILED = "failed"

    @property
    def meaning(self) -> str:
        """What happened, in words."""
        return _MEANINGS[self]


_MEANINGS = {
    Failure.REFUSED: "nobody listens on that port",
    Failure.RESET: "the connection was torn down before an answer began",
    Failure.TIMED_OUT: "no whole answer in time",
    Failure.NO_NAME: "nobody knows an address for that name",
    Failure.CLOSED: "the connection was taken and closed, and nothing was said",
    Failure.BROKEN_OFF: "an answer began, and its end did not come",
    Failure.NOT_HTTP: "what answered does not speak HTTP",
    Failure.UNREACHABLE: "no way leads there",
    Failure.ELSEWHERE: "the name now leads to another machine, which was not asked",
    Failure.FAILED: "this machine could not ask",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of the request of that number, from 0.

    `due_seconds` is when it was due, since the start; `late_seconds` is how much later it was sent,
    which is this machine's doing; `latency_seconds` is from when it was due to its end. `status` is
    0 and `failure` set where there was no answer; `words` are the system's on it.
    """

    number: int
    due_seconds: float
    late_seconds: float
    latency_seconds: float
    status: int = 0
    version: str = ""
    failure: str = ""
    words: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether it was answered below 400."""
        return not self.failure and self.status < FIRST_ERROR

    @property
    def kind(self) -> str:
        """The version that answered, or the kind of failure: 'refused', 'HTTP 503'."""
        if self.is_answer:
            return self.version or NO_VERSION
        return self.failure or f"HTTP {self.status}"

    def as_row(self) -> list[Any]:
        """All of it as JSON."""
        return list(astuple(self))

    @classmethod
    def from_row(cls, row: list[Any]) -> Reply:
        """The reply in such JSON."""
        return cls(*row)


def meaning_of(kind: str) -> str:
    """What a kind of failure means."""
    if kind.startswith("HTTP "):
        return (
            "answered, and said that it cannot" if kind >= "HTTP 5" else "answered, and refused it"
        )
    return Failure(kind).meaning
