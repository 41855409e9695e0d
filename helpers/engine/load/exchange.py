"""One request over HTTP/1.1 on a connection, and what came back; the protocol itself is h11's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import h11

from helpers.engine.load.failed import Failed
from helpers.model.load.plan import Plan
from helpers.model.load.reply import Failure
from helpers.model.load.version import version_of

_MOST_BYTES = 1_000_000
_PIECE_BYTES = 65_536
_BEGINNING = b"HTTP/"


@dataclass
class Line:
    """A connection, with what its protocol is at."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    state: h11.Connection

    @property
    def is_usable(self) -> bool:
        """Whether another request may go over it."""
        idle = self.state.our_state is h11.IDLE and self.state.their_state is h11.IDLE
        return idle and not self.reader.at_eof() and not self.writer.is_closing()

    def close(self) -> None:
        """No waiting: what it still has to say is nobody's business."""
        self.writer.close()


async def opened(addresses: Sequence[str], port: int) -> Line:
    """A new connection to the first of these addresses that takes it; raises OSError."""
    for at, address in enumerate(addresses, 1):
        try:
            reader, writer = await asyncio.open_connection(address, port)
            return Line(reader, writer, h11.Connection(h11.CLIENT))
        except OSError:
            if at == len(addresses):
                raise
    raise OSError("no address")


async def exchanged(line: Line, plan: Plan) -> tuple[int, str]:
    """The status of the answer, read to its end, and its version; raises Failed, or OSError."""
    heads = [
        ("Host", plan.target.authority),
        ("User-Agent", "docker-workbook"),
        ("Accept", "*/*"),
        ("Connection", "keep-alive" if plan.keep_alive else "close"),
    ]
    request = h11.Request(method="GET", target=plan.target.path, headers=heads)
    line.writer.write(line.state.send(request) + line.state.send(h11.EndOfMessage()))
    status, headers, body = await _answer(line)
    if line.state.our_state is h11.DONE and line.state.their_state is h11.DONE:
        line.state.start_next_cycle()
    return status, version_of(headers, body, plan.version_names)


async def _answer(line: Line) -> tuple[int, dict[str, str], bytes]:
    """Its status, its headers by names in lower case, and what comes first of its body."""
    status, headers, body, heard = 0, dict[str, str](), bytearray(), bytearray()
    piece, count = b"", 0
    while count <= _MOST_BYTES:
        try:
            event = line.state.next_event()
        except h11.RemoteProtocolError as error:
            raise Failed(_failure(bool(piece), bytes(heard)), str(error)) from None
        if event is h11.NEED_DATA:
            piece = await _piece(line, count)
            count += len(piece)
            heard += piece[: len(_BEGINNING) - len(heard)]
            line.state.receive_data(piece)
        elif isinstance(event, h11.Response):
            status, headers = event.status_code, _texts(event.headers)
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)):
            return status, headers, bytes(body)
    line.close()
    return status, headers, bytes(body)


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}


async def _piece(line: Line, count: int) -> bytes:
    try:
        return await line.reader.read(_PIECE_BYTES)
    except ConnectionError as error:
        kind = Failure.BROKEN_OFF if count else Failure.RESET
        raise Failed(kind, str(error.strerror or error)) from None


def _failure(is_more: bool, heard: bytes) -> Failure:
    """Why it cannot be read; `heard` is how it begins, and without `is_more` this was all."""
    if is_more or not _BEGINNING.startswith(heard):
        return Failure.NOT_HTTP
    return Failure.BROKEN_OFF if heard else Failure.CLOSED
