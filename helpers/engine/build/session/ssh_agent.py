"""The call by which a step of the build asks this machine's SSH agent to sign for it.

The keys stay here, and as they are: a step may list them and have them sign, no more, as with
BuildKit's own client (`sshprovider/agentprovider.go`).
Source: moby/buildkit `session/sshforward/ssh.proto`; draft-ietf-sshm-ssh-agent: a length of four
bytes, then as much, which begins with its kind; one answer to each question.
"""

from __future__ import annotations

import socket

from helpers.engine.build.protobuf import content, field, fields_of
from helpers.engine.build.session.call import INTERNAL, OK

_LENGTH_BYTES = 4
_LIST_KEYS, _SIGN = 11, 13
_FAILURE = b"\0\0\0\1\5"
_LONGEST_BYTES = 1 << 20
# An agent that lives takes a question at once; its owner may think about the answer for long.
_TAKE_SECONDS = 5


class SshAgent:
    """One connection of a step with the agent that listens on that socket."""

    def __init__(self, place: str) -> None:
        self.status: int | None = None
        self.explanation = ""
        self._received = b""
        self._heard = b""
        self._is_asked = False
        self._has_ended = False
        self._agent = socket.socket(socket.AF_UNIX)
        self._agent.settimeout(_TAKE_SECONDS)
        try:
            self._agent.connect(place)
        except OSError as error:
            self._fail(error)

    def take(self, message: bytes) -> None:
        """Takes in a piece of a question."""
        self._received += b"".join(map(content, fields_of(message)[1]))
        if len(self._received) > _LONGEST_BYTES:
            self._fail(OSError("too much is asked at once"))

    def next_message(self) -> bytes | None:
        """The next answer, if it is there; the next question, if it is allowed, is put before."""
        if self.status is not None:
            return None
        try:
            return self._next()
        except OSError as error:
            self._fail(error)
            return None

    def waits_for(self) -> socket.socket | None:
        """The agent, while it owes an answer."""
        return self._agent if self._is_asked and self.status is None else None

    def end(self) -> None:
        """Takes in that the step asks no more."""
        self._has_ended = True

    def close(self) -> None:
        """Hangs up."""
        self._agent.close()

    def _next(self) -> bytes | None:
        if not self._is_asked:
            question = _whole(self._received)
            if not question:
                self.status = OK if self._has_ended else None
                return None
            self._received = self._received[len(question) :]
            if not _is_allowed(question):
                return field(1, _FAILURE)
            self._ask(question)
        answer = self._answer()
        return field(1, answer) if answer else None

    def _ask(self, question: bytes) -> None:
        self._agent.settimeout(_TAKE_SECONDS)
        self._agent.sendall(question)
        self._agent.setblocking(False)
        self._heard, self._is_asked = b"", True

    def _answer(self) -> bytes:
        """The agent's answer; nothing while it is not there."""
        while not (answer := _whole(self._heard)):
            try:
                piece = self._agent.recv(_LONGEST_BYTES)
            except BlockingIOError:
                return b""
            if not piece:
                raise OSError("it hung up")
            self._heard += piece
        self._is_asked = False
        return answer

    def _fail(self, error: OSError) -> None:
        self._agent.close()
        self.status, self.explanation = INTERNAL, f"the SSH agent cannot be asked: {error}"


def _whole(received: bytes) -> bytes:
    """The message that begins there, its length included; nothing while it is not all there.

    Raises OSError for one that is longer than any.
    """
    if len(received) < _LENGTH_BYTES:
        return b""
    end = _LENGTH_BYTES + int.from_bytes(received[:_LENGTH_BYTES], "big")
    if end > _LONGEST_BYTES:
        raise OSError("a message is too long")
    return received[:end] if len(received) >= end else b""


def _is_allowed(question: bytes) -> bool:
    """Whether it leaves the agent as it is: it lists the keys, or has one sign."""
    return question[_LENGTH_BYTES:][:1] in (bytes([_LIST_KEYS]), bytes([_SIGN]))
