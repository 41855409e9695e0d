"""The index of a bundle that is served, checked by the digest that the learner was given."""

from __future__ import annotations

import contextlib

from helpers.engine.registry.http import RegistryHttp
from helpers.engine.supply.source_failed import SourceFailed
from helpers.errors import RegistryError, RegistryGone, WrongDigest
from helpers.model.bundle.bundle_index import fitting, images_in
from helpers.model.bundle.server_address import ServerAddress
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference


def manifest_in(
    http: RegistryHttp, index: bytes, reference: ImageReference, platform: Platform
) -> Manifest:
    """The manifest that an index names for that platform; raises SourceFailed, WrongDigest."""
    candidates = [image for image in images_in(index) if image.reference == reference]
    image = next(iter(fitting(candidates, platform)), None)
    if image is None:
        raise SourceFailed(f"http://{http.address} does not have it")
    manifest = http.manifest(reference.repository, image.manifest.digest)
    if not isinstance(manifest, Manifest):
        raise SourceFailed("its index leads to another index")
    return manifest


def checked_index(http: RegistryHttp, address: ServerAddress) -> bytes:
    """The index of the bundle that is served; raises WrongDigest where the digest is another's."""
    with contextlib.closing(http.open("/index.json")) as answer:
        index = http.document(answer)
    if address.digest and not address.digest.vouches_for(index):
        raise WrongDigest(
            f"The images at {address.base} are not those that your instructor's address names.",
            "Nothing of them was loaded. See that the address is typed as it was shown; if it is, "
            "somebody else answers there: say so to your instructor.",
        )
    return index


def reached_server(text: str) -> ServerAddress:
    """The address, where the images that it vouches for are served.

    Raises InvalidInput, RegistryGone where nothing answers as `serve` does, WrongDigest.
    """
    address = ServerAddress.parse(text)
    http = RegistryHttp(address.base)
    try:
        http.open("/v2/").close()
        checked_index(http, address)
    except WrongDigest:
        raise
    except RegistryError as error:
        raise RegistryGone(
            f"No images are served at {address.base}: "
            f"{error.message[0].lower()}{error.message[1:]}",
            "See that `./workbook serve` runs there, and that both are in the same network.",
        ) from None
    return address
