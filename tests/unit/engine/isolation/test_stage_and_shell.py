"""Where acts are tried, and commands in containers of strangers, bounded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from helpers.engine.isolation import shell
from helpers.engine.isolation.shell import answered, refusal_in, within
from helpers.engine.isolation.stage import own_folders, twin_options
from helpers.errors import EngineError, EngineGone


class Execs:
    """An engine whose containers print these pieces; `read` counts those that were taken."""

    def __init__(self, pieces: Iterator[bytes], exit_code: int = 0) -> None:
        self.read = 0
        self.pieces = pieces
        self.api = SimpleNamespace(
            exec_create=lambda *_, **__: {"Id": "1"},
            exec_inspect=lambda _: {"ExitCode": exit_code},
        )


@pytest.fixture(autouse=True)
def pieces_of_the_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    def pieces(engine: Execs, made: str) -> Iterator[bytes]:
        for piece in engine.pieces:
            engine.read += 1
            yield piece

    monkeypatch.setattr(shell, "exec_pieces", pieces)


def test_what_a_command_prints_comes_with_its_exit_code() -> None:
    engine: Any = Execs(iter([b"one ", b"\xff two"]), 3)
    answer = answered(engine, "web", ["cat"])
    assert (answer.output, answer.exit_code, answer.is_good) == ("one � two", 3, False)


def test_no_more_is_read_than_was_asked_for() -> None:
    engine: Any = Execs(iter(lambda: b"x" * 1_000, b""))
    answer = answered(engine, "web", ["yes"], most_bytes=10_000)
    assert len(answer.output) == 10_000
    assert answer.exit_code is None
    assert engine.read == 11


def test_a_command_that_never_ends_is_waited_for_so_long() -> None:
    released = threading.Event()
    with pytest.raises(EngineGone, match="`docker exec web cat` has not ended in 0"):
        within(0.01, released.wait, "docker exec web cat")
    released.set()


def test_errors_of_the_sdk_become_ours_and_others_stay() -> None:
    def refuse() -> None:
        raise APIError("409", explanation="Container web is paused: unpause it")

    with pytest.raises(EngineError, match="is paused"):
        within(5, refuse, "docker exec")
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0, "docker exec")
    assert shell.ANSWER_SECONDS <= 30


def test_a_refusal_is_said_by_its_last_causes() -> None:
    long = (
        "Error response: failed to create task: runc: apply caps: operation not permitted: unknown"
    )
    error = EngineError("The engine answered.", answer=long)
    assert refusal_in(error) == "apply caps: operation not permitted"


def inspected(mounts: list[str] | None = None, **config: object) -> dict[str, Any]:
    return {
        "Id": "abc",
        "Mounts": [{"Destination": path} for path in mounts or []],
        "HostConfig": config,
    }


@pytest.mark.parametrize(
    ("seen", "folders"),
    [
        (inspected(), ("/", "/dev/shm")),
        (inspected(["/tmp"]), ("/", "/dev/shm")),
        (inspected(["/dev/shm"]), ("/",)),
        (inspected(IpcMode="host"), ("/",)),
        (inspected(ReadonlyRootfs=True), ("/dev/shm",)),
        (inspected(ReadonlyRootfs=True, IpcMode="private"), ("/dev/shm",)),
        (inspected(ReadonlyRootfs=True, IpcMode="host"), ()),
        (inspected(ReadonlyRootfs=True, IpcMode="container:other"), ()),
        (inspected(ReadonlyRootfs=True, IpcMode="none"), ()),
        (inspected(["/dev/shm"], ReadonlyRootfs=True), ()),
        (inspected(["/dev"], ReadonlyRootfs=True), ()),
    ],
)
def test_nothing_is_written_where_it_may_be_the_hosts(
    seen: dict[str, Any], folders: tuple[str, ...]
) -> None:
    assert own_folders(seen) == folders


def test_a_twin_has_the_same_rights_and_none_of_the_files() -> None:
    seen = inspected(
        CapAdd=["SYS_TIME"], CapDrop=["ALL"], Privileged=True, Binds=["/:/host"],
        SecurityOpt=["no-new-privileges"], UTSMode="host", UsernsMode="host",
        Devices=[{"PathOnHost": "/dev/sda"}], NetworkMode="bridge", GroupAdd=None,
    )  # fmt: skip
    assert twin_options(seen) == {
        "pid_mode": "container:abc",
        "network_mode": "container:abc",
        "cap_add": ["SYS_TIME"],
        "cap_drop": ["ALL"],
        "privileged": True,
        "security_opt": ["no-new-privileges"],
        "userns_mode": "host",
    }
    assert twin_options(inspected()) == {
        "pid_mode": "container:abc",
        "network_mode": "container:abc",
    }
