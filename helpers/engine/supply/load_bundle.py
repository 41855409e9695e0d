"""All images of a bundle, brought to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_identity import identity_of
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.labels import STAND_IN, TRUST
from helpers.engine.base.needed_parts import id_in
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.load import config_in
from helpers.engine.image.platform import engine_platform
from helpers.engine.image.presence import inspected
from helpers.engine.image.size import unpacked_bytes
from helpers.engine.supply.accepted import accepted, is_stand_in
from helpers.engine.supply.consent import allows_stand_ins
from helpers.engine.supply.ledger import record
from helpers.engine.supply.load_trusted import load_trusted
from helpers.engine.supply.source_failed import SourceFailed
from helpers.engine.supply.vouching import ASK_FOR_DIGEST, is_the_hubs, is_vouched_for
from helpers.errors import ImageUnavailable, InvalidInput
from helpers.model.bundle.bundle_index import BundledImage, fitting
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.image.config import is_made_of, labels_in
from helpers.model.supply.supply import Source, Supplied, SupplyProgress
from helpers.model.text.answer_parts import table_of_texts

if TYPE_CHECKING:
    from docker import DockerClient

OnProgress = Callable[[SupplyProgress], None]
KEPT = "kept: this engine has another image of that name"


def load_bundle(
    client: DockerClient,
    path: Path,
    on_progress: OnProgress,
    digest: IndexDigest | None = None,
) -> list[Supplied]:
    """What the engine now has of that bundle, which is read and checked as a whole first.

    An image that is there already is left as it is. Raises DamagedBundle with nothing loaded,
    also where its index is not that of the digest; ImageUnavailable where nothing vouches for it,
    or it has stand-ins that are not allowed here; InvalidInput where it has nothing for this
    engine's platform, DiskFull or EngineGone.
    """
    bundle = BundleFile(path)
    is_vouched = is_vouched_for(bundle, digest)
    bundle.verify(on_bytes=_teller(path.name, Source.BUNDLE, "checking", on_progress))
    images = images_for(client, bundle)
    if not is_vouched:
        _check_hub(client, bundle, images)
    _check_stand_ins(client, bundle, images)
    return [supply_from(client, bundle, image, on_progress) for image in images]


def images_for(client: DockerClient, bundle: BundleFile) -> list[BundledImage]:
    """The images of the bundle for the engine's platform; raises InvalidInput for none at all."""
    own = engine_platform(client)
    images = fitting(bundle.images, own)
    if not images:
        there = ", ".join(sorted({str(image.platform or "") for image in bundle.images}))
        raise InvalidInput(
            f"{bundle.path.name} is for {there or 'no platform'}, and this engine is {own}.",
            f"Ask for one that was made with `bundle save --platform {own}`.",
        )
    return images


def supply_from(
    client: DockerClient, bundle: BundleFile, image: BundledImage, on_progress: OnProgress
) -> Supplied:
    """That image on the engine; one of the same name that is there is not touched."""
    manifest = bundle.manifest(image)
    if present := inspected(client, image.name):
        note = "" if _is_same(present, config_in(bundle, manifest)) else KEPT
        return _supplied(client, image, Source.ENGINE, present, note)
    try:
        remark = accepted(image.reference, config_in(bundle, manifest), allows_stand_ins=True)
    except SourceFailed as failed:
        return Supplied(image.name, Source.ENGINE, "", 0, f"left out: {failed}")
    tell = _teller(image.name, Source.BUNDLE, "loading", on_progress)
    remark += load_trusted(client, image.name, manifest, bundle, tell)
    note = f"from {bundle.path.name}{remark}"
    present = inspected(client, image.name)
    supplied = _supplied(client, image, Source.BUNDLE, present, note)
    record(identity_of(info_of(client)), supplied)
    return supplied


def _check_hub(client: DockerClient, bundle: BundleFile, images: Iterable[BundledImage]) -> None:
    """Raises ImageUnavailable for images that would come and that are not Docker Hub's own."""
    own = engine_platform(client)
    strange = [
        image.name
        for image in images
        if not inspected(client, image.name)
        and not is_the_hubs(image.reference, bundle.manifest(image), own)
    ]
    if strange:
        raise ImageUnavailable(
            f"Nothing vouches for {bundle.path.name}, which would bring {', '.join(strange)}.",
            ASK_FOR_DIGEST,
        )


def _is_same(present: Mapping[str, Any], config: bytes) -> bool:
    """Whether the engine's image is that of the config, this machine's settings apart."""
    if is_made_of(present, config):
        return True
    ours, theirs = table_of_texts(present, "Config", "Labels"), labels_in(config)
    return TRUST in ours and STAND_IN in theirs and ours.get(STAND_IN) == theirs[STAND_IN]


def _check_stand_ins(
    client: DockerClient, bundle: BundleFile, images: Iterable[BundledImage]
) -> None:
    """Raises ImageUnavailable for stand-ins that would take official names unasked."""
    with translated("docker info"):
        if allows_stand_ins(info_of(client)):
            return
    stand_ins = [
        image.name
        for image in images
        if is_stand_in(image.reference, config_in(bundle, bundle.manifest(image)))
        and not inspected(client, image.name)
    ]
    if stand_ins:
        raise ImageUnavailable(
            f"{bundle.path.name} has stand-ins, not the official images, for "
            f"{', '.join(stand_ins)}.",
            "Add --allow-stand-ins where they may take these names on your engine.",
        )


def _supplied(
    client: DockerClient,
    image: BundledImage,
    source: Source,
    present: Mapping[str, Any] | None,
    note: str,
) -> Supplied:
    if present is None:
        return Supplied(image.name, source, "", 0, note)
    with translated(f"docker history {image.name}"):
        identity = id_in(present, "docker image inspect")
        return Supplied(image.name, source, identity, unpacked_bytes(client.api, present), note)


def _teller(
    name: str, source: Source, stage: str, on_progress: OnProgress
) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        on_progress(SupplyProgress(name, source, stage, done, total))

    return tell
