"""What was tried from inside a container, understood from what programs print there."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from helpers.errors import InvalidInput
from helpers.model.network.attempt import (
    Attempt,
    Outcome,
    beside_line,
    checked_port,
    checked_target,
    exec_line,
)
from helpers.model.network.wget_words import Understood, python_words, understood

CONNECTING = "Connecting to desk:8000 (172.18.0.3:8000)\n"


@pytest.mark.parametrize(
    ("errors", "body", "expected"),
    [
        (
            f"{CONNECTING}  HTTP/1.0 200 OK\n  Server: x\n  \nwriting to stdout\n",
            "\nhello\nmore",
            Understood(Outcome.ANSWERED, "", "HTTP/1.0 200 OK", "hello", "172.18.0.3"),
        ),
        (
            f"{CONNECTING}  HTTP/1.1 404 Not Found\n"
            "wget: server returned error: HTTP/1.1 404 Not Found\n",
            "",
            Understood(Outcome.ANSWERED, "", "HTTP/1.1 404 Not Found", "", "172.18.0.3"),
        ),
        (
            f"{CONNECTING}wget: can't connect to remote host (172.18.0.3): Connection refused\n",
            "",
            Understood(Outcome.REFUSED, "Connection refused", address="172.18.0.3"),
        ),
        (
            f"{CONNECTING}wget: download timed out\n",
            "",
            Understood(Outcome.TIMED_OUT, "no answer in 3 seconds", address="172.18.0.3"),
        ),
        ("wget: bad address 'desk:8000'\n", "", Understood(Outcome.UNKNOWN, "bad address")),
        (
            "wget: bad address 'desk': Name or service not known\n",
            "",
            Understood(Outcome.UNKNOWN, "Name or service not known"),
        ),
        (
            "Connecting to [fd00::2]:8000 ([fd00::2]:8000)\n"
            "wget: can't connect to remote host (fd00::2): Network is unreachable\n",
            "",
            Understood(Outcome.FAILED, "Network is unreachable", address="fd00::2"),
        ),
        (
            f"{CONNECTING}wget: error getting response\n",
            "",
            Understood(Outcome.ANSWERED, "error getting response", "not in HTTP", "", "172.18.0.3"),
        ),
        ("", "", Understood(Outcome.FAILED, "it said nothing")),
        ("x" * 1000, "", Understood(Outcome.FAILED, f"{'x' * 119}…")),
    ],
)
def test_what_wget_prints_is_understood(errors: str, body: str, expected: Understood) -> None:
    assert understood(errors, body) == expected


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The port of a server on this machine that answers once with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as link:
                link.recv(4096)
                link.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def by_python(target: str, port: int) -> Understood:
    words = (sys.executable, *python_words(target, port)[1:])
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    return understood(run.stderr, run.stdout)


def test_the_script_for_python_says_the_same() -> None:
    with answering(b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello\n") as port:
        got = by_python("127.0.0.1", port)
    assert got == Understood(Outcome.ANSWERED, "", "HTTP/1.0 200 OK", "hello", "127.0.0.1")
    assert by_python("127.0.0.1", port).outcome is Outcome.REFUSED
    with answering(b"I am no web server") as port:
        assert by_python("localhost", port).status == "not in HTTP"
    assert by_python("no-such-name.invalid", 80).outcome is Outcome.UNKNOWN


def test_an_attempt_is_shown_with_the_command_for_the_same() -> None:
    line = exec_line("street", "desk", 8000)
    hello = Attempt(
        "street", "desk", 8000, Outcome.ANSWERED, "", "HTTP/1.0 200 OK", "hi\x1b[2J", line=line
    )
    assert repr(hello) == (
        "street → desk:8000  answered: HTTP/1.0 200 OK, hi\\x1b[2J\n"
        "$ docker exec street wget -T 3 -qO- http://desk:8000/"
    )
    assert hello
    silent = Attempt("street", "fd00::2", 80, Outcome.TIMED_OUT, "no answer in 3 seconds")
    assert not silent
    assert (silent.route, silent.meaning) == (
        "street → [fd00::2]:80",
        "timed out: no answer in 3 seconds",
    )
    assert beside_line("street", "desk", 80) == (
        "docker run --rm --network container:street busybox:1.37 wget -T 3 -qO- http://desk:80/"
    )


@pytest.mark.parametrize("target", ["", "a b", "-x", "desk:80", "http://desk", "a\nb", "é", None])
def test_what_is_no_target_is_refused(target: object) -> None:
    with pytest.raises(InvalidInput):
        checked_target(target)


@pytest.mark.parametrize("target", ["desk", "my_app-web.1", "172.18.0.2", "fd00::2", "example.com"])
def test_names_and_addresses_are_targets(target: str) -> None:
    assert checked_target(target) == target


@pytest.mark.parametrize("port", [0, 65_536, True, "80", None, 8.5])
def test_what_is_no_port_is_refused(port: object) -> None:
    with pytest.raises(InvalidInput, match="is no port"):
        checked_port(port)
    assert checked_port(65_535) == 65_535
