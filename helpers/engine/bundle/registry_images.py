"""Images of a registry, put into a bundle as they stand there: for platforms of other machines."""

from __future__ import annotations

from collections.abc import Callable

from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.registry.http import RegistryHttp
from helpers.errors import InvalidInput
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.image.descriptor import Descriptor, senseless
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.text.json_document import parsed_json

OnBytes = Callable[[int, int], None]


def add_registry_image(
    name: str,
    platform: Platform,
    bundle: BundleWriter,
    on_bytes: OnBytes,
    address: str | None = None,
) -> BundledImage:
    """The image of that name and platform, now in the bundle; blobs that are there stay.

    `address` is where to ask in place of the name's own registry. Raises InvalidInput where it has
    none for that platform, RegistryError and its kinds.
    """
    reference = ImageReference.parse(name)
    http = RegistryHttp(address or reference.registry)
    manifest = http.image_manifest(reference.repository, reference.tag_or_digest, platform)
    total, done = manifest.size_bytes, 0
    for blob in manifest.blobs:
        if blob.digest not in bundle.blobs:
            chunks = http.blob(reference.repository, blob.digest, size_bytes=blob.size_bytes)
            bundle.add(chunks, blob.digest, blob.size_bytes)
        done += blob.size_bytes
        on_bytes(done, total)
    _check_platform(name, platform, manifest, bundle)
    bundle.add([manifest.body], manifest.digest)
    descriptor = Descriptor(manifest.media_type, manifest.digest, len(manifest.body), platform)
    return BundledImage(reference.familiar(), descriptor)


def _check_platform(name: str, wanted: Platform, manifest: Manifest, bundle: BundleWriter) -> None:
    """Raises InvalidInput where an image says of itself that it is for another platform.

    Raises UnreadableImage where its config says nothing.
    """
    try:
        actual = Platform.described(parsed_json(bundle.read(manifest.config.digest)))
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise senseless(error) from None
    if actual is None or not actual.fits(wanted):
        raise InvalidInput(
            f"{name} is for {actual}, and there is none for {wanted}.",
            "Leave that platform out.",
        )
