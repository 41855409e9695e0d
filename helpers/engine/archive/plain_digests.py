"""What a layer is as it is unpacked: its digest by each algorithm that an image names layers by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from helpers.engine.archive.byte_stream import ByteStream
from helpers.errors import UnreadableImage
from helpers.model.image.digest import Digest


class PlainDigests:
    """The digests of the bytes that passed by so far, by the algorithms of these diff-ids.

    Raises UnreadableImage where one of them is of an algorithm that cannot be checked here.
    """

    def __init__(self, diff_ids: Sequence[str]) -> None:
        algorithms = {Digest(diff_id).algorithm for diff_id in diff_ids}
        self._hashes = {name: hashlib.new(name) for name in sorted(algorithms)}

    def passing(self, pieces: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
        """The pieces, each taken in."""
        for piece in pieces:
            for one in self._hashes.values():
                one.update(piece)
            yield piece

    def stream(self, plain: ByteStream) -> ByteStream:
        """The same stream, whose bytes are taken in as they are read."""
        return ByteStream(self.passing(plain.rest()), plain.size_bytes, source=plain)

    def check(self, diff_id: str) -> None:
        """Returns where that is the digest of what passed by; raises UnreadableImage."""
        expected = Digest(diff_id)
        own = self._hashes.get(expected.algorithm)
        if own is None or own.hexdigest() != expected.hex:
            raise UnreadableImage(
                f"The layer {expected.algorithm}:{expected.short} is not what its image says.",
                "It was damaged or changed: get the image again, from where you trust it.",
            )
