"""A connection to the engine that changes from HTTP/1.1 to another protocol."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.engine.base.sdk import new_socket

if TYPE_CHECKING:
    from docker import DockerClient

_HEAD_END = b"\r\n\r\n"
_LONGEST_HEAD_BYTES = 65536
_ANSWER_SECONDS = 20


def hijacked(
    client: DockerClient, path: str, headers: Sequence[tuple[str, str]]
) -> tuple[socket.socket, bytes] | None:
    """The socket after `101 Switching Protocols`, with the bytes that already came after it.

    None where the engine, or something before it, will not switch, or where the connection is not
    a plain socket (TLS, SSH, a Windows pipe).
    """
    connection = new_socket(client)
    if connection is None:
        return None
    try:
        connection.settimeout(_ANSWER_SECONDS)
        connection.sendall(_request(client, path, headers))
        head, rest = _answer(connection)
        if head.split(b" ")[1:2] == [b"101"]:
            connection.settimeout(None)
            return connection, rest
    except OSError:
        pass
    connection.close()
    return None


def _request(client: DockerClient, path: str, headers: Sequence[tuple[str, str]]) -> bytes:
    lines = [
        f"POST /v{client.api.api_version}{path} HTTP/1.1",
        "Host: docker",
        "Connection: Upgrade",
        *(f"{name}: {value}" for name, value in headers),
        "Content-Length: 0",
    ]
    return "\r\n".join(lines).encode() + _HEAD_END


def _answer(connection: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while _HEAD_END not in received and len(received) < _LONGEST_HEAD_BYTES:
        piece = connection.recv(4096)
        if not piece:
            break
        received += piece
    head, _, rest = received.partition(_HEAD_END)
    return head, rest
