"""Which Docker Engine a private engine is: the packages that it runs from, and its image store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from helpers.engine.debian.tree_cache import kept_tree
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.errors import SetupFailed
from helpers.model.debian.tree_recipe import DOCKER_TREE, TreeRecipe

Store = Literal["containerd", "classic"]
STORES: tuple[Store, ...] = ("containerd", "classic")


@dataclass(frozen=True)
class EngineRelease:
    """A recipe of packages, and the image store: containerd's, as new installations have it, or
    the classic one with overlay2.
    """

    recipe: TreeRecipe = DOCKER_TREE
    store: Store = "containerd"

    def kept(self) -> UnpackedTree | None:
        """Its packages, unpacked in the cache; None where they are still to be fetched."""
        return kept_tree(self.recipe)

    def tree(self) -> UnpackedTree:
        """Its packages, unpacked in the cache; raises SetupFailed where they are not there."""
        tree = self.kept()
        if tree is None:
            raise SetupFailed(
                "The programs of the workbook's own engine are not in its cache.",
                "Run `./workbook lab`, which fetches them, or use an engine of your own "
                "(DOCKER_HOST).",
            )
        return tree


def engine_version(tree: UnpackedTree) -> str:
    """Docker's own version in that tree, such as '28.5.2'; empty where it holds no engine.

    Debian writes 28.5.2+dfsg1-1, with an epoch before it where it ever went back.
    """
    return tree.versions.get("docker.io", "").rpartition(":")[2].partition("+")[0].partition("-")[0]
