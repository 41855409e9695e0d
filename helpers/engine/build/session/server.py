"""A gRPC server on a socket that the engine dialled: HTTP/2, one thread, bounded memory.

Source: gRPC's PROTOCOL-HTTP2.md; the frames are h2's business.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import H2Error, StreamClosedError, StreamIDTooLowError

from helpers.engine.build.session.call import INTERNAL, OK, UNIMPLEMENTED, Call, Metadata

Service = Callable[[Metadata], Call]
_RECEIVE_BYTES = 1 << 18
_AHEAD_BYTES = 1 << 18
_PREFIX_BYTES = 5
# Source: Go's net/http, DefaultMaxHeaderBytes, and what golang.org/x/net/http2 adds to it.
_HEADERS_BYTES = (1 << 20) + 10 * 32
_END_SECONDS = 10
# All that gRPC writes into its messages as it is.
_PLAIN = " !\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~"
# What h2 raises for a stream that the other side reset before it was answered; the second where
# another stream was opened since.
_TAKEN_BACK = (StreamClosedError, StreamIDTooLowError)


class _Connection(H2Connection):
    """HTTP/2 with the room for headers that Go's server gives, and so the docker command's."""

    DEFAULT_MAX_HEADER_LIST_SIZE = _HEADERS_BYTES


@dataclass
class _Stream:
    call: Call
    received: bytes = b""
    pending: memoryview = field(default_factory=lambda: memoryview(b""))


class SessionServer:
    """Serves the calls that come over the socket, until it or the engine closes it."""

    def __init__(
        self, connection: socket.socket, begun: bytes, services: Mapping[str, Service]
    ) -> None:
        self._socket = connection
        self._begun = begun
        self._services = services
        self._h2 = _Connection(H2Configuration(client_side=False, header_encoding=None))
        self._streams: dict[int, _Stream] = {}
        self._out = bytearray()
        self._thread = threading.Thread(target=self._serve, name="docker session", daemon=True)

    def start(self) -> None:
        """Begins to serve, on a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Ends the connection and waits for the thread, which may just read from a slow disk."""
        self._hang_up()
        if self._thread.is_alive():
            self._thread.join(_END_SECONDS)
        self._socket.close()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        self._h2.initiate_connection()
        try:
            with suppress(OSError, H2Error):
                self._receive(self._begun)
                self._socket.setblocking(False)
                while self._step():
                    pass
        finally:
            # Whatever happened, the engine must not wait for an answer any more.
            self._hang_up()
            for number in list(self._streams):
                self._close(number)

    def _step(self) -> bool:
        """Sends and receives what can be now; False once the other side is gone."""
        self._pump()
        readable, writable, _ = select.select(
            [self._socket], [self._socket] if self._out else [], []
        )
        if writable:
            del self._out[: self._socket.send(memoryview(self._out)[:_RECEIVE_BYTES])]
        if readable:
            received = self._socket.recv(_RECEIVE_BYTES)
            if not received:
                return False
            self._receive(received)
        return True

    def _receive(self, received: bytes) -> None:
        for event in self._h2.receive_data(received) if received else ():
            self._take(event)
        self._out += self._h2.data_to_send()

    def _take(self, event: Event) -> None:
        if isinstance(event, RequestReceived):
            self._open(event)
        elif isinstance(event, DataReceived):
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            if stream := self._streams.get(event.stream_id):
                _take_messages(stream, event.data)
        elif isinstance(event, StreamEnded) and event.stream_id in self._streams:
            self._streams[event.stream_id].call.end()
        elif isinstance(event, StreamReset):
            self._close(event.stream_id)

    def _open(self, event: RequestReceived) -> None:
        metadata: dict[str, list[str]] = {}
        for name, value in event.headers:
            metadata.setdefault(_text(name), []).append(_text(value))
        head = [(":status", "200"), ("content-type", "application/grpc")]
        try:
            self._h2.send_headers(event.stream_id, head)
        except _TAKEN_BACK:
            return
        service = self._services.get(metadata[":path"][0])
        if service is None:
            self._end(event.stream_id, UNIMPLEMENTED, "no such procedure")
        else:
            frozen = {name: tuple(values) for name, values in metadata.items()}
            self._streams[event.stream_id] = _Stream(service(frozen))

    def _pump(self) -> None:
        """Fills what goes out with a frame of each stream in turn, so that none waits for others:
        BuildKit hangs up where its questions after our health stay open while it is sent files.
        """
        idle = 0
        while idle < len(self._streams) and len(self._out) < _AHEAD_BYTES:
            number, stream = next(iter(self._streams.items()))
            self._streams[number] = self._streams.pop(number)
            idle = 0 if self._send_frame(number, stream) else idle + 1

    def _send_frame(self, number: int, stream: _Stream) -> bool:
        """Whether that stream had something to send, and may: a frame, or its end."""
        if not stream.pending and not _fill(stream):
            if stream.call.status is not None:
                self._end(number, stream.call.status, stream.call.explanation)
            return number not in self._streams
        size = min(
            self._h2.local_flow_control_window(number),
            self._h2.max_outbound_frame_size,
            len(stream.pending),
        )
        if size > 0:
            self._h2.send_data(number, stream.pending[:size])
            stream.pending = stream.pending[size:]
            self._out += self._h2.data_to_send()
        return size > 0

    def _close(self, number: int) -> None:
        """Lets go of a call that is over, and of what it holds."""
        if stream := self._streams.pop(number, None):
            stream.call.close()

    def _end(self, number: int, status: int, explanation: str) -> None:
        self._close(number)
        trailers = [("grpc-status", str(status))]
        if status != OK:
            trailers.append(("grpc-message", quote(explanation.strip(), _PLAIN, errors="replace")))
        with suppress(*_TAKEN_BACK):
            self._h2.send_headers(number, trailers, end_stream=True)
        if status == INTERNAL:
            with suppress(H2Error):
                self._h2.reset_stream(number, ErrorCodes.NO_ERROR)
        self._out += self._h2.data_to_send()


def _text(header: bytes | str) -> str:
    """A header, in which a file's name may be no UTF-8."""
    return header if isinstance(header, str) else header.decode("utf-8", "surrogateescape")


def _take_messages(stream: _Stream, data: bytes) -> None:
    """Hands on the whole messages, each behind a byte for compression and four for its length."""
    received = stream.received + data
    while len(received) >= _PREFIX_BYTES:
        end = _PREFIX_BYTES + int.from_bytes(received[1:_PREFIX_BYTES], "big")
        if len(received) < end:
            break
        stream.call.take(received[_PREFIX_BYTES:end])
        received = received[end:]
    stream.received = received


def _fill(stream: _Stream) -> bool:
    """Whether there is something to send: as many messages as fill a few frames."""
    pieces: list[bytes] = []
    size = 0
    while size < _AHEAD_BYTES and (message := stream.call.next_message()) is not None:
        pieces += [b"\0" + len(message).to_bytes(4, "big"), message]
        size += len(message)
    stream.pending = memoryview(b"".join(pieces))
    return bool(stream.pending)
