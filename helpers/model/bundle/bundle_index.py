"""What is in a bundle of images: the index of an OCI image layout, and the words about it.

Source: the OCI image specification, image-layout.md and image-index.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.errors import DamagedBundle, UnreadableImage
from helpers.model.image.manifest import INDEX_TYPES, Descriptor
from helpers.model.image.reference import ImageReference

LAYOUT = json.dumps({"imageLayoutVersion": "1.0.0"}).encode()
_NAME = "io.containerd.image.name"
_TAG = "org.opencontainers.image.ref.name"


@dataclass(frozen=True)
class BundledImage:
    """One image of one platform in a bundle: its name as people type it, and its manifest."""

    name: str
    manifest: Descriptor

    @property
    def platform(self) -> str:
        """As in 'linux/arm64'."""
        return self.manifest.platform

    @property
    def reference(self) -> ImageReference:
        """The name taken apart."""
        return ImageReference.parse(self.name)

    def entry(self) -> dict[str, Any]:
        """The image as an index names it."""
        annotations = {_NAME: self.reference.canonical(), _TAG: self.reference.tag}
        return {**described(self.manifest), "annotations": annotations}


def described(descriptor: Descriptor) -> dict[str, Any]:
    """A descriptor as JSON."""
    said: dict[str, Any] = {
        "mediaType": descriptor.media_type,
        "digest": descriptor.digest,
        "size": descriptor.size_bytes,
    }
    if descriptor.platform:
        keys = ("os", "architecture", "variant")
        said["platform"] = dict(zip(keys, descriptor.platform.split("/"), strict=False))
    return said


def index_json(images: Iterable[BundledImage]) -> bytes:
    """The index of these images, ordered by name and platform."""
    ordered = sorted(images, key=lambda image: (image.name, image.platform))
    said = {
        "schemaVersion": 2,
        "mediaType": INDEX_TYPES[0],
        "manifests": [image.entry() for image in ordered],
    }
    return json.dumps(said, indent=1).encode()


def images_in(index: bytes) -> tuple[BundledImage, ...]:
    """The images that an index names; raises DamagedBundle where it makes no sense."""
    try:
        said: Any = json.loads(index)
        return tuple(_image(entry) for entry in said["manifests"])
    except (ValueError, LookupError, TypeError, AttributeError, UnreadableImage, RecursionError):
        raise DamagedBundle("The bundle's index.json makes no sense.", AGAIN) from None


def platform_fits(found: str, wanted: str) -> bool:
    """Whether an image of that platform is one for the wanted one, which may lack the variant."""
    return found.split("/")[: len(wanted.split("/"))] == wanted.split("/")


def _image(entry: Mapping[str, Any]) -> BundledImage:
    name = str(entry["annotations"][_NAME])
    return BundledImage(ImageReference.parse(name).familiar(), Descriptor.parse(entry))


AGAIN = "Copy or fetch it again, or make it anew with `./workbook bundle save`."
