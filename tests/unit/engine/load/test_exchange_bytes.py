"""Whatever bytes a server sends, a request ends: answered, or failed in a way that has a name."""

from __future__ import annotations

import asyncio

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.load.exchange import Line, exchanged
from helpers.engine.load.failed import Failed
from helpers.model.load.plan import checked_plan
from helpers.model.load.reply import Failure
from tests.unit.planned_server import ENTRIES, answer

PLAN = checked_plan("http://127.0.0.1:8000/", 20)
HEAD = b"HTTP/1.1 200 OK\r\n"
PIECES = st.sampled_from([
    HEAD, b"HTTP/1.0 503 No\r\n", b"HTTP/1.1 101 x\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"\r\n",
    b"Content-Length: 3\r\n", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n", b"abc",
    b"Content-Type: application/json\r\n", b"X-App-Version: \xff\x1b\r\n", b"3\r\nabc\r\n0\r\n\r\n",
    b"fffffffffff\r\n", b"\0" * 20_000, b'{"version": NaN}',
])  # fmt: skip


class NoWriter:
    """What takes a request and says nothing."""

    written = b""
    is_closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed


async def asked(data: bytes) -> tuple[int, str]:
    """What comes of a request that these bytes answer, then the end of the connection."""
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    line = Line(reader, NoWriter(), h11.Connection(h11.CLIENT))  # type: ignore[arg-type]
    return await exchanged(line, PLAN)


@given(st.lists(PIECES | st.binary(max_size=40), max_size=8))
def test_any_bytes_end_a_request(pieces: list[bytes]) -> None:
    failure, status, version = "", 200, ""
    try:
        status, version = asyncio.run(asked(b"".join(pieces)))
    except Failed as error:
        failure = error.failure
    assert failure in ("", Failure.NOT_HTTP, Failure.BROKEN_OFF, Failure.CLOSED)
    assert 100 <= status < 1000
    assert version.isprintable()


def test_an_answer_without_end_is_let_go() -> None:
    assert asyncio.run(asked(HEAD + b"\r\n" + b"x" * 3_000_000)) == (200, "")


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"", Failure.CLOSED),
        (b"HT", Failure.BROKEN_OFF),
        (HEAD, Failure.BROKEN_OFF),
        (answer("1", body="abc")[:-1], Failure.BROKEN_OFF),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", Failure.BROKEN_OFF),
        (b"* OK IMAP\r\n", Failure.NOT_HTTP),
        (b"HTTP/1.1 what\r\n\r\n", Failure.NOT_HTTP),
        (ENTRIES["not HTTP"] + b"\r\n", Failure.NOT_HTTP),
    ],
)
def test_how_an_answer_fails(data: bytes, failure: Failure) -> None:
    with pytest.raises(Failed) as raised:
        asyncio.run(asked(data))
    assert raised.value.failure is failure


def test_what_is_asked() -> None:
    async def request() -> bytes:
        reader, writer = asyncio.StreamReader(), NoWriter()
        reader.feed_data(answer("1"))
        reader.feed_eof()
        await exchanged(Line(reader, writer, h11.Connection(h11.CLIENT)), PLAN)  # type: ignore[arg-type]
        return writer.written

    assert asyncio.run(request()).split(b"\r\n")[:4] == [
        b"GET / HTTP/1.1",
        b"Host: 127.0.0.1:8000",
        b"User-Agent: docker-workbook",
        b"Accept: */*",
    ]
