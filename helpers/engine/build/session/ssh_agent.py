"""The call by which a step of the build asks this machine's SSH agent to sign for it.

The keys stay here, and as they are: a step may list them and have them sign, no more, as with
BuildKit's own client (`sshprovider/agentprovider.go`).
Source: moby/buildkit `session/sshforward/ssh.proto`; draft-ietf-sshm-ssh-agent: a length of four
bytes, then as much, which begins with its kind; one answer to each question.
"""

from __future__ import annotations

import socket
from collections import deque

from helpers.engine.build.protobuf import content, field, fields_of
from helpers.engine.build.session.call import INTERNAL, OK

_LENGTH_BYTES = 4
_LIST_KEYS, _SIGN = 11, 13
_FAILURE = b"\0\0\0\1\5"
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
        """Takes in a piece of a question; a whole one that is allowed is put to the agent."""
        self._received += b"".join(map(content, fields_of(message)[1]))
        try:
            while (question := self._question()) is not None:
                answer = self._answer(question) if _is_allowed(question) else _FAILURE
                self._replies.append(field(1, answer))
        except OSError as error:
            self._fail(error)

    def next_message(self) -> bytes | None:
        """The next answer of the agent."""
        return self._replies.popleft() if self._replies else None

    def _question(self) -> bytes | None:
        """The next whole question; raises OSError for one that is too long."""
        end = _length(self._received)
        if end > _LONGEST_BYTES:
            raise OSError("the question is too long")
        if not end or len(self._received) < end:
            return None
        question, self._received = self._received[:end], self._received[end:]
        return question

    def _answer(self, question: bytes) -> bytes:
        self._agent.sendall(question)
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


def _is_allowed(question: bytes) -> bool:
    """Whether it leaves the agent as it is: it lists the keys, or has one sign."""
    return question[_LENGTH_BYTES:][:1] in (bytes([_LIST_KEYS]), bytes([_SIGN]))
