"""What a registry says of an image: its manifest, or the list of manifests, one a platform.

Source: the OCI image specification (manifest.md, image-index.md, descriptor.md on digests) and
Docker's manifest v2 schema 2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from helpers.errors import UnreadableImage
from helpers.model.image import descriptor
from helpers.model.image.digest import Digest
from helpers.model.image.index import Index
from helpers.model.text.units import format_bytes

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFEST_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
ACCEPT = ", ".join((*INDEX_TYPES, *MANIFEST_TYPES))
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True)
class Descriptor:
    """What points to a blob or a manifest: what it is, its digest, its size in the registry.

    `platform` is as in 'linux/arm64', empty where it is not said.
    """

    media_type: str
    digest: str
    size_bytes: int
    platform: str = ""
    is_attestation: bool = False

    @classmethod
    def parse(cls, said: Any) -> Descriptor:
        """The descriptor in that JSON; raises UnreadableImage."""
        try:
            platform = said.get("platform") or {}
            parts = [str(platform.get(key) or "") for key in ("os", "architecture", "variant")]
            kind = (said.get("annotations") or {}).get("vnd.docker.reference.type")
            return cls(
                str(said["mediaType"]),
                _digest(said["digest"]),
                _size_bytes(said["size"]),
                "/".join(part for part in parts if part),
                kind is not None or parts[0] == "unknown",
            )
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise _senseless(error) from None

    def __repr__(self) -> str:
        platform = f"  {self.platform}" if self.platform else ""
        return f"{self.digest}  {format_bytes(self.size_bytes)}  {self.media_type}{platform}"


@dataclass(frozen=True, repr=False)
class RegistryManifest:
    """A manifest as it stands in a registry; `body` is what its digest is computed from.

    An image has a config and layers, from the lowest up; a list has `manifests` in their place.
    """

    name: str
    digest: str
    media_type: str
    body: bytes
    config: Descriptor | None
    layers: tuple[Descriptor, ...]
    manifests: tuple[Descriptor, ...]

    @classmethod
    def parse(cls, name: str, body: bytes, media_type: str = "") -> RegistryManifest:
        """The manifest in these bytes; raises UnreadableImage where they are none."""
        try:
            said: Any = json.loads(body)
            stated = str(said.get("mediaType") or "")
            config = said.get("config")
            layers, manifests = said.get("layers") or (), said.get("manifests") or ()
            if not (isinstance(config, Mapping) or "manifests" in said):
                raise ValueError("it has neither a config nor manifests")
            if not (isinstance(layers, list | tuple) and isinstance(manifests, list | tuple)):
                raise ValueError("its layers or manifests are no list")
        except (ValueError, RecursionError, AttributeError) as error:
            raise _senseless(error) from None
        return cls(
            name,
            f"sha256:{sha256(body).hexdigest()}",
            stated or media_type.partition(";")[0],
            body,
            Descriptor.parse(config) if config is not None else None,
            tuple(Descriptor.parse(layer) for layer in layers),
            tuple(Descriptor.parse(entry) for entry in manifests),
        )

    @property
    def is_list(self) -> bool:
        """Whether it names one manifest for each platform."""
        return self.config is None

    @property
    def blobs(self) -> tuple[Descriptor, ...]:
        """Config and layers; nothing for a list."""
        return (*((self.config,) if self.config else ()), *self.layers)

    @property
    def size_bytes(self) -> int:
        """What config and layers take in the registry, compressed, in bytes."""
        return sum(blob.size_bytes for blob in self.blobs)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that a list has an image for."""
        return tuple(one.platform for one in self.manifests if not one.is_attestation)

    def json(self) -> Any:
        """The same as JSON."""
        return json.loads(self.body)

    def __repr__(self) -> str:
        lines = [f"{self.name}", f"manifest  {self.digest}  {self.media_type}"]
        lines += [f"config    {self.config}"] if self.config else []
        lines += [f"layer     {layer}" for layer in self.layers]
        lines += [f"image     {entry}" for entry in self.manifests]
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Manifest:
    """One image's manifest; its digest is worked out from `body`, its layers go from the lowest up.

    `name` is whatever it was asked for by.
    """

    name: str
    digest: Digest
    media_type: str
    body: bytes
    config: descriptor.Descriptor
    layers: tuple[descriptor.Descriptor, ...]

    @classmethod
    def parse(cls, name: str, body: bytes, media_type: str = "") -> Manifest:
        """The manifest in these bytes; raises UnreadableImage where they are none."""
        try:
            document: Any = json.loads(body)
            config, layers = document["config"], document["layers"]
            if not isinstance(layers, list):
                raise ValueError("its layers are no list")
            stated = str(document.get("mediaType") or "") or media_type.partition(";")[0]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise descriptor.senseless(error) from None
        parse = descriptor.Descriptor.parse
        return cls(
            name, Digest.of(body), stated, body, parse(config), tuple(parse(one) for one in layers)
        )

    @property
    def blobs(self) -> tuple[descriptor.Descriptor, ...]:
        """Its config, then its layers."""
        return (self.config, *self.layers)

    @property
    def size_bytes(self) -> int:
        """What config and layers take as they are stored, packed, in bytes."""
        return sum(blob.size_bytes for blob in self.blobs)

    def json(self) -> Any:
        """The same as JSON."""
        return json.loads(self.body)

    def __repr__(self) -> str:
        lines = [f"{self.name}", f"manifest  {self.digest}  {self.media_type}"]
        lines += [f"config    {self.config}", *(f"layer     {layer}" for layer in self.layers)]
        return "\n".join(lines)


def manifest_or_index(name: str, body: bytes, media_type: str = "") -> Manifest | Index:
    """What these bytes are: an image's manifest, or an index of several; raises UnreadableImage."""
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise descriptor.senseless(error) from None
    if isinstance(document, Mapping) and isinstance(document.get("config"), Mapping):
        return Manifest.parse(name, body, media_type)
    if isinstance(document, Mapping) and "manifests" in document:
        return Index.parse(name, body, media_type)
    raise descriptor.senseless("it has neither a config nor manifests")


def _digest(said: Any) -> str:
    if not _DIGEST.fullmatch(str(said)):
        raise ValueError(f"{str(said)[:80]!r} is no digest")
    return str(said)


def _size_bytes(said: Any) -> int:
    size = int(said)
    if size < 0:
        raise ValueError(f"{size} is no size")
    return size


def _senseless(error: Exception) -> UnreadableImage:
    return UnreadableImage(
        f"The registry's manifest makes no sense ({error}).", "Push or fetch the image again."
    )
