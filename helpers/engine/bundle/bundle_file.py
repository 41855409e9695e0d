"""A bundle, read: what it has, whether it is whole, and its blobs. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from helpers.engine.base.disk_answers import disk_words
from helpers.engine.bundle.opened_file import OpenedFile
from helpers.engine.bundle.tar_index import Member, index_of
from helpers.engine.bundle.writer import INDEX, INDEX_SUM, LAYOUT_FILE
from helpers.errors import DamagedBundle, InvalidInput, UnreadableImage
from helpers.model.bundle.bundle_index import AGAIN, BundledImage, artifacts_in, images_in
from helpers.model.bundle.bundled_artifact import BundledArtifact
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.layout import blob_path
from helpers.model.image.manifest import Manifest

OnBytes = Callable[[int, int], None]


class BundleFile:
    """The bundle in that file; raises InvalidInput where it is none, DamagedBundle where it is cut.

    Opening reads its headers and its index; `verify` reads all of it. It stays what it was when it
    was opened, whatever is saved under that name since.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise InvalidInput(f"There is no file {path}.", "`./workbook bundle save` makes one.")
        try:
            self._file = OpenedFile(path)
            listing = index_of(self._file)
        except OSError as error:
            raise InvalidInput(
                f"{path} cannot be read ({disk_words(error)}).", "See that you may read it."
            ) from None
        if not listing.members or listing.members[0].name != LAYOUT_FILE:
            raise InvalidInput(
                f"{path.name} is no bundle of the workbook.", "`./workbook bundle save` makes one."
            )
        if listing.trouble or INDEX not in listing.by_name():
            reason = listing.trouble or "it is cut off before its index"
            raise DamagedBundle(f"{path.name} is not whole: {reason}.", AGAIN)
        self._members = listing.by_name()

    @cached_property
    def index(self) -> bytes:
        """The bytes of its index.json, checked; raises DamagedBundle."""
        index = b"".join(self._content(self._members[INDEX]))
        stated = self._members.get(INDEX_SUM)
        sum_of = sha256(index).hexdigest().encode()
        if stated is None or b"".join(self._content(stated)) != sum_of:
            raise DamagedBundle(f"{self.path.name} is damaged in its index.json.", AGAIN)
        return index

    @cached_property
    def images(self) -> tuple[BundledImage, ...]:
        """The images in it, one for each name and platform."""
        return images_in(self.index)

    @cached_property
    def artifacts(self) -> tuple[BundledArtifact, ...]:
        """What else is in it: engines and Python packages."""
        return artifacts_in(self.index)

    @property
    def digest(self) -> IndexDigest:
        """What vouches for all of it."""
        return IndexDigest.of(self.index)

    @property
    def size_bytes(self) -> int:
        """The size of the file."""
        return self._file.size_bytes

    def has(self, digest: str) -> bool:
        """Whether that blob is in it."""
        return blob_path(digest) in self._members

    def blob_size(self, digest: str) -> int:
        """The size of a blob that is in it, in bytes."""
        return self._members[blob_path(digest)].size_bytes

    def chunks(self, digest: str) -> Iterator[bytes]:
        """The bytes of a blob; raises DamagedBundle where it is not there."""
        member = self._members.get(blob_path(digest))
        if member is None:
            raise DamagedBundle(f"{self.path.name} lacks the blob {digest[:19]}….", AGAIN)
        return self._content(member)

    def piece(self, digest: str, start: int, size_bytes: int) -> bytes:
        """So many bytes of a blob that is in it, from there on; raises DamagedBundle."""
        member = self._members[blob_path(digest)]
        return b"".join(self._stretch(member.start + start, size_bytes))

    def manifest(self, entry: BundledImage | BundledArtifact) -> Manifest:
        """The manifest of an image in it, or of an artifact."""
        body = b"".join(self.chunks(entry.manifest.digest))
        return Manifest.parse(entry.name, body, entry.manifest.media_type)

    def verify(
        self, images: tuple[BundledImage, ...] | None = None, on_bytes: OnBytes | None = None
    ) -> None:
        """Returns when every blob of these images (None: of all there is) is what its digest says.

        Raises DamagedBundle, naming the image and the part of it that is not.
        """
        parts = self._parts(self.images if images is None else images)
        for artifact in self.artifacts if images is None else ():
            parts |= self._artifact_parts(artifact)
        total, done = sum(self.blob_size(d) if self.has(d) else 0 for d in parts), 0
        for digest, part in parts.items():
            verifier = digest.verifier()
            for chunk in self._of(digest, part):
                verifier.update(chunk)
                done += len(chunk)
                if on_bytes:
                    on_bytes(done, total)
            if not verifier.is_verified:
                raise DamagedBundle(f"{self.path.name} is damaged in {part}.", AGAIN)

    def _parts(self, images: tuple[BundledImage, ...]) -> dict[Digest, str]:
        """{digest: what it is} of all that these images are made of."""
        parts: dict[Digest, str] = {}
        for image in images:
            what = f"{image.name} ({image.platform})" if image.platform else image.name
            manifest = self._checked_manifest(image.manifest, what)
            parts.setdefault(manifest.config.digest, f"the config of {what}")
            for number, layer in enumerate(manifest.layers, 1):
                count = len(manifest.layers)
                parts.setdefault(layer.digest, f"layer {number} of {count} of {what}")
        return parts

    def _artifact_parts(self, artifact: BundledArtifact) -> dict[Digest, str]:
        manifest = self._checked_manifest(artifact.manifest, str(artifact))
        return {blob.digest: f"its part {artifact}" for blob in manifest.blobs}

    def _checked_manifest(self, entry: Descriptor, what: str) -> Manifest:
        body = b"".join(self._of(entry.digest, f"the manifest of {what}"))
        if Digest.of(body, entry.digest.algorithm) != entry.digest:
            raise DamagedBundle(f"{self.path.name} is damaged in the manifest of {what}.", AGAIN)
        try:
            return Manifest.parse(what, body, entry.media_type)
        except UnreadableImage as error:
            raise DamagedBundle(error.message, AGAIN) from None

    def _of(self, digest: str, part: str) -> Iterator[bytes]:
        if not self.has(digest):
            raise DamagedBundle(f"{self.path.name} lacks {part}.", AGAIN)
        return self.chunks(digest)

    def _content(self, member: Member) -> Iterator[bytes]:
        return self._stretch(member.start, member.size_bytes)

    def _stretch(self, start: int, size_bytes: int) -> Iterator[bytes]:
        try:
            yield from self._file.stretch(start, size_bytes)
        except (OSError, EOFError) as error:
            reason = disk_words(error) if isinstance(error, OSError) else error
            raise DamagedBundle(f"{self.path.name} cannot be read ({reason}).", AGAIN) from None
