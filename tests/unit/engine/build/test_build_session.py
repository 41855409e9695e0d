"""The session's server, spoken to as the engine speaks: HTTP/2 over a pair of sockets."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, StreamEnded, TrailersReceived

from helpers.engine.build.protobuf import content, field, fields_of, number, text
from helpers.engine.build.session.call import CallFailed, Metadata, Question
from helpers.engine.build.session.file_sync import FileSync
from helpers.engine.build.session.sent_files import SentFile, sent_files
from helpers.engine.build.session.server import Service, SessionServer
from helpers.engine.build.walk import walk
from helpers.model.build.dockerignore import DockerIgnore

ECHO, FAIL, BREAK, FILES = "/t/Echo", "/t/Fail", "/t/Break", "/t/Files"


class Caller:
    """The engine's side."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        self.socket = connection
        self.h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.received: dict[int, bytes] = {}
        self.statuses: dict[int, str] = {}
        self.trailers: dict[int, dict[str, str]] = {}
        self.ended: set[int] = set()

    def open(self, path: str, *further: tuple[str | bytes, str | bytes]) -> int:
        stream = self.h2.get_next_available_stream_id()
        head = [(":method", "POST"), (":path", path), (":scheme", "http"), (":authority", "x")]
        self.h2.send_headers(stream, [*head, *further])
        self.received[stream] = b""
        return stream

    def say(self, stream: int, message: bytes, end: bool = False) -> None:
        framed = b"\0" + len(message).to_bytes(4, "big") + message
        self.h2.send_data(stream, framed, end_stream=end)
        self.flush()

    def flush(self) -> None:
        self.socket.sendall(self.h2.data_to_send())

    def listen(self, until: Callable[[], bool]) -> None:
        while not until():
            for event in self.h2.receive_data(self.socket.recv(65536)):
                if isinstance(event, DataReceived):
                    self.received[event.stream_id] += event.data
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, TrailersReceived):
                    self.trailers[event.stream_id] = dict(event.headers)
                    self.statuses[event.stream_id] = dict(event.headers)["grpc-status"]
                elif isinstance(event, StreamEnded):
                    self.ended.add(event.stream_id)
            self.flush()

    def messages(self, stream: int) -> list[bytes]:
        left, found = self.received[stream], []
        while len(left) >= 5 and len(left) >= 5 + (size := int.from_bytes(left[1:5], "big")):
            found.append(left[5 : 5 + size])
            left = left[5 + size :]
        return found


def fail(_: bytes) -> bytes:
    raise CallFailed(5, "no such thing")


def break_down(_: bytes) -> bytes:
    raise PermissionError(13, "Zugriff\nverwährt", "100%")


@pytest.fixture
def problems() -> list[Exception]:
    return []


@pytest.fixture
def sent() -> list[tuple[str, int, str]]:
    return []


@pytest.fixture
def caller(
    tmp_path: Path,
    problems: list[Exception],
    sent: list[tuple[str, int, str]],
) -> Iterator[Caller]:
    def files(_: Metadata) -> FileSync:
        def note(file: SentFile, size: int, digest: str) -> None:
            sent.append((file.path, size, digest[:8]))

        return FileSync(sent_files(walk(tmp_path, DockerIgnore())), note, problems.append)

    mine, theirs = socket.socketpair()
    services: dict[str, Service] = {
        ECHO: lambda _: Question(bytes.upper, problems.append),
        FAIL: lambda _: Question(fail, problems.append),
        BREAK: lambda _: Question(break_down, problems.append),
        FILES: files,
    }
    server = SessionServer(theirs, b"", services)
    server.start()
    with mine:
        yield Caller(mine)
    server.close()


def test_a_question_is_answered(caller: Caller) -> None:
    stream = caller.open(ECHO)
    caller.say(stream, b"hello", end=True)
    caller.listen(lambda: stream in caller.ended)
    assert caller.messages(stream) == [b"HELLO"]
    assert caller.statuses[stream] == "0"


@pytest.mark.parametrize(("path", "status"), [(FAIL, "5"), ("/t/Unknown", "12")])
def test_what_cannot_be_answered_has_its_status(caller: Caller, path: str, status: str) -> None:
    stream = caller.open(path)
    caller.say(stream, b"x", end=True)
    caller.listen(lambda: stream in caller.ended)
    assert (caller.statuses[stream], caller.messages(stream)) == (status, [])


def answered(caller: Caller) -> bool:
    """Whether the session goes on: it answers another question."""
    stream = caller.open(ECHO)
    caller.say(stream, b"still", end=True)
    caller.listen(lambda: stream in caller.ended)
    return caller.messages(stream) == [b"STILL"]


def test_a_question_that_nobody_can_answer_ends_alone_and_is_told(
    caller: Caller, problems: list[Exception]
) -> None:
    stream = caller.open(BREAK)
    caller.say(stream, b"x", end=True)
    caller.listen(lambda: stream in caller.statuses)
    assert (caller.statuses[stream], caller.messages(stream)) == ("13", [])
    said = caller.trailers[stream]["grpc-message"]
    assert said == "[Errno 13] Zugriff%0Averw%C3%A4hrt: '100%25'"
    assert [type(problem) for problem in problems] == [PermissionError]
    assert answered(caller)


@pytest.mark.parametrize("path", [ECHO, FILES, "/t/Unknown"])
def test_a_call_that_is_taken_back_at_once_ends_alone(caller: Caller, path: str) -> None:
    stream = caller.open(path)
    caller.h2.send_data(stream, b"\0\0\0\0\1x")
    caller.h2.reset_stream(stream)
    caller.flush()
    assert answered(caller)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whatever_breaks_the_server_the_engine_is_not_left_waiting() -> None:
    def broken(_: Metadata) -> Question:
        raise RuntimeError("nobody thought of this")

    mine, theirs = socket.socketpair()
    server = SessionServer(theirs, b"", {ECHO: broken})
    server.start()
    with mine:
        caller = Caller(mine)
        caller.open(ECHO)
        caller.flush()
        while mine.recv(4096):
            pass
    server.close()


@pytest.mark.parametrize("together", [1, 3])
def test_a_question_is_answered_in_the_middle_of_transfers(
    caller: Caller, tmp_path: Path, together: int
) -> None:
    size = 16 << 20
    with (tmp_path / "big").open("wb") as file:
        file.truncate(size)
    transfers = [caller.open(FILES) for _ in range(together)]
    caller.flush()
    for stream in transfers:
        assert len(described(caller, stream)) == 1
    for stream in transfers:
        caller.say(stream, field(1, 1) + field(3, 0))
    caller.listen(lambda: all(len(caller.received[stream]) > 1 << 20 for stream in transfers))
    before = sum(len(caller.received[stream]) for stream in transfers)
    assert answered(caller)
    # What was on its way already, here and in the sockets, comes first; no more.
    assert sum(len(caller.received[stream]) for stream in transfers) - before < 4 << 20


def described(caller: Caller, stream: int) -> list[bytes]:
    """The descriptions, once all have come: an empty message ends them."""
    caller.listen(lambda: b"" in caller.messages(stream))
    messages = caller.messages(stream)
    return [content(fields_of(m)[2][0]) for m in messages[: messages.index(b"")]]


def test_files_are_described_and_sent_when_asked_for(
    caller: Caller, tmp_path: Path, sent: list[tuple[str, int, str]]
) -> None:
    (tmp_path / "d").mkdir()
    big = bytes(range(256)) * 4096
    (tmp_path / "d" / "big").write_bytes(big)
    (tmp_path / "small").write_bytes(b"s")
    (tmp_path / "link").symlink_to("small")
    stream = caller.open(FILES)
    caller.flush()
    stats = [fields_of(stat) for stat in described(caller, stream)]
    assert [(text(s, 1), number(s, 2), number(s, 5), text(s, 7)) for s in stats] == [
        ("d", 1 << 31 | 0o755, 0, ""), ("d/big", 0o644, len(big), ""),
        ("link", 1 << 27 | 0o777, 5, "small"), ("small", 0o644, 1, ""),
    ]  # fmt: skip
    assert number(stats[3], 6) == (tmp_path / "small").stat().st_mtime_ns
    for place in (1, 3):
        caller.say(stream, field(1, 1) + field(3, place))
    caller.say(stream, field(1, 3))
    caller.listen(lambda: stream in caller.statuses)
    packets = [fields_of(m) for m in caller.messages(stream)][5:]
    for place, whole in ((1, big), (3, b"s")):
        mine = [p for p in packets if number(p, 1) == 2 and number(p, 3) == place]
        assert b"".join(content(p[4][0]) for p in mine if p[4]) == whole
        assert not mine[-1][4]
    assert number(packets[-1], 1) == 3
    assert caller.statuses[stream] == "0"
    assert ("d/big", len(big)) in {(path, size) for path, size, digest in sent if digest}


def test_a_file_that_is_gone_by_then_ends_the_transfer(
    caller: Caller, tmp_path: Path, problems: list[Exception]
) -> None:
    (tmp_path / "a").write_bytes(b"1")
    stream = caller.open(FILES)
    caller.flush()
    assert len(described(caller, stream)) == 1
    (tmp_path / "a").unlink()
    caller.say(stream, field(1, 1) + field(3, 0))
    caller.listen(lambda: stream in caller.statuses)
    assert caller.statuses[stream] == "13"
    assert isinstance(problems[0], FileNotFoundError)


def test_a_number_that_is_no_file_is_refused(caller: Caller, problems: list[Exception]) -> None:
    stream = caller.open(FILES)
    caller.say(stream, field(1, 1) + field(3, 7))
    caller.listen(lambda: stream in caller.statuses)
    assert caller.statuses[stream] == "13"
    assert "which is no file" in str(problems[0])


@pytest.mark.parametrize("count", [1_000, 3_000])
def test_there_is_as_much_room_for_rules_as_the_docker_command_has(
    caller: Caller, count: int
) -> None:
    """Go's server takes 1 MiB, and 32 bytes beside name and value of each."""
    rules = [f"!src/deep/folder/file{number:05}.ts" for number in range(count)]
    stream = caller.open(ECHO, *(("exclude-patterns", rule) for rule in rules))
    caller.say(stream, b"hello", end=True)
    caller.listen(lambda: stream in caller.ended)
    assert caller.messages(stream) == [b"HELLO"]


def test_the_room_for_headers_is_the_one_of_gos_server() -> None:
    left, right = socket.socketpair()
    server = SessionServer(left, b"", {})
    server.start()
    caller = Caller(right)
    caller.flush()
    caller.listen(lambda: caller.h2.remote_settings.max_header_list_size is not None)
    assert caller.h2.remote_settings.max_header_list_size == 2**20 + 320
    server.close()
    right.close()


def test_a_header_that_is_no_text_arrives_all_the_same(caller: Caller) -> None:
    stream = caller.open(ECHO, (b"exclude-patterns", b"caf\xe9"))
    caller.say(stream, b"hello", end=True)
    caller.listen(lambda: stream in caller.ended)
    assert caller.messages(stream) == [b"HELLO"]


def test_the_server_ends_when_the_engine_goes(tmp_path: Path) -> None:
    mine, theirs = socket.socketpair()
    server = SessionServer(theirs, b"", {})
    server.start()
    mine.close()
    server.close()


def test_nonsense_on_the_wire_ends_the_server() -> None:
    mine, theirs = socket.socketpair()
    server = SessionServer(theirs, b"", {})
    server.start()
    with mine:
        mine.settimeout(20)
        mine.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
        while mine.recv(4096):
            pass
    server.close()
