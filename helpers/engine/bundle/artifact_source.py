"""Where a bundle's engine and Python packages are read from: its file, or a server of the room.

Standard library only: a machine's first start takes its Python packages from there. Every byte is
checked by the bundle's index, and that by the digest that was handed in.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from helpers.engine.base.disk_answers import disk_full
from helpers.engine.base.folders import cache_dir
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.plain_http import BLOBS, MANIFESTS, PlainHttp
from helpers.engine.bundle.resumed_fetch import OnBytes, fetch_blob
from helpers.errors import DamagedBundle, UnreadableImage, WrongDigest
from helpers.model.bundle.bundle_index import AGAIN, artifacts_in
from helpers.model.bundle.bundled_artifact import TITLE, BundledArtifact
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.bundle.server_address import ServerAddress
from helpers.model.image.descriptor import MANIFEST_TYPES, Descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.manifest import Manifest

_MOST_DOCUMENT_BYTES = 16 << 20


class ArtifactSource(Protocol):
    """A bundle whose index is vouched for."""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""

    @property
    def digest(self) -> IndexDigest:
        """What vouches for all that is in it."""

    @property
    def artifacts(self) -> tuple[BundledArtifact, ...]:
        """The engines and packages that it has."""

    def read(self, blob: Descriptor) -> bytes:
        """The bytes of a blob that is a document; raises DamagedBundle or RegistryError."""

    def write(self, blob: Descriptor, path: Path, on_bytes: OnBytes) -> None:
        """The blob is in that new file; raises DamagedBundle, RegistryError or DiskFull."""

    def forget(self) -> None:
        """Nothing that was fetched for another try is kept."""


def manifest_of(source: ArtifactSource, artifact: BundledArtifact) -> Manifest:
    """The artifact's manifest; raises as `read` does."""
    try:
        return Manifest.parse(artifact.name, source.read(artifact.manifest))
    except UnreadableImage:
        raise DamagedBundle(f"{source.name} is damaged in {artifact}.", AGAIN) from None


class FileArtifacts:
    """Those of a bundle's file."""

    def __init__(self, bundle: BundleFile) -> None:
        self._bundle = bundle

    @property
    def name(self) -> str:
        """The file's name."""
        return self._bundle.path.name

    @property
    def digest(self) -> IndexDigest:
        """That of the index that it had when it was opened."""
        return self._bundle.digest

    @property
    def artifacts(self) -> tuple[BundledArtifact, ...]:
        """Those that its index names."""
        return self._bundle.artifacts

    def read(self, blob: Descriptor) -> bytes:
        """Raises DamagedBundle."""
        _check_size(self.name, blob)
        return b"".join(self._checked(blob))

    def write(self, blob: Descriptor, path: Path, on_bytes: OnBytes) -> None:
        """Raises DamagedBundle where the file has other bytes, DiskFull; nothing is left then."""
        done = 0
        try:
            with path.open("xb") as file:
                for chunk in self._checked(blob):
                    done += file.write(chunk)
                    on_bytes(done, blob.size_bytes)
        except BaseException as error:
            path.unlink(missing_ok=True)
            full = disk_full(error, path) if isinstance(error, OSError) else None
            raise full or error from None

    def _checked(self, blob: Descriptor) -> Iterator[bytes]:
        """The blob's bytes; DamagedBundle at the end where they are others."""
        verifier = blob.digest.verifier()
        for chunk in self._bundle.chunks(blob.digest):
            verifier.update(chunk)
            yield chunk
        if not verifier.is_verified:
            what = blob.annotations.get(TITLE, blob.digest.short)
            raise DamagedBundle(f"{self.name} is damaged in {what}.", AGAIN)

    def forget(self) -> None:
        """Nothing is kept: a file is read again as quickly."""


class ServedArtifacts:
    """Those of a bundle that is served; what came whole is kept until all has been used."""

    def __init__(self, address: ServerAddress) -> None:
        self._address, self._http = address, PlainHttp(address.base)

    @property
    def name(self) -> str:
        """The server's address."""
        return self._address.base

    @property
    def digest(self) -> IndexDigest:
        """That of the index which the server gave and the learner's address names."""
        return IndexDigest.of(self.index)

    @cached_property
    def index(self) -> bytes:
        """The index, vouched for; raises WrongDigest for any other, RegistryGone."""
        index = self._http.document("/index.json")
        if self._address.digest is None or not self._address.digest.vouches_for(index):
            raise WrongDigest(
                f"What is served at {self._address.base} is not what your instructor's address "
                "names.",
                "Nothing of it was used. See that the address is typed as it was shown; if it is, "
                "somebody else answers there: say so to your instructor.",
            )
        return index

    @cached_property
    def artifacts(self) -> tuple[BundledArtifact, ...]:
        """Those that its index names."""
        return artifacts_in(self.index)

    def read(self, blob: Descriptor) -> bytes:
        """Raises RegistryGone, WrongDigest."""
        _check_size(self.name, blob)
        is_manifest = blob.media_type in MANIFEST_TYPES
        body = self._http.document(f"{MANIFESTS if is_manifest else BLOBS}{blob.digest}")
        if Digest.of(body, blob.digest.algorithm) != blob.digest:
            raise WrongDigest(f"{self.name} gave other bytes than its index says.", "Try again.")
        return body

    def write(self, blob: Descriptor, path: Path, on_bytes: OnBytes) -> None:
        """Raises RegistryGone, WrongDigest, DiskFull; a later try goes on where it was."""
        kept = self._folder / blob.digest.hex
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            if not kept.exists():
                fetch_blob(partial(self._http.blob, blob.digest), blob, kept, on_bytes)
            shutil.copyfile(kept, path)
        except OSError as error:
            raise disk_full(error, kept) or error from None

    def forget(self) -> None:
        """Nothing of this bundle is in the cache."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _folder(self) -> Path:
        return cache_dir() / "served" / f"artifacts-{IndexDigest.of(self.index)}"


def _check_size(name: str, blob: Descriptor) -> None:
    if blob.size_bytes > _MOST_DOCUMENT_BYTES:
        raise DamagedBundle(f"{name} has a document that is far too large.", AGAIN)
