"""What the SDK raises becomes the workbook's own error, with a step that can help."""

from __future__ import annotations

import json

import pytest
import requests
from docker.errors import APIError, DockerException, NotFound, NullResource, StreamParseError
from requests.exceptions import ConnectionError, JSONDecodeError, ReadTimeout
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from helpers.engine.base.answers import engine_error, took_too_long, translated
from helpers.errors import (
    DiskFull,
    EngineError,
    EngineGone,
    NameInUse,
    NoSuchContainer,
    NoSuchImage,
    PortInUse,
)


def answered(words: str, status: int = 500) -> EngineError:
    """The error for an engine's answer in these words, as the SDK hands it on."""
    answer = requests.Response()
    answer.status_code = status
    kind = NotFound if status == 404 else APIError
    return engine_error(kind("an answer", answer, words), "docker run app")


NO_ROOM = "mkdir /sys/fs/cgroup/memory/docker/74ad: no space left on device"
RESERVED = (
    "Ports are not available: exposing port TCP 0.0.0.0:50070 -> 0.0.0.0:0: listen tcp "
    "0.0.0.0:50070: bind: An attempt was made to access a socket in a way forbidden by its access "
    "permissions."
)


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        (f"runc create failed: {NO_ROOM}", EngineError, "The disk is not full"),
        ("unable to join session keyring: unable to create session key: disk quota exceeded",
         EngineError, "kernel.keys.maxkeys"),
        ("failed to create fsnotify watcher: too many open files", EngineError, "inotify"),
        ("write /var/lib/docker/tmp/x: no space left on device", DiskFull, "docker system df"),
        (RESERVED, EngineError, "excludedportrange"),
        ("failed to set up container networking: Address already in use", EngineError,
         "has that address"),
        ("error while creating mount source path '/x': mkdir /x: permission denied", EngineError,
         "may not make that folder"),
        ("driver failed: failed to bind host port 10.9.9.9:4000/tcp: cannot assign requested "
         "address", EngineError, "no such address"),
        ("cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80'",
         EngineError, "above, such as 8080"),
    ],
)  # fmt: skip
def test_words_that_look_like_another_trouble_are_told_apart(
    words: str, kind: type[EngineError], says: str
) -> None:
    error = answered(words)
    assert type(error) is kind
    assert says in error.next_step


@pytest.mark.parametrize(
    ("words", "port"),
    [
        ("Bind for 0.0.0.0:4000 failed: port is already allocated", 4000),
        ("Bind for :::4000 failed: port is already allocated", 4000),
        ("Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use", 80),
        ("failed to bind host port for 0.0.0.0:4000:172.17.0.2:80/tcp: address already in use",
         4000),
        ("failed to bind host port 127.0.0.1:4000/tcp: address already in use", 4000),
        ("failed to bind host port for [::1]:4000:[fd00::2]:80/tcp: address already in use", 4000),
        ("Ports are not available: exposing port TCP 0.0.0.0:5000 -> 127.0.0.1:0: listen tcp "
         "0.0.0.0:5000: bind: address already in use", 5000),
        ("cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use", 8080),
    ],
)  # fmt: skip
def test_a_port_that_is_taken_is_named(words: str, port: int) -> None:
    error = answered(
        f"driver failed programming external connectivity on endpoint w9 (7f3): {words}"
    )
    assert isinstance(error, PortInUse)
    assert f"Port {port} of this machine" in error.message


def test_what_is_not_there_is_said_to_be_what_it_is() -> None:
    network = answered("failed to set up container networking: network nope not found", 404)
    assert type(network) is EngineError
    assert "docker network ls" in network.next_step
    assert isinstance(answered("No such container: web", 404), NoSuchContainer)
    assert isinstance(answered("No such image: nix:latest", 404), NoSuchImage)
    podman = 'no container with name or ID "web" found: no such container'
    assert isinstance(answered(podman, 404), NoSuchContainer)
    assert type(answered("get nix: no such volume", 404)) is EngineError
    assert isinstance(answered('The container name "/a" is already in use by', 409), NameInUse)


@pytest.mark.parametrize(
    ("status", "says"),
    [(400, "`docker run --help`"), (404, "spelling"), (409, "docker ps"), (500, "journalctl"),
     (501, "doctor"), (503, "journalctl")],
)  # fmt: skip
def test_words_that_nobody_knows_have_a_step_by_the_kind_of_answer(status: int, says: str) -> None:
    assert says in answered("something new went wrong", status).next_step


@pytest.mark.parametrize("words", ["", "a\x1b]0;x\x07\u202eb", "x" * 100_000, "\ud800{0}{nix}"])
def test_whatever_the_words_are_they_become_one_visible_line(words: str) -> None:
    error = answered(words)
    assert error.next_step
    assert "\x1b" not in str(error)
    assert "\n" not in error.message


@pytest.mark.parametrize(
    ("raised", "kind", "says"),
    [
        (ConnectionError("refused"), EngineGone, "stopped answering"),
        (ProtocolError("broken"), EngineGone, "stopped answering"),
        (DockerException("fetching the version"), EngineGone, "stopped answering"),
        (NullResource("Resource ID was not provided"), EngineError, "names nothing"),
        (JSONDecodeError("Expecting value", "<html>", 0), EngineError, "as no engine does"),
        (json.JSONDecodeError("Expecting value", "<html>", 0), EngineError, "as no engine does"),
        (StreamParseError("x"), EngineError, "as no engine does"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "start"), EngineError, "as no engine does"),
    ],
)
def test_no_error_of_a_library_leaves_a_question(
    raised: Exception, kind: type[EngineError], says: str
) -> None:
    with pytest.raises(EngineError, match=says) as caught, translated("docker inspect ''"):
        raise raised
    assert type(caught.value) is kind
    assert caught.value.next_step


def test_a_wait_that_took_too_long_is_none_that_broke() -> None:
    late = ReadTimeoutError(None, "/wait", "Read timed out.")  # type: ignore[arg-type]
    assert took_too_long(ReadTimeout("late"))
    assert took_too_long(ConnectionError(late))
    assert took_too_long(TimeoutError())
    assert not took_too_long(ConnectionError("refused"))
    assert not took_too_long(None)
