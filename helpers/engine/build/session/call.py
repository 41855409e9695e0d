"""One call of a remote procedure, as the side that answers sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

OK, NOT_FOUND, UNIMPLEMENTED, INTERNAL = 0, 5, 12, 13
Metadata = Mapping[str, tuple[str, ...]]


class Call(Protocol):
    """A call in progress; `status` is None until it is answered, then gRPC's number for it."""

    status: int | None
    explanation: str

    def take(self, message: bytes) -> None:
        """Takes in a message of the caller."""

    def next_message(self) -> bytes | None:
        """The next message for the caller; None for none just now."""

    def end(self) -> None:
        """Takes in that the caller has said all."""

    def close(self) -> None:
        """Lets go of what the call holds."""


class CallFailed(Exception):
    """What a call is answered with in place of a message."""

    def __init__(self, status: int, explanation: str) -> None:
        super().__init__(explanation)
        self.status = status


@dataclass
class Question:
    """A call with one message each way; `on_error` is told what keeps it from an answer."""

    answer: Callable[[bytes], bytes]
    on_error: Callable[[Exception], None]
    status: int | None = None
    explanation: str = ""
    _reply: bytes | None = None

    def take(self, message: bytes) -> None:
        """Takes in the question."""
        try:
            self._reply = self.answer(message)
        except CallFailed as failed:
            self.status, self.explanation = failed.status, str(failed)
        except Exception as error:
            self.on_error(error)
            self.status, self.explanation = INTERNAL, str(error)

    def next_message(self) -> bytes | None:
        """The answer, once."""
        reply, self._reply = self._reply, None
        if reply is not None:
            self.status = OK
        return reply

    def end(self) -> None:
        """Nothing: the answer follows from the question alone."""

    def close(self) -> None:
        """Nothing: it holds nothing."""
