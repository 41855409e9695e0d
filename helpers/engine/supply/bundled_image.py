"""One image of a bundle that `./workbook bundle save` made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.engine.archive.tar_header import BLOCK_BYTES
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.load import config_in
from helpers.engine.bundle.writer import LAYOUT_FILE
from helpers.engine.image.platform import engine_platform
from helpers.engine.supply.accepted import accepted
from helpers.engine.supply.load_trusted import load_trusted
from helpers.engine.supply.source_failed import SourceFailed
from helpers.engine.supply.sources import Wanted
from helpers.engine.supply.vouching import ASK_FOR_DIGEST, is_the_hubs, is_vouched_for
from helpers.errors import DamagedBundle, Interrupted, InvalidInput, UnreadableImage
from helpers.model.bundle.bundle_index import BundledImage, fitting
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.supply.supply import Source, SupplyProgress

if TYPE_CHECKING:
    from docker import DockerClient


def is_bundle(path: Path) -> bool:
    """Whether the file begins as such a bundle does."""
    with path.open("rb") as file:
        return file.read(BLOCK_BYTES).startswith(f"{LAYOUT_FILE}\0".encode())


def load_bundled(
    client: DockerClient,
    path: Path,
    wanted: Wanted,
    allows_stand_ins: bool,
    digest: IndexDigest | None = None,
) -> str | None:
    """What to add to the note on the image, which the engine has now; all of it was checked.

    None where the bundle has no such image for this engine.
    Raises SourceFailed where the bundle is damaged in it, is not that of the digest, or where it
    may not be loaded here.
    """
    try:
        bundle = BundleFile(path)
        is_vouched = is_vouched_for(bundle, digest)
        image = _matching(client, bundle, wanted)
        if image is None:
            return None
        bundle.verify((image,), _teller(wanted, "checking"))
        manifest = bundle.manifest(image)
        if not is_vouched and not is_the_hubs(wanted.reference, manifest, engine_platform(client)):
            raise SourceFailed(f"nothing vouches for it. {ASK_FOR_DIGEST.rstrip('.')}")
        remark = accepted(wanted.reference, config_in(bundle, manifest), allows_stand_ins)
        tell = _teller(wanted, "loading")
        remark += load_trusted(client, wanted.name, manifest, bundle, tell)
    except (DamagedBundle, InvalidInput, UnreadableImage) as error:
        raise SourceFailed(error.message.rstrip(".")) from None
    return remark


def _matching(client: DockerClient, bundle: BundleFile, wanted: Wanted) -> BundledImage | None:
    candidates = [image for image in bundle.images if image.reference == wanted.reference]
    return next(iter(fitting(candidates, engine_platform(client))), None)


def _teller(wanted: Wanted, stage: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if wanted.cancelled.is_set():
            raise Interrupted("Interrupted; the image was not loaded.", "Run it again.")
        wanted.on_progress(SupplyProgress(wanted.name, Source.BUNDLE, stage, done, total))

    return tell
