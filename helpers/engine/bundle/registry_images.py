"""Images of a registry, put into a bundle as they stand there: for platforms of other machines."""

from __future__ import annotations

import json
from collections.abc import Callable

from helpers.engine.archive.manifests import chosen
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.registry.http import RegistryHttp
from helpers.errors import InvalidInput
from helpers.model.bundle.bundle_index import BundledImage, platform_fits
from helpers.model.image.manifest import Descriptor, RegistryManifest
from helpers.model.image.reference import ImageReference

OnBytes = Callable[[int, int], None]


def add_registry_image(
    name: str, platform: str, bundle: BundleWriter, on_bytes: OnBytes, address: str | None = None
) -> BundledImage:
    """The image of that name and platform, now in the bundle; blobs that are there stay.

    `address` is where to ask in place of the name's own registry. Raises InvalidInput where it has
    none for that platform, RegistryError and its kinds.
    """
    reference = ImageReference.parse(name)
    http = RegistryHttp(address or reference.registry)
    manifest = http.manifest(reference.repository, reference.place)
    if manifest.is_list:
        entry = chosen(manifest.json(), None, platform)
        manifest = http.manifest(reference.repository, str(entry["digest"]))
    total, done = manifest.size_bytes, 0
    for blob in manifest.blobs:
        if blob.digest not in bundle.blobs:
            bundle.add(http.blob(reference.repository, blob.digest), blob.digest)
        done += blob.size_bytes
        on_bytes(done, total)
    _check_platform(name, platform, manifest, bundle)
    bundle.add([manifest.body], manifest.digest)
    descriptor = Descriptor(manifest.media_type, manifest.digest, len(manifest.body), platform)
    return BundledImage(reference.familiar(), descriptor)


def _check_platform(
    name: str, wanted: str, manifest: RegistryManifest, bundle: BundleWriter
) -> None:
    """Raises InvalidInput where an image says of itself that it is for another platform."""
    said = json.loads(bundle.read(manifest.config.digest)) if manifest.config else {}
    found = "/".join(str(said[k]) for k in ("os", "architecture", "variant") if said.get(k))
    if not platform_fits(found, wanted):
        raise InvalidInput(f"{name} is for {found}, and there is none for {wanted}.", "Leave it.")
