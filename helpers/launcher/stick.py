"""What a machine with no network starts from: a bundle with an engine and Python packages.

Standard library only: the first start has no packages yet.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.bundle.artifact_source import (
    ArtifactSource,
    FileArtifacts,
    ServedArtifacts,
    manifest_of,
)
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.debian.tree_archive import unpack
from helpers.engine.debian.tree_cache import adopted_tree, kept_tree
from helpers.engine.debian.tree_record import TreeRecord
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.errors import DamagedBundle, Interrupted, InvalidInput
from helpers.launcher.environment import WriteWheels
from helpers.launcher.progress_line import ProgressLine
from helpers.model.bundle.bundle_index import AGAIN
from helpers.model.bundle.bundled_artifact import TITLE, fitting_engine, fitting_packages
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.bundle.server_address import ServerAddress
from helpers.model.bundle.wheel_target import WheelTarget, own_platform
from helpers.model.debian.tree_recipe import TreeRecipe
from helpers.model.image.manifest import Manifest
from helpers.model.text.units import format_bytes

_ARCHIVE = "usr.tar.gz"
_WHEEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.!+-]*\.whl")


@dataclass(frozen=True)
class Stick:
    """A bundle that is vouched for: by its digest, or by the hand that named the file."""

    source: ArtifactSource

    @classmethod
    def opened(cls, bundle: BundleFile) -> Stick:
        """That of a file."""
        return cls(FileArtifacts(bundle))

    @classmethod
    def served(cls, address: ServerAddress) -> Stick:
        """That of a server whose digest is known."""
        return cls(ServedArtifacts(address))

    def wheels(self, requirements: Path) -> WriteWheels | None:
        """What writes the packages for this Python into a folder; None where it has none at all.

        Raises InvalidInput where it has them for others, or those of another lock.
        """
        here = WheelTarget.here()
        packages = fitting_packages(self.source.artifacts, here.platform, here.python)
        if packages is None:
            return None
        if packages.requirements != IndexDigest.of(requirements.read_bytes()).beginning.hex():
            raise InvalidInput(
                f"{self.source.name} was made by another version of the workbook.",
                "Take this workbook's folder from where the bundle was made, or ask for a bundle "
                "of this version.",
            )

        def write(folder: Path) -> None:
            manifest = manifest_of(self.source, packages)
            total = format_bytes(manifest.size_bytes)
            with ProgressLine(f"Taking Python packages ({total}) from {self.source.name}") as line:
                self._write_wheels(manifest, folder, line)

        return write

    def bring_engine(
        self, recipe: TreeRecipe, tell: Callable[[str], None], cancelled: threading.Event
    ) -> UnpackedTree | None:
        """The tree of the recipe in the cache, from there unless one is kept; None without one.

        Raises InvalidInput where it is for another machine or version, DamagedBundle,
        RegistryError, DiskFull, Interrupted.
        """
        if kept := kept_tree(recipe):
            return kept
        engine = fitting_engine(self.source.artifacts, own_platform())
        if engine is None:
            return None
        manifest = manifest_of(self.source, engine)
        record = TreeRecord.parse(self.source.read(manifest.config))
        if record is None or len(manifest.layers) != 1:
            raise DamagedBundle(f"{self.source.name} has an engine without a record.", AGAIN)

        def on_bytes(done: int, total: int) -> None:
            if cancelled.is_set():
                raise Interrupted("The engine was not unpacked.", "Run it again.")
            tell(f"{format_bytes(done)} of {format_bytes(total)}")

        def fill(folder: Path) -> None:
            archive = folder.with_name(_ARCHIVE)
            self.source.write(manifest.layers[0], archive, on_bytes)
            unpack(archive, record, folder, on_bytes, cancelled)

        return adopted_tree(recipe, record, fill, cancelled)

    def _write_wheels(self, manifest: Manifest, folder: Path, line: ProgressLine) -> None:
        done = 0
        for wheel in manifest.layers:
            name = wheel.annotations.get(TITLE, "")
            if not _WHEEL_NAME.fullmatch(name):
                raise DamagedBundle(
                    f"{self.source.name} has a package with a name that no wheel has.", AGAIN
                )
            self.source.write(wheel, folder / name, lambda done, total: None)
            done += wheel.size_bytes
            line.update(format_bytes(done))
