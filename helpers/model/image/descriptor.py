"""Descriptors: what points to a blob or a manifest, and the media types of what it points to.

Source: the OCI image specification (descriptor.md, image-index.md) and Docker's manifest v2
schema 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.errors import UnreadableImage
from helpers.model.image.digest import Digest
from helpers.model.image.platform import Platform
from helpers.model.text.units import format_bytes
from helpers.outside import visible_line

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFEST_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
ACCEPT = ", ".join((*INDEX_TYPES, *MANIFEST_TYPES))
FULL_NAME = "io.containerd.image.name"
REFERENCE_NAME = "org.opencontainers.image.ref.name"
_REFERENCE_TYPE = "vnd.docker.reference.type"


@dataclass(frozen=True, repr=False)
class Descriptor:
    """What points to a blob or a manifest: its media type, its digest, its size in bytes.

    An index also says of each manifest what platform it is for, names it in annotations, and
    where it is no image's, says of what type its artifact is.
    """

    media_type: str
    digest: Digest
    size_bytes: int
    platform: Platform | None = None
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    artifact_type: str = ""

    @classmethod
    def parse(cls, document: Any) -> Descriptor:
        """The descriptor in that JSON; raises UnreadableImage."""
        try:
            annotations = document.get("annotations") or {}
            return cls(
                str(document["mediaType"]),
                Digest(document["digest"]),
                _size_bytes(document["size"]),
                Platform.described(document.get("platform")),
                {str(key): str(value) for key, value in annotations.items()},
                str(document.get("artifactType") or ""),
            )
        except UnreadableImage as error:
            raise senseless(error.message.rstrip(".")) from None
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise senseless(error) from None

    @property
    def is_attestation(self) -> bool:
        """Whether it leads to what BuildKit says of an image, and not to an image."""
        is_unknown = self.platform is not None and self.platform.is_unknown
        return _REFERENCE_TYPE in self.annotations or is_unknown

    @property
    def full_name(self) -> str:
        """The whole name that an index gives it, as containerd writes it; may be empty."""
        return self.annotations.get(FULL_NAME, "")

    @property
    def name(self) -> str:
        """The whole name, or what stands in its place and may be only a tag; may be empty."""
        return self.full_name or self.annotations.get(REFERENCE_NAME, "")

    def json(self) -> dict[str, Any]:
        """The same as JSON."""
        document: dict[str, Any] = {
            "mediaType": self.media_type,
            "digest": str(self.digest),
            "size": self.size_bytes,
        }
        if self.artifact_type:
            document["artifactType"] = self.artifact_type
        if self.platform:
            document["platform"] = self.platform.json()
        if self.annotations:
            document["annotations"] = dict(self.annotations)
        return document

    def __repr__(self) -> str:
        platform = f"  {self.platform}" if self.platform else ""
        size = format_bytes(self.size_bytes)
        return visible_line(f"{self.digest}  {size}  {self.media_type}{platform}")


def senseless(reason: object) -> UnreadableImage:
    """The error for a document that is no manifest, index or descriptor."""
    return UnreadableImage(
        f"The registry's manifest makes no sense ({reason}).", "Push or fetch the image again."
    )


def _size_bytes(value: Any) -> int:
    size = int(value)
    if size < 0:
        raise ValueError(f"{size} is no size")
    return size
