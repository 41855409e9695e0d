"""The call by which a step of the build asks this machine's SSH agent to sign for it.

The keys stay here: questions to the agent go out, its answers go back.
Source: moby/buildkit `session/sshforward/ssh.proto`; the agent's protocol is a length of four
bytes, then as much, one answer to each question.
"""

from __future__ import annotations

import socket
from collections import deque

from helpers.engine.build.protobuf import content, field, fields_of
from helpers.engine.build.session.call import INTERNAL, OK

_LENGTH_BYTES = 4
_LONGEST_BYTES = 1 << 20
_ANSWER_SECONDS = 30


class SshAgent:
    """One connection of a step with the agent that listens on that socket."""

    def __init__(self, place: str) -> None:
        self.status: int | None = None
        self.explanation = ""
        self._received = b""
        self._replies: deque[bytes] = deque()
        self._agent = socket.socket(socket.AF_UNIX)
        self._agent.settimeout(_ANSWER_SECONDS)
        try:
            self._agent.connect(place)
        except OSError as error:
            self._fail(error)

    def take(self, message: bytes) -> None:
        """Takes in a piece of a question; a whole one is put to the agent."""
        self._received += b"".join(map(content, fields_of(message)[1]))
        try:
            while (end := _length(self._received)) and len(self._received) >= end:
                self._agent.sendall(self._received[:end])
                self._received = self._received[end:]
                self._replies.append(field(1, self._answer()))
        except OSError as error:
            self._fail(error)

    def next_message(self) -> bytes | None:
        """The next answer of the agent."""
        return self._replies.popleft() if self._replies else None

    def _answer(self) -> bytes:
        head = self._exactly(_LENGTH_BYTES)
        return head + self._exactly(_length(head) - _LENGTH_BYTES)

    def _exactly(self, size: int) -> bytes:
        if not 0 <= size <= _LONGEST_BYTES:
            raise OSError("the SSH agent answered something else")
        found = b""
        while len(found) < size:
            piece = self._agent.recv(size - len(found))
            if not piece:
                raise OSError("the SSH agent hung up")
            found += piece
        return found

    def _fail(self, error: OSError) -> None:
        self._agent.close()
        self.status, self.explanation = INTERNAL, f"the SSH agent cannot be asked: {error}"

    def end(self) -> None:
        """Takes in that the step hung up."""
        self.status = OK if self.status is None else self.status

    def close(self) -> None:
        """Hangs up."""
        self._agent.close()


def _length(received: bytes) -> int:
    """How long the message is that begins there, its length included; 0 while that is open."""
    if len(received) < _LENGTH_BYTES:
        return 0
    return _LENGTH_BYTES + int.from_bytes(received[:_LENGTH_BYTES], "big")
