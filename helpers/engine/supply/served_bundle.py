"""The room's server: `./workbook serve` on an instructor's machine, WORKBOOK_FROM.

It speaks a registry's API over plain HTTP, which an engine refuses outside of this machine; so the
blobs are fetched here, each from where it broke off and checked by its digest, and then loaded.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import cache_dir
from helpers.engine.bundle.blobs import stretch
from helpers.engine.bundle.load import config_in
from helpers.engine.bundle.resumed_fetch import fetch_blob
from helpers.engine.image.platform import engine_platform
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.supply.accepted import accepted
from helpers.engine.supply.load_trusted import load_trusted
from helpers.engine.supply.served_index import checked_index, manifest_in
from helpers.engine.supply.source_failed import SourceFailed
from helpers.engine.supply.sources import Wanted
from helpers.engine.supply.vouching import ASK_FOR_ADDRESS, is_the_hubs
from helpers.errors import (
    DamagedBundle,
    Interrupted,
    InvalidInput,
    NotInRegistry,
    RegistryError,
    UnreadableImage,
)
from helpers.model.bundle.server_address import ServerAddress
from helpers.model.image.descriptor import Descriptor
from helpers.model.image.manifest import Manifest
from helpers.model.image.reference import ImageReference
from helpers.model.supply.supply import Source, SupplyProgress

if TYPE_CHECKING:
    from docker import DockerClient


class ServedBundle:
    """A server of the local network that offers a bundle's images."""

    kind = Source.SERVER

    def __init__(self, client: DockerClient, address: str, allows_stand_ins: bool) -> None:
        self._client = client
        self._allows_stand_ins = allows_stand_ins
        self._address = ServerAddress.parse(address)

    def supply(self, wanted: Wanted) -> str:
        """Fetches the image, goes on where it was broken off, and loads it."""
        reference, http = wanted.reference, RegistryHttp(self._address.base)
        if reference.digest or not reference.is_on_docker_hub:
            raise SourceFailed("only asked for tags of Docker Hub")
        try:
            manifest = self._manifest(http, reference)
            with turn(manifest, wanted.cancelled):
                folder = fetched(http, reference.repository, manifest, wanted, manifest.blobs[:1])
                blobs = _Folder(folder)
                config = config_in(blobs, manifest)
                remark = accepted(reference, config, self._allows_stand_ins)
                fetched(http, reference.repository, manifest, wanted)
                tell = _teller(wanted, "loading")
                remark += load_trusted(self._client, wanted.name, manifest, blobs, tell)
                shutil.rmtree(folder, ignore_errors=True)
        except NotInRegistry:
            raise SourceFailed(f"{self._address.base} does not have it") from None
        except (RegistryError, InvalidInput, DamagedBundle, UnreadableImage) as error:
            raise SourceFailed(error.message.rstrip(".")) from None
        return f"from {self._address.base}{remark}"

    def _manifest(self, http: RegistryHttp, reference: ImageReference) -> Manifest:
        """The manifest of the image that is vouched for under that name; raises SourceFailed."""
        platform = engine_platform(self._client)
        if self._address.digest:
            return manifest_in(http, checked_index(http, self._address), reference, platform)
        manifest = http.image_manifest(reference.repository, reference.tag_or_digest, platform)
        if not is_the_hubs(reference, manifest, platform):
            raise SourceFailed(f"nothing vouches for its images. {ASK_FOR_ADDRESS.rstrip('.')}")
        return manifest


def turn(manifest: Manifest, cancelled: threading.Event) -> contextlib.AbstractContextManager[None]:
    """A block that one workbook at a time is in for the fetched blobs of that image."""
    return exclusive(cache_dir() / "locks" / f"served-{_folder(manifest).name}.lock", cancelled)


def fetched(
    http: RegistryHttp,
    repository: str,
    manifest: Manifest,
    wanted: Wanted,
    blobs: tuple[Descriptor, ...] | None = None,
) -> Path:
    """A folder with every blob of that image (or these of them, from the first on).

    What an earlier try brought is not fetched again.

    Raises RegistryGone where the connection breaks off again and again, WrongDigest.
    """
    folder = _folder(manifest)
    folder.mkdir(parents=True, exist_ok=True)
    total, before = manifest.size_bytes, 0
    for blob in manifest.blobs if blobs is None else blobs:
        tell = _teller(wanted, "downloading", before, total)
        if not (folder / blob.digest.hex).exists():
            read = partial(http.blob, repository, blob.digest)
            fetch_blob(read, blob, folder / blob.digest.hex, tell)
        before += blob.size_bytes
    return folder


def _folder(manifest: Manifest) -> Path:
    return cache_dir() / "served" / manifest.digest.hex[:32]


class _Folder:
    """Fetched blobs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def chunks(self, digest: str) -> Iterator[bytes]:
        """The bytes of one."""
        path = self._folder / digest.partition(":")[2]
        with contextlib.suppress(FileNotFoundError):
            return stretch(path, 0, path.stat().st_size)
        raise DamagedBundle(f"{digest[:19]}… was not fetched.", "Try again.")


class _Teller:
    """Progress of one blob among all of an image, or of a load."""

    def __init__(self, wanted: Wanted, stage: str, before: int, total: int | None) -> None:
        self._wanted, self._stage, self._before, self._total = wanted, stage, before, total

    def __call__(self, done: int, total: int) -> None:
        """Tells; raises Interrupted where the learner gave up."""
        if self._wanted.cancelled.is_set():
            raise Interrupted("Interrupted; what came is kept.", "Run it again.")
        whole = total if self._total is None else self._total
        self._wanted.on_progress(
            SupplyProgress(
                self._wanted.name, Source.SERVER, self._stage, self._before + done, whole
            )
        )


def _teller(wanted: Wanted, stage: str, before: int = 0, total: int | None = None) -> _Teller:
    return _Teller(wanted, stage, before, total)
