"""How large the file lists of one image's layers may become, all of them together."""

from __future__ import annotations

from helpers.engine.archive.byte_stream import ByteStream
from helpers.errors import UnreadableImage

# What a path takes in memory beside its letters, in our lists and in the image's tree.
ENTRY_BYTES = 400
# 150,000 files; no more than that comes of a few bytes.
FREE_BYTES = 64 << 20
# The header of a file packs to 25 bytes at the least, and its content comes on top.
MOST_GROWTH = 16
# 3,000,000 files: the largest images have half a million.
MOST_BYTES = 1200 << 20


class ListingBudget:
    """What the lists hold so far, against what was read for them; shared by an image's layers."""

    def __init__(self) -> None:
        self._listed_bytes = 0
        self._allowed_bytes = FREE_BYTES

    def take(self, name_bytes: int, stream: ByteStream) -> None:
        """Counts one more path, with what it links to; raises UnreadableImage past the bounds."""
        self._listed_bytes += ENTRY_BYTES + name_bytes
        if self._listed_bytes > self._allowed_bytes:
            self._allow(stream.read_bytes)

    def _allow(self, read_bytes: int) -> None:
        self._allowed_bytes = min(FREE_BYTES + MOST_GROWTH * read_bytes, MOST_BYTES)
        if self._listed_bytes > self._allowed_bytes:
            raise UnreadableImage(
                f"The layers list files that would take {self._listed_bytes:,} bytes of memory, "
                f"from {read_bytes:,} bytes.",
                "No real image does: it may be a bomb. Get the image from somebody else.",
            )
