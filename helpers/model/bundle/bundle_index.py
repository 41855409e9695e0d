"""What is in a bundle of images: the index of an OCI image layout, and the words about it.

Source: the OCI image specification, image-layout.md and image-index.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from helpers.errors import DamagedBundle, InvalidInput, UnreadableImage
from helpers.model.image.descriptor import FULL_NAME, INDEX_TYPES, REFERENCE_NAME, Descriptor
from helpers.model.image.index import Index
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference

LAYOUT = json.dumps({"imageLayoutVersion": "1.0.0"}).encode()


@dataclass(frozen=True)
class BundledImage:
    """One image of one platform in a bundle: its name as people type it, and its manifest."""

    name: str
    manifest: Descriptor

    @property
    def platform(self) -> Platform | None:
        """What it is made for; None where the bundle does not say."""
        return self.manifest.platform

    @property
    def reference(self) -> ImageReference:
        """The name taken apart."""
        return ImageReference.parse(self.name)

    def entry(self) -> dict[str, Any]:
        """The image as an index names it."""
        annotations = {FULL_NAME: self.reference.canonical(), REFERENCE_NAME: self.reference.tag}
        return {**self.manifest.json(), "annotations": annotations}


def index_json(images: Iterable[BundledImage]) -> bytes:
    """The index of these images, ordered by name and platform."""
    ordered = sorted(images, key=lambda image: (image.name, str(image.platform or "")))
    document = {
        "schemaVersion": 2,
        "mediaType": INDEX_TYPES[0],
        "manifests": [image.entry() for image in ordered],
    }
    return json.dumps(document, indent=1).encode()


def images_in(index: bytes) -> tuple[BundledImage, ...]:
    """The images that an index names; raises DamagedBundle where it makes no sense."""
    try:
        return tuple(_image(entry) for entry in Index.parse("index.json", index).manifests)
    except (InvalidInput, UnreadableImage):
        raise DamagedBundle("The bundle's index.json makes no sense.", AGAIN) from None


def fitting(images: Iterable[BundledImage], host: Platform) -> list[BundledImage]:
    """The images that run on the host's platform: of each name the one that suits it best."""
    best: dict[str, tuple[int, BundledImage]] = {}
    for image in images:
        rank = image.platform.rank_on(host) if image.platform else None
        if rank is not None and (image.name not in best or rank < best[image.name][0]):
            best[image.name] = rank, image
    return [image for _, image in best.values()]


def _image(entry: Descriptor) -> BundledImage:
    name = ImageReference.parse(entry.full_name).familiar()
    return BundledImage(name, replace(entry, annotations={}))


AGAIN = "Copy or fetch it again, or make it anew with `./workbook bundle save`."
