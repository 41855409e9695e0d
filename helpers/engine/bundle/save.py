"""Images of the lessons, put into one file: from the engine, or from registries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.engine_images import add_engine_image
from helpers.engine.bundle.registry_images import add_registry_image
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.image.platform import engine_platform
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.image.platform import Platform
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import lesson_image
from helpers.model.supply.supply import Source, SupplyProgress

if TYPE_CHECKING:
    from docker import DockerClient

OnProgress = Callable[[SupplyProgress], None]


def save_bundle(
    client: DockerClient,
    names: Iterable[str],
    path: Path,
    on_progress: OnProgress,
    platforms: Sequence[Platform] = (),
    registry: str | None = None,
) -> BundleFile:
    """The bundle of these images for these platforms (with none of them, the engine's own).

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
                if platform.matches(own):
                    tell = _teller(name, Source.ENGINE, "packing", on_progress)
                    images.append(add_engine_image(client, name, bundle, tell))
                elif not _is_own(name):
                    tell = _teller(f"{name} {platform}", Source.HUB, "fetching", on_progress)
                    images.append(add_registry_image(name, platform, bundle, tell, registry))
        bundle.finish(images)
    return BundleFile(path)


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
