"""All that a machine with no network needs beside images, fetched here and put into a bundle."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.engine.bundle.artifact_writer import add_engine, add_packages
from helpers.engine.bundle.writer import BundleWriter
from helpers.engine.debian.tree_archive import packed, record_of
from helpers.engine.debian.tree_cache import unpacked_tree
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.launcher.environment import Environment
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.screen import console
from helpers.launcher.wheels import Wheels
from helpers.model.bundle.bundled_artifact import BundledArtifact
from helpers.model.bundle.wheel_target import WheelTarget, own_platform
from helpers.model.debian.tree_recipe import TreeRecipe
from helpers.model.image.manifest import Manifest
from helpers.model.image.platform import Platform
from helpers.model.text.units import format_bytes


@dataclass(frozen=True)
class AllIn:
    """An engine and the Python packages for each of these machines."""

    recipe: TreeRecipe
    targets: tuple[WheelTarget, ...]

    @classmethod
    def wanted(
        cls, recipe: TreeRecipe, platforms: Sequence[Platform], pythons: Sequence[str]
    ) -> AllIn:
        """For these platforms and versions of Python; this machine's where none is named.

        Raises InvalidInput.
        """
        here = WheelTarget.here()
        if not platforms and not pythons:
            return cls(recipe, (here,))
        targets = [
            WheelTarget.parse(python, platform)
            for platform in platforms or (here.platform,)
            for python in pythons or (here.python,)
        ]
        return cls(recipe, tuple(dict.fromkeys(targets)))

    def packed(self, path: Path) -> list[BundledArtifact]:
        """All of them, in the beginning of the bundle that will have that path.

        Raises SetupFailed, DiskFull or InvalidInput, such as for a package without a wheel.
        """
        # All is fetched before anything is packed: what cannot be had is told at once.
        wheels = [self._fetched_wheels(target) for target in self.targets]
        engines = [(platform, self._fetched_tree(platform)) for platform in self._platforms()]
        with BundleWriter(path) as bundle:
            artifacts = [self._packages(bundle, *one) for one in wheels]
            artifacts += [self._engine(bundle, *one) for one in engines]
        return artifacts

    def forget(self) -> None:
        """The wheels are in the bundle, and in the cache no longer."""
        for target in self.targets:
            _wheels(target).remove()

    def _platforms(self) -> list[Platform]:
        """Those that the workbook's own engine runs on."""
        platforms = dict.fromkeys(target.platform for target in self.targets)
        return [platform for platform in platforms if platform.os == "linux"]

    def _fetched_wheels(self, target: WheelTarget) -> tuple[WheelTarget, list[Path]]:
        with ProgressLine(f"Fetching the packages for {target}") as line:
            return target, _wheels(target).fetch(lambda text: line.update(text.strip()[:60]))

    def _fetched_tree(self, platform: Platform) -> UnpackedTree:
        cancelled, is_own = threading.Event(), platform.matches(own_platform())
        # Debian and the OCI call these architectures alike: amd64, arm64.
        recipe = replace(self.recipe, architecture="" if is_own else platform.architecture)
        with ProgressLine(f"Fetching the engine for {platform}") as line:
            try:
                return unpacked_tree(recipe, lambda step: line.update(step.words), cancelled)
            except BaseException:
                cancelled.set()
                raise

    def _packages(
        self, bundle: BundleWriter, target: WheelTarget, paths: Sequence[Path]
    ) -> BundledArtifact:
        size = format_bytes(sum(path.stat().st_size for path in paths))
        console().print(f"{len(paths)} packages for {target}: {size}.", markup=False)
        return add_packages(bundle, paths, target, _wheels(target).fingerprint)

    def _engine(
        self, bundle: BundleWriter, platform: Platform, tree: UnpackedTree
    ) -> BundledArtifact:
        record = record_of(tree)
        with ProgressLine(f"Packing the engine for {platform}"):
            artifact = add_engine(bundle, record, packed(tree), platform)
        version = tree.versions.get("docker.io", "")
        words = f"Engine {version} of Debian {tree.suite} for {platform}: "
        size = format_bytes(_size_bytes(bundle, artifact))
        console().print(f"{words}{size}. {tree.note}".rstrip(), markup=False)
        return artifact


def _wheels(target: WheelTarget) -> Wheels:
    return Wheels(target, Environment().requirements)


def _size_bytes(bundle: BundleWriter, artifact: BundledArtifact) -> int:
    return Manifest.parse("", bundle.read(artifact.manifest.digest)).size_bytes
