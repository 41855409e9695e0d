"""The call by which the builder gets the files that it lacks.

All are described first; then the builder asks for the contents it does not have yet.
Source: tonistiigi/fsutil, `send.go` and `types/wire.proto`.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator

from helpers.engine.build.protobuf import content, field, fields_of, number
from helpers.engine.build.session.call import INTERNAL, OK
from helpers.engine.build.session.sent_files import SentFile
from helpers.errors import InvalidInput

_REQUEST, _DATA, _END, _ERROR = 1, 2, 3, 4
OnSent = Callable[[SentFile, int, str], None]


class FileSync:
    """A transfer of these files; `on_sent` is told (file, bytes, "") of each that is described,
    and (file, bytes, SHA-256) of each whose content was sent.
    """

    def __init__(
        self, files: Iterator[SentFile], on_sent: OnSent, on_error: Callable[[Exception], None]
    ) -> None:
        self.status: int | None = None
        self.explanation = ""
        self._files: Iterator[SentFile] | None = files
        self._described: dict[int, SentFile] = {}
        self._count = 0
        self._asked: deque[int] = deque()
        self._sending: Iterator[bytes] = iter(())
        self._is_over = False
        self._on_sent = on_sent
        self._on_error = on_error

    def take(self, message: bytes) -> None:
        """Takes in a packet of the builder: it asks for a content, or has all that it wants."""
        packet = fields_of(message)
        kind = number(packet, 1)
        if kind == _REQUEST:
            self._asked.append(number(packet, 3))
        elif kind == _END:
            self._is_over = True
        elif kind == _ERROR:
            self.status = INTERNAL
            self.explanation = b"".join(map(content, packet[4])).decode(errors="replace")

    def next_message(self) -> bytes | None:
        """The next packet: a description, a piece of a content, or the end."""
        if self.status is not None:
            return None
        try:
            return self._next()
        except (OSError, InvalidInput) as error:
            self._on_error(error)
            self.status, self.explanation = INTERNAL, str(error)
            return None

    def end(self) -> None:
        """Nothing: a packet says so before."""

    def close(self) -> None:
        """Closes the file that was being sent."""
        self._sending = iter(())

    def _next(self) -> bytes | None:
        if self._files is not None:
            return self._description(self._files)
        while True:
            if (packet := next(self._sending, None)) is not None:
                return packet
            if not self._asked:
                break
            number = self._asked.popleft()
            self._sending = self._content(number)
        if self._is_over:
            self.status = OK
            return field(1, _END)
        return None

    def _description(self, files: Iterator[SentFile]) -> bytes:
        file = next(files, None)
        if file is None:
            self._files = None
            return b""
        if file.is_file:
            self._described[self._count] = file
        self._count += 1
        self._on_sent(file, 0, "")
        return field(2, file.description())

    def _content(self, number: int) -> Iterator[bytes]:
        file = self._described.get(number)
        if file is None:
            raise OSError(f"the builder asked for number {number}, which is no file")
        digest, size = hashlib.sha256(), 0
        head = field(1, _DATA) + field(3, number)
        for piece in file.content():
            digest.update(piece)
            size += len(piece)
            yield head + field(4, piece)
        self._on_sent(file, size, digest.hexdigest())
        yield head
