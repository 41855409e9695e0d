"""Images of the lessons, put into one file: from the engine, or from registries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.engine_images import PlainImage, add_engine_image, add_plain_image
from helpers.engine.bundle.noted_indexes import note_index
from helpers.engine.bundle.registry_images import add_registry_image
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.image.platform import engine_platform
from helpers.errors import NotShareable
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.bundle.bundled_artifact import BundledArtifact
from helpers.model.image.platform import Platform
from helpers.model.supply.catalogue import is_own
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
    plain: Mapping[str, PlainImage] | None = None,
    on_left_out: Callable[[NotShareable], None] | None = None,
    artifacts: Sequence[BundledArtifact] = (),
) -> BundleFile:
    """The bundle of these images for these platforms (with none of them, the engine's own).

    What is for the engine's platform comes from it, the rest from the images' own registry, or
    `registry`; the workbook's own images, which are in none, only for the engine's platform.
    `plain` are images to take in place of the engine's. One that has settings of a machine in it
    is left out, which `on_left_out` gets. `artifacts` are in what an earlier writer left of it.
    Broken off, it goes on where it was. Raises NoSuchImage, InvalidInput, DiskFull, and
    NotShareable where nobody gets it or nothing is left.
    """
    own = engine_platform(client)
    wanted = list(dict.fromkeys(platforms)) or [own]
    images, refused = list[BundledImage](), list[NotShareable]()
    with BundleWriter(path) as bundle:
        packing = _Packing(client, bundle, on_progress, own, registry, plain or {})
        for name, platform in product(dict.fromkeys(names), wanted):
            try:
                images += packing.added(name, platform)
            except NotShareable as error:
                if on_left_out is None:
                    raise
                refused.append(error)
                on_left_out(error)
        if refused and not images:
            raise refused[0]
        bundle.finish(images, artifacts)
    saved = BundleFile(path)
    note_index(saved.index)
    return saved


@dataclass(frozen=True)
class _Packing:
    """A bundle being written, and where its images come from."""

    client: DockerClient
    bundle: BundleWriter
    on_progress: OnProgress
    own: Platform
    registry: str | None
    plain: Mapping[str, PlainImage]

    def added(self, name: str, platform: Platform) -> list[BundledImage]:
        """The image for that platform, now in the bundle; none where there is none."""
        if not platform.matches(self.own):
            return [] if is_own(name) else [self._fetched(name, platform)]
        tell = _teller(name, Source.ENGINE, "packing", self.on_progress)
        if name in self.plain:
            return [add_plain_image(name, self.plain[name], self.bundle, tell)]
        return [add_engine_image(self.client, name, self.bundle, tell)]

    def _fetched(self, name: str, platform: Platform) -> BundledImage:
        tell = _teller(f"{name} {platform}", Source.HUB, "fetching", self.on_progress)
        return add_registry_image(name, platform, self.bundle, tell, self.registry)


def _teller(
    name: str, source: Source, stage: str, on_progress: OnProgress
) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        on_progress(SupplyProgress(name, source, stage, done, total))

    return tell
