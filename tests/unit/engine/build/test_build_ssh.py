"""The SSH agent that a build may ask: what reaches it, what does not, and in which order."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.build.protobuf import content, field, fields_of
from helpers.engine.build.session.call import INTERNAL, OK
from helpers.engine.build.session.ssh_agent import SshAgent

# Source of the numbers: draft-ietf-sshm-ssh-agent, Protocol Numbers.
LIST, SIGN, FAILURE = b"\x0b", b"\x0d", b"\x05"
REFUSED = {
    "add": 17, "remove": 18, "remove all": 19, "add from a card": 20, "lock": 22, "unlock": 23,
    "add with limits": 25, "load a library": 26, "extension": 27, "unknown": 99,
}  # fmt: skip


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(4, "big") + message


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.settimeout(20)
        listening.bind(str(tmp_path / "agent"))
        listening.listen()
        yield listening


@pytest.fixture
def call(listening: socket.socket) -> Iterator[SshAgent]:
    call = SshAgent(listening.getsockname())
    yield call
    call.close()


@pytest.fixture
def agent(call: SshAgent, listening: socket.socket) -> Iterator[socket.socket]:
    agent, _ = listening.accept()
    with agent:
        agent.settimeout(20)
        yield agent


def reply(call: SshAgent) -> bytes:
    message = call.next_message()
    assert message is not None
    return content(fields_of(message)[1][0])


@pytest.mark.parametrize("question", [LIST, SIGN + b"key and data"])
def test_keys_may_be_listed_and_used(call: SshAgent, agent: socket.socket, question: bytes) -> None:
    agent.sendall(framed(b"answer"))
    call.take(field(1, framed(question)))
    assert reply(call) == framed(b"answer")
    assert agent.recv(99) == framed(question)


@pytest.mark.parametrize("number", REFUSED.values(), ids=REFUSED)
def test_all_else_is_refused_and_never_reaches_the_agent(
    call: SshAgent, agent: socket.socket, number: int
) -> None:
    call.take(field(1, framed(bytes([number]) + b"word")))
    assert reply(call) == framed(FAILURE)
    assert select.select([agent], [], [], 0)[0] == []
    assert call.status is None


def test_an_agent_that_thinks_keeps_nobody_waiting(call: SshAgent, agent: socket.socket) -> None:
    call.take(field(1, framed(SIGN + b"first") + framed(b"\x13") + framed(LIST)))
    assert call.next_message() is None
    assert agent.recv(99) == framed(SIGN + b"first")
    assert call.waits_for() is not None
    agent.sendall(framed(b"one")[:5])
    assert call.next_message() is None
    agent.sendall(framed(b"one")[5:])
    assert [reply(call), reply(call)] == [framed(b"one"), framed(FAILURE)]
    assert call.next_message() is None
    agent.sendall(framed(b"two"))
    assert reply(call) == framed(b"two")
    assert call.next_message() is None
    assert call.waits_for() is None


def test_a_step_that_said_all_still_gets_its_answer(call: SshAgent, agent: socket.socket) -> None:
    call.take(field(1, framed(LIST)))
    call.end()
    assert (call.next_message(), call.status) == (None, None)
    agent.sendall(framed(b"answer"))
    assert reply(call) == framed(b"answer")
    assert (call.next_message(), call.status) == (None, OK)


@pytest.mark.parametrize("said", [b"", b"\0\0", b"\x7f\xff\xff\xff"])
def test_an_agent_that_hangs_up_or_says_nonsense_ends_the_call(
    call: SshAgent, agent: socket.socket, said: bytes
) -> None:
    call.take(field(1, framed(LIST)))
    assert call.next_message() is None
    agent.sendall(said)
    agent.shutdown(socket.SHUT_WR)
    assert call.next_message() is None
    assert (call.status, call.waits_for()) == (INTERNAL, None)


def test_where_no_agent_listens_the_call_fails(tmp_path: Path) -> None:
    call = SshAgent(str(tmp_path / "nowhere"))
    call.take(field(1, framed(LIST)))
    assert (call.next_message(), call.status, call.waits_for()) == (None, INTERNAL, None)
    call.close()


def test_an_empty_question_is_refused(call: SshAgent, agent: socket.socket) -> None:
    call.take(field(1, framed(b"")))
    assert reply(call) == framed(FAILURE)
    assert select.select([agent], [], [], 0)[0] == []


def test_a_question_that_is_too_long_ends_the_call(call: SshAgent, agent: socket.socket) -> None:
    call.take(field(1, (1 << 31).to_bytes(4, "big") + SIGN))
    assert call.next_message() is None
    assert call.status == INTERNAL
    assert "too long" in call.explanation
    assert agent.recv(99) == b""
