"""All images of the lessons, into one file and out of it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docker.errors import ImageNotFound

from helpers.engine.base.answers import translated
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.engine_images import add_engine_image
from helpers.engine.bundle.load import config_in, load_image
from helpers.engine.bundle.registry_images import add_registry_image
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.image.size import unpacked_bytes
from helpers.engine.supply.accepted import accepted, is_stand_in
from helpers.engine.supply.consent import allows_stand_ins
from helpers.engine.supply.ledger import record
from helpers.engine.supply.source_failed import SourceFailed
from helpers.errors import ImageUnavailable, InvalidInput
from helpers.model.bundle.bundle_index import BundledImage, platform_fits
from helpers.model.image.config import is_made_of
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import lesson_image
from helpers.model.supply.supply import Source, Supplied, SupplyProgress

if TYPE_CHECKING:
    from docker import DockerClient

OnProgress = Callable[[SupplyProgress], None]
KEPT = "kept: this engine has another image of that name"


def save_bundle(
    client: DockerClient,
    names: Iterable[str],
    path: Path,
    on_progress: OnProgress,
    platforms: Sequence[str] = (),
    registry: str | None = None,
) -> BundleFile:
    """The bundle of these images for these platforms (none named: the engine's own).

    What is for the engine's platform comes from it, the rest from the images' own registry, or
    `registry`; the workbook's own images, which are in none, only for the engine's platform.
    Broken off, it goes on where it was. Raises NoSuchImage, InvalidInput, DiskFull.
    """
    own = engine_platform(client)
    wanted = list(dict.fromkeys(platforms)) or [own]
    with BundleWriter(path) as bundle:
        images: list[BundledImage] = []
        for name in dict.fromkeys(names):
            for platform in wanted:
                if platform_fits(own, platform):
                    tell = _teller(name, Source.ENGINE, "packing", on_progress)
                    images.append(add_engine_image(client, name, bundle, tell))
                elif not _is_own(name):
                    tell = _teller(f"{name} {platform}", Source.HUB, "fetching", on_progress)
                    images.append(add_registry_image(name, platform, bundle, tell, registry))
        bundle.finish(images)
    return BundleFile(path)


def load_bundle(client: DockerClient, path: Path, on_progress: OnProgress) -> list[Supplied]:
    """What the engine now has of that bundle, which is read and checked as a whole first.

    An image that is there already is left as it is. Raises DamagedBundle with nothing loaded,
    ImageUnavailable where it has stand-ins that are not allowed here, InvalidInput where it has
    nothing for this engine's platform, DiskFull or EngineGone.
    """
    bundle = BundleFile(path)
    bundle.verify(on_bytes=_teller(path.name, Source.BUNDLE, "checking", on_progress))
    images = fitting(client, bundle)
    _check_stand_ins(client, bundle, images)
    return [supply_from(client, bundle, image, on_progress) for image in images]


def fitting(client: DockerClient, bundle: BundleFile) -> list[BundledImage]:
    """The images of the bundle for the engine's platform; raises InvalidInput for none at all."""
    own = engine_platform(client)
    found = [image for image in bundle.images if platform_fits(image.platform, own)]
    if not found:
        there = ", ".join(sorted({image.platform for image in bundle.images}))
        raise InvalidInput(
            f"{bundle.path.name} is for {there or 'no platform'}, and this engine is {own}.",
            f"Ask for one that was made with `bundle save --platform {own}`.",
        )
    return found


def supply_from(
    client: DockerClient, bundle: BundleFile, image: BundledImage, on_progress: OnProgress
) -> Supplied:
    """That image on the engine; one of the same name that is there is not touched."""
    manifest = bundle.manifest(image)
    if present := image_there(client, image.reference):
        note = "" if is_made_of(present, config_in(bundle, manifest)) else KEPT
        return _supplied(client, image, Source.ENGINE, present, note)
    try:
        remark = accepted(image.reference, config_in(bundle, manifest), allows_stand_ins=True)
    except SourceFailed as failed:
        return Supplied(image.name, Source.ENGINE, "", 0, f"left out: {failed}")
    tell = _teller(image.name, Source.BUNDLE, "loading", on_progress)
    load_image(client, image.name, manifest, bundle, tell)
    note = f"from {bundle.path.name}{remark}"
    present = image_there(client, image.reference)
    supplied = _supplied(client, image, Source.BUNDLE, present, note)
    record(str(client.info()["ID"]), supplied)
    return supplied


def _check_stand_ins(
    client: DockerClient, bundle: BundleFile, images: Iterable[BundledImage]
) -> None:
    """Raises ImageUnavailable for stand-ins that would take official names unasked."""
    with translated("docker info"):
        if allows_stand_ins(client.info()):
            return
    found = [
        image.name
        for image in images
        if is_stand_in(image.reference, config_in(bundle, bundle.manifest(image)))
        and not image_there(client, image.reference)
    ]
    if found:
        raise ImageUnavailable(
            f"{bundle.path.name} has stand-ins, not the official images, for {', '.join(found)}.",
            "Add --allow-stand-ins where they may take these names on your engine.",
        )


def image_there(client: DockerClient, reference: ImageReference) -> dict[str, Any] | None:
    """What the engine says of its image of that name, if it has one."""
    name = reference.familiar()
    with translated(f"docker image inspect {name}"):
        try:
            found: dict[str, Any] = client.api.inspect_image(name)
        except ImageNotFound:
            return None
    return found


def _supplied(
    client: DockerClient,
    image: BundledImage,
    source: Source,
    found: Mapping[str, Any] | None,
    note: str,
) -> Supplied:
    if found is None:
        return Supplied(image.name, source, "", 0, note)
    with translated(f"docker history {image.name}"):
        return Supplied(
            image.name, source, str(found["Id"]), unpacked_bytes(client.api, found), note
        )


def engine_platform(client: DockerClient) -> str:
    """The platform that the engine runs: 'linux/amd64'."""
    with translated("docker version"):
        said = client.version()
    return f"{said.get('Os', 'linux')}/{said.get('Arch', 'amd64')}"


def _is_own(name: str) -> bool:
    """Whether it is in no registry, where a stranger may have taken that name."""
    known = lesson_image(ImageReference.parse(name))
    return known is not None and known.own


def _teller(
    name: str, source: Source, stage: str, on_progress: OnProgress
) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        on_progress(SupplyProgress(name, source, stage, done, total))

    return tell
