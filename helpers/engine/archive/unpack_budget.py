"""How much the packed layers of one image may unpack to, all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from helpers.errors import UnreadableImage

# What no image exceeds, and what a bomb does.
MOST_BYTES = 64 << 30
# Layers of programs shrink by 2 to 5 times; files of zeros by 1,000, and those are small.
_MOST_GROWTH = 64
_FREE_BYTES = 512 << 20
_LEAVE = "It may be a bomb. Get the image from somebody else."


class UnpackBudget:
    """What was read packed so far, and what came out; shared by the layers of an image."""

    def __init__(self) -> None:
        self._packed_bytes = 0
        self._plain_bytes = 0

    def packed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, each counted as something that may grow."""
        for chunk in chunks:
            self.take(len(chunk))
            yield chunk

    def plain(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces, as long as the image stays within its bounds; else UnreadableImage."""
        for piece in pieces:
            self._plain_bytes += len(piece)
            if self._plain_bytes > MOST_BYTES:
                raise UnreadableImage("An image unpacks to more than 64 GiB.", _LEAVE)
            if self._plain_bytes > _FREE_BYTES + _MOST_GROWTH * self._packed_bytes:
                raise UnreadableImage(
                    f"The layers of an image unpack to more than {_MOST_GROWTH} times their size.",
                    _LEAVE,
                )
            yield piece

    def take(self, packed_bytes: int) -> None:
        """Counts bytes that were read packed."""
        self._packed_bytes += packed_bytes
