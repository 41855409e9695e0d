"""What vouches for images that others packed; their labels, names and digests never do.

That is the SHA-256 of the bundle's index, from the instructor and not from the sender; a note that
this user saved the bundle; or Docker Hub, where it has the very same image under that name.
"""

from __future__ import annotations

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.noted_indexes import is_noted, note_index
from helpers.engine.registry.http import RegistryHttp
from helpers.engine.registry.reachability import reachability
from helpers.errors import DamagedBundle, WorkbookError
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform
from helpers.model.image.reference import DOCKER_HUB, ImageReference
from helpers.model.supply.catalogue import lesson_image

ASK_FOR_ADDRESS = (
    "Ask your instructor for the whole address, with #sha256-… or the five words behind it, "
    "as `./workbook serve` prints it."
)
ASK_FOR_DIGEST = (
    "Ask whoever made it for the SHA-256 that `./workbook bundle save` printed, and add "
    "`--sha256 …` (or `#sha256-…` behind the path in WORKBOOK_BUNDLE)."
)


def is_vouched_for(bundle: BundleFile, digest: IndexDigest | None) -> bool:
    """Whether that digest is the bundle's, or with None, whether this user saved it or had one.

    Raises DamagedBundle where it is another bundle than the digest says.
    """
    if digest is None:
        return is_noted(bundle.index)
    if not digest.vouches_for(bundle.index):
        raise DamagedBundle(
            f"{bundle.path.name} is another bundle than its SHA-256 says.",
            "Nothing of it was loaded. Ask whoever made it for both again.",
        )
    note_index(bundle.index)
    return True


def is_the_hubs(reference: ImageReference, manifest: Manifest, platform: Platform) -> bool:
    """Whether Docker Hub has the image of that config under that name; False where nobody knows.

    A config holds the digests of the layers, so it vouches for them. What is the workbook's own
    is never asked for: a stranger may have taken that name there.
    """
    known = lesson_image(reference)
    if not reference.is_on_docker_hub or (known and known.own) or not reachability().is_reachable:
        return False
    try:
        hubs = RegistryHttp(DOCKER_HUB).image_manifest(
            reference.repository, reference.tag_or_digest, platform
        )
    except WorkbookError:
        return False
    return hubs.config.digest == manifest.config.digest
