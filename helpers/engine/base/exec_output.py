"""What a process prints that was started in a container by `docker exec`, without a byte lost.

The SDK asks for the bare connection and then reads from its socket, past what had come together
with the answer's head: of a process that ends at once that is now and then all there was. Read as
the body of the answer nothing is lost. Source of the frames: Engine API, "Attach to a container".
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import requests

from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.sdk import posted, refuse_failure, url_of
from helpers.model.text.answer_parts import count_or_none

if TYPE_CHECKING:
    from docker import DockerClient

STDOUT, STDERR = 1, 2
_HEAD_BYTES = 8
_PIECE_BYTES = 65_536


def prepared_exec(
    client: DockerClient, container: str, words: Sequence[str], **options: Any
) -> str:
    """The id of that command in the container, which nobody has started yet.

    `options` are those of the SDK's exec_create. Raises the SDK's own errors, and EngineError.
    """
    return id_in(client.api.exec_create(container, list(words), **options), "docker exec")


def exec_exit_code(client: DockerClient, made: str) -> int | None:
    """The exit code of a command that has ended; None where the engine tells none."""
    return count_or_none(client.api.exec_inspect(made), "ExitCode")


def exec_output(client: DockerClient, made: str) -> bytes:
    """All that the process prints, standard output and error in the order of writing.

    `made` is the id that `prepared_exec` gave; raises the SDK's own errors.
    """
    return b"".join(exec_pieces(client, made))


def exec_pieces(client: DockerClient, made: str) -> Generator[bytes, None, None]:
    """The same as it comes, in pieces of 64 KiB at most; the connection ends with the iterator."""
    with closing(exec_frames(client, made)) as frames:
        for _, piece in frames:
            yield piece


def exec_frames(client: DockerClient, made: str) -> Generator[tuple[int, bytes], None, None]:
    """The same, each piece with what it was written on: STDOUT or STDERR."""
    url = url_of(client, "/exec/{0}/start", made)
    answer = posted(client, url, {"Tty": False, "Detach": False})
    try:
        refuse_failure(client, answer)
        while len(head := _read(answer, _HEAD_BYTES)) == _HEAD_BYTES:
            left = int.from_bytes(head[4:], "big")
            while left and (piece := _read(answer, min(left, _PIECE_BYTES))):
                left -= len(piece)
                yield head[0], piece
    finally:
        answer.close()


def _read(answer: requests.Response, count: int) -> bytes:
    """So many bytes of the body, fewer at its end."""
    data: bytes = answer.raw.read(count)
    return data
