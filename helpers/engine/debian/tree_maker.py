"""The making of a tree: its packages fetched and unpacked side by side, its record written."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from helpers.engine.debian.downloads import Downloads
from helpers.engine.debian.mirror import Mirror
from helpers.engine.debian.suite import Suite, architecture, fetched_suites
from helpers.engine.debian.tree_record import TreeRecord
from helpers.engine.debian.unpacking import Unpacking
from helpers.errors import SetupFailed
from helpers.model.debian.closure import closure
from helpers.model.debian.package import Package
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.debian.tree_recipe import TreeRecipe
from helpers.model.text.units import format_bytes

Report = Callable[[TreeProgress], None]
_MOST_BYTES = 4 << 30


class TreeMaker:
    """A tree of the recipe's packages as one suite has them now."""

    def __init__(self, recipe: TreeRecipe, suite: Suite, mirror: Mirror) -> None:
        self.recipe, self.notes = recipe, [suite.note] if suite.note else []
        self._suite, self._mirror = suite, mirror
        self.packages = closure(suite.index, recipe.packages, recipe.without)
        if sum(package.unpacked_bytes for package in self.packages) > _MOST_BYTES:
            raise SetupFailed(
                f"The packages of {recipe.name} unpack to more than {format_bytes(_MOST_BYTES)}."
            )

    @classmethod
    def asked(
        cls,
        recipe: TreeRecipe,
        suite: str,
        mirror: Mirror,
        work: Path,
        cancelled: threading.Event,
    ) -> TreeMaker:
        """The maker, once the mirror has said what the suite has; SetupFailed or Interrupted."""
        return cls(recipe, *fetched_suites(mirror, suite, recipe, work, cancelled))

    @property
    def folder_name(self) -> str:
        """What the tree's folder is called: by recipe, suite, and all versions in it."""
        versions = repr([(package.name, package.sha256) for package in self.packages])
        parts = f"{self.recipe.fingerprint}{self._suite.name}{versions}"
        digest = sha256(parts.encode()).hexdigest()[:12]
        return f"{self.recipe.name}-{self._suite.codename}-{digest}"

    def make(
        self, folder: Path, debs: Path, on_progress: Report, cancelled: threading.Event
    ) -> TreeRecord:
        """The tree is in the folder, with its record. Raises SetupFailed, DiskFull, Interrupted."""
        unpacking = Unpacking(folder, self.recipe.trims())
        downloads = Downloads(self._mirror, self.packages, debs)
        total = sum(package.size_bytes for package in self.packages)

        def tell(package: Package | None = None) -> None:
            done = downloads.done_bytes
            stage, name = ("fetching", self.recipe.name) if done < total else ("unpacking", "")
            on_progress(TreeProgress(stage, name, done, total))

        with ThreadPoolExecutor(os.cpu_count() or 1, "unpack") as pool:
            try:
                waiting: list[Future[None]] = []
                for package, deb in downloads.each(cancelled, tell):
                    waiting.append(pool.submit(unpacking.add, package, deb))
                    _raise_failed(waiting)
                for future in waiting:
                    future.result()
            finally:
                unpacking.stop()
        unpacking.finish(dict(self.recipe.links))
        return self._recorded(unpacking, folder)

    def _recorded(self, unpacking: Unpacking, folder: Path) -> TreeRecord:
        record = TreeRecord(
            recipe=self.recipe.fingerprint,
            asked=self._suite.name,
            suite=self._suite.codename,
            architecture=self.recipe.architecture or architecture(),
            versions={package.name: package.version for package in self.packages},
            note=" ".join(self.notes),
            entries=unpacking.entries,
        )
        record.write(folder)
        return record


def _raise_failed(futures: Sequence[Future[None]]) -> None:
    for future in futures:
        if future.done():
            future.result()
