"""A bundle being written: blobs one after another, each once; the index last.

It is written to FILE.part, which a later run goes on with from the last whole blob, and gets its
name when it is complete.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from helpers.engine.archive.writer import END, header, member, padding
from helpers.engine.base.disk_answers import is_full
from helpers.engine.bundle.blobs import CHUNK_BYTES, stretch
from helpers.engine.bundle.tar_index import Member, tar_index
from helpers.errors import DiskFull, InvalidInput, WrongDigest
from helpers.model.bundle.bundle_index import LAYOUT, BundledImage, index_json
from helpers.model.bundle.bundled_artifact import BundledArtifact
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.layout import blob_path, digest_at
from helpers.model.image.manifest import Manifest

INDEX, INDEX_SUM = "index.json", "index.json.sha256"
LAYOUT_FILE = "oci-layout"
_NOTHING = Digest.of(b"")


class BundleWriter:
    """What an earlier, broken-off run had written is checked blob by blob, and kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.part = path.with_name(f"{path.name}.part")
        self._blobs: dict[str, Member] = {}

    def __enter__(self) -> BundleWriter:
        self.part.parent.mkdir(parents=True, exist_ok=True)
        self.part.touch()
        end = self._resume()
        self._file = self.part.open("r+b")
        self._file.truncate(end)
        self._file.seek(end)
        if end == 0:
            self._file.write(member(LAYOUT_FILE, LAYOUT))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if is_full(error):
            raise DiskFull(
                f"The disk that {self._path} is on is full.",
                f"Make room and run it again: it goes on from {self.part.name}.",
            ) from None

    @property
    def blobs(self) -> frozenset[str]:
        """The digests of what is in it so far."""
        return frozenset(self._blobs)

    def chunks(self, digest: str) -> Iterator[bytes]:
        """The bytes of a blob that is in it, in pieces."""
        self._file.flush()
        blob = self._blobs[digest]
        return stretch(self.part, blob.start, blob.size_bytes)

    def read(self, digest: str) -> bytes:
        """The bytes of a blob that is in it, all at once."""
        return b"".join(self.chunks(digest))

    def size_bytes(self, digest: str) -> int:
        """The size of a blob that is in it."""
        return self._blobs[digest].size_bytes

    def add(
        self,
        chunks: Iterable[bytes | memoryview],
        digest: Digest | None = None,
        most_bytes: int | None = None,
    ) -> Descriptor:
        """The blob of these bytes, now in it once; raises WrongDigest where they are others.

        Its header is written when the size is known, so that what is broken off is not taken for
        whole.
        """
        begin = self._file.tell()
        self._file.write(bytes(_head_bytes(blob_path(digest or _NOTHING))))
        verifier, size = (digest or _NOTHING).verifier(), 0
        try:
            for chunk in chunks:
                verifier.update(chunk)
                size += self._file.write(chunk)
                if most_bytes is not None and size > most_bytes:
                    raise WrongDigest(f"More bytes came than {digest} has.", "Run it again.")
            added = verifier.actual
            if digest not in (None, added):
                raise WrongDigest(f"Other bytes came than {digest} says.", "Run it again.")
        except BaseException:
            self._cut(begin)
            raise
        if added in self._blobs:
            self._cut(begin)
        else:
            self._settle(begin, added, size)
        return Descriptor("", added, size)

    def finish(
        self, images: Iterable[BundledImage], artifacts: Iterable[BundledArtifact] = ()
    ) -> None:
        """The bundle is complete and has its name; what nothing of it leads to is not in it."""
        images, artifacts = list(images), list(artifacts)
        entries: list[BundledImage | BundledArtifact] = [*images, *artifacts]
        self._keep_only({blob for one in entries for blob in self._blobs_of(one.manifest.digest)})
        index = index_json(images, artifacts)
        self._file.write(member(INDEX, index))
        self._file.write(member(INDEX_SUM, sha256(index).hexdigest().encode()))
        self._file.write(END)
        self._file.flush()
        os.fsync(self._file.fileno())
        try:
            self.part.replace(self._path)
        except PermissionError:  # on Windows, while another program has it open
            raise InvalidInput(
                f"{self._path.name} cannot be replaced: another program has it open.",
                "End it (such as `./workbook serve` of this file), then run the same again.",
            ) from None

    def _blobs_of(self, digest: str) -> list[str]:
        manifest = Manifest.parse("", self.read(digest))
        return [digest, *(blob.digest for blob in manifest.blobs)]

    def _keep_only(self, digests: set[str]) -> None:
        """Moves these blobs together: an earlier run may have left others, or one was refused."""
        if self._blobs.keys() <= digests:
            return
        end = len(member(LAYOUT_FILE, LAYOUT))
        for digest, blob in list(self._blobs.items()):
            if digest in digests:
                self._move(blob, end)
                moved = Member(blob.name, end + _head_bytes(blob.name), blob.size_bytes)
                self._blobs[digest], end = moved, moved.end
            else:
                del self._blobs[digest]
        self._file.seek(end)
        self._file.truncate()

    def _move(self, blob: Member, to: int) -> None:
        """Copies a blob with its header towards the beginning, in pieces."""
        begin = blob.start - _head_bytes(blob.name)
        for at in range(0, blob.end - begin if to < begin else 0, CHUNK_BYTES):
            self._file.seek(begin + at)
            piece = self._file.read(min(CHUNK_BYTES, blob.end - begin - at))
            self._file.seek(to + at)
            self._file.write(piece)

    def _resume(self) -> int:
        """Where to go on: behind the last blob whose bytes are those of its name."""
        end = 0
        for blob in tar_index(self.part).members:
            if blob.name != LAYOUT_FILE:
                digest = digest_at(blob.name)
                if digest is None or not _is_whole(self.part, blob, digest):
                    break
                self._blobs[digest] = blob
            end = blob.end
        return end

    def _settle(self, begin: int, digest: str, size: int) -> None:
        name = blob_path(digest)
        blob = Member(name, begin + _head_bytes(name), size)
        self._file.write(padding(size))
        self._file.seek(begin)
        self._file.write(header(name, size))
        self._file.seek(blob.end)
        self._blobs[digest] = blob

    def _cut(self, at: int) -> None:
        self._file.seek(at)
        self._file.truncate()


def _head_bytes(name: str) -> int:
    """What the header of a blob of that name takes, one block or three, in bytes."""
    return len(header(name, 0))


def _is_whole(path: Path, blob: Member, digest: Digest) -> bool:
    """Whether a blob's bytes are those that its name says."""
    verifier = digest.verifier()
    for chunk in stretch(path, blob.start, blob.size_bytes):
        verifier.update(chunk)
    return verifier.is_verified
