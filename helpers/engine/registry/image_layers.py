"""Which layers a push or pull moved, and how large each is in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.registry.http import RegistryHttp
from helpers.model.image.digest import short_id
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.registry.transfer import Fate, MovedLayer, TransferProgress
from helpers.model.text.answer_parts import texts_of

if TYPE_CHECKING:
    from docker import DockerClient


def moved_layers(
    client: DockerClient,
    http: RegistryHttp,
    reference: ImageReference,
    over: TransferProgress,
    digest: str,
) -> tuple[MovedLayer, ...]:
    """The layers of the image at that digest, from the lowest up, each with its fate.

    The engine names a layer by its diff-id when it pushes and by its digest when it pulls; one
    that it does not mention was there already, unless a push mentions none at all.
    """
    with translated(f"docker image inspect {reference}"):
        image = client.api.inspect_image(str(reference))
    manifest = http.image_manifest(reference.repository, digest, Platform.described(image))
    diff_ids = texts_of(image, "RootFS", "Layers")
    diff_ids += [""] * (len(manifest.layers) - len(diff_ids))
    return tuple(
        MovedLayer(layer.digest, layer.size_bytes, _fate(over, diff_id, layer.digest))
        for layer, diff_id in zip(manifest.layers, diff_ids, strict=False)
    )


def _fate(over: TransferProgress, *ids: str) -> Fate:
    for one in ids:
        step = over.layers.get(short_id(one))
        if step and step.fate:
            return step.fate
    return Fate.UNKNOWN if over.verb == "push" and not over.layers else Fate.SKIPPED
