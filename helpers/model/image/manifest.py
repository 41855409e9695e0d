"""Manifests: what an image is made of, its config and its layers.

Source: the OCI image specification (manifest.md) and Docker's manifest v2 schema 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.image.descriptor import Descriptor, senseless
from helpers.model.image.digest import Digest
from helpers.model.image.index import Index
from helpers.model.text.json_document import parsed_json
from helpers.outside import visible_line, visible_repr

# What Docker takes for an image's config (moby, distribution/registry.go): old ones have odd types.
_CONFIGS = ("application/vnd.oci.image", "application/vnd.docker")
_OLD_CONFIGS = ("application/octet-stream", "application/json", "text/html", "")
_OTHERS = ("application/vnd.docker.plugin.v1+json",)
_PROOFS = ("application/vnd.in-toto+json",)


@dataclass(frozen=True, repr=False)
class Manifest:
    """One image's manifest; its digest is worked out from `body`, its layers go from the lowest up.

    `name` is whatever it was asked for by; `note` says that it is for another platform.
    """

    name: str
    digest: Digest
    media_type: str
    body: bytes
    config: Descriptor
    layers: tuple[Descriptor, ...]
    note: str = ""

    @classmethod
    def parse(cls, name: str, body: bytes, media_type: str = "") -> Manifest:
        """The manifest in these bytes; raises UnreadableImage where they are none."""
        try:
            document: Any = parsed_json(body)
            config, layers = document["config"], document["layers"]
            layers = [] if layers is None else layers
            if not isinstance(layers, list):
                raise ValueError("its layers are no list")
            stated = str(document.get("mediaType") or "") or media_type.partition(";")[0]
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise senseless(error) from None
        parse = Descriptor.parse
        return cls(
            name, Digest.of(body), stated, body, parse(config), tuple(parse(one) for one in layers)
        )

    @property
    def is_image(self) -> bool:
        """Whether an engine takes it for an image, and not for a chart, a plugin or a proof."""
        kind, layers = self.config.media_type, self.layers
        is_proof = bool(layers) and all(one.media_type in _PROOFS for one in layers)
        is_config = kind in _OLD_CONFIGS or kind.startswith(_CONFIGS)
        return is_config and kind not in _OTHERS and not is_proof

    @property
    def blobs(self) -> tuple[Descriptor, ...]:
        """Its config, then its layers."""
        return (self.config, *self.layers)

    @property
    def size_bytes(self) -> int:
        """What config and layers take as they are stored, packed, in bytes."""
        return sum(blob.size_bytes for blob in self.blobs)

    def json(self) -> Any:
        """The same as JSON."""
        return parsed_json(self.body)

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"{self.name}", f"manifest  {self.digest}  {visible_line(self.media_type)}"]
        lines += [f"config    {self.config}", *(f"layer     {layer}" for layer in self.layers)]
        return "\n".join([*lines, *([self.note] if self.note else [])])


def manifest_or_index(name: str, body: bytes, media_type: str = "") -> Manifest | Index:
    """What these bytes are: an image's manifest, or an index of several; raises UnreadableImage."""
    try:
        document: Any = parsed_json(body)
    except ValueError as error:
        raise senseless(error) from None
    if isinstance(document, Mapping) and isinstance(document.get("config"), Mapping):
        return Manifest.parse(name, body, media_type)
    if isinstance(document, Mapping) and "manifests" in document:
        return Index.parse(name, body, media_type)
    raise senseless("it has neither a config nor manifests")
