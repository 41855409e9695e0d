"""The archive that an engine saves an image to, as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import HTTPError

from helpers.engine.archive.byte_stream import PIECE_BYTES, ByteStream
from helpers.engine.base.answers import engine_error, translated
from helpers.engine.base.read_ahead import read_ahead
from helpers.engine.base.sdk import asked, hang_up, refuse_failure, url_of

if TYPE_CHECKING:
    from docker import DockerClient

CONNECT_SECONDS = 10
# The classic store sends nothing until every layer is staged, which can take minutes.
SILENT_SECONDS = 1800


@contextmanager
def saved_image(
    client: DockerClient, name: str, on_bytes: Callable[[int], None] = lambda _: None
) -> Iterator[ByteStream]:
    """A block with that archive; `on_bytes` gets how many bytes came. Raises the engine's errors.

    Raises UnreadableImage, also while reading, where it ends in the middle.
    """
    command = f"docker save {name}"
    with translated(command):
        url = url_of(client, "/images/{0}/get", name)
        answer = asked(client, url, timeout=(CONNECT_SECONDS, SILENT_SECONDS))
    with closing(answer):
        with translated(command):
            refuse_failure(client, answer)
        with read_ahead(_chunks(answer.raw, command), partial(hang_up, answer)) as chunks:
            yield ByteStream(_counted(chunks, on_bytes))


def _chunks(raw: Any, command: str) -> Iterator[bytes]:
    """What comes, in pieces; only what goes wrong on the line is the engine's error."""
    while chunk := _read(raw, command):
        yield chunk


def _counted(chunks: Iterable[bytes], on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    done_bytes = 0
    for chunk in chunks:
        done_bytes += len(chunk)
        on_bytes(done_bytes)
        yield chunk


def _read(raw: Any, command: str) -> bytes:
    try:
        chunk: bytes = raw.read(PIECE_BYTES)
    except (HTTPError, OSError) as error:
        raise engine_error(error, command) from None
    return chunk
