"""What is in a bundle: the index of an OCI image layout, and the words about it.

Source: the OCI image specification, image-layout.md and image-index.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from helpers.errors import DamagedBundle, InvalidInput, UnreadableImage
from helpers.model.bundle.bundled_artifact import BundledArtifact
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


def index_json(images: Iterable[BundledImage], artifacts: Iterable[BundledArtifact] = ()) -> bytes:
    """The index of these images, ordered by name and platform, and of what comes with them."""
    ordered: list[BundledImage | BundledArtifact] = [
        *sorted(images, key=lambda image: (image.name, str(image.platform or ""))),
        *sorted(artifacts, key=str),
    ]
    document = {
        "schemaVersion": 2,
        "mediaType": INDEX_TYPES[0],
        "manifests": [one.entry() for one in ordered],
    }
    return json.dumps(document, indent=1).encode()


def images_in(index: bytes) -> tuple[BundledImage, ...]:
    """The images that an index names; raises DamagedBundle where it makes no sense."""
    try:
        entries = _entries(index)
        return tuple(_image(entry) for entry in entries if not entry.artifact_type)
    except InvalidInput:
        raise _senseless() from None


def artifacts_in(index: bytes) -> tuple[BundledArtifact, ...]:
    """What else it names that the workbook knows; raises DamagedBundle where it makes no sense."""
    return tuple(
        BundledArtifact(entry) for entry in _entries(index) if BundledArtifact.is_known(entry)
    )


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


def _entries(index: bytes) -> tuple[Descriptor, ...]:
    try:
        return Index.parse("index.json", index).manifests
    except UnreadableImage:
        raise _senseless() from None


def _senseless() -> DamagedBundle:
    return DamagedBundle("The bundle's index.json makes no sense.", AGAIN)


AGAIN = "Copy or fetch it again, or make it anew with `./workbook bundle save`."
