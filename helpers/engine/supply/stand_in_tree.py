"""The unpacked packages that a stand-in is made of beside those that mmdebstrap fetches."""

from __future__ import annotations

import threading
from collections.abc import Callable

from helpers.engine.debian.tree_cache import unpacked_tree
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.debian.tree_recipe import DOCKER_TREE
from helpers.model.supply.recipe import StandInRecipe

_TREES = {DOCKER_TREE.name: DOCKER_TREE}
_LISTED = ("docker.io", "docker-cli", "containerd", "runc", "iptables")


def tree_for(
    recipe: StandInRecipe,
    on_progress: Callable[[TreeProgress], None],
    cancelled: threading.Event,
) -> UnpackedTree | None:
    """The recipe's tree, from the cache or fetched now; None for one that has none.

    Raises SetupFailed, DiskFull or Interrupted.
    """
    return unpacked_tree(_TREES[recipe.tree], on_progress, cancelled) if recipe.tree else None


def fingerprint_of(recipe: StandInRecipe) -> str:
    """A short hash of what is in the recipe's tree; empty for one that has none."""
    return _TREES[recipe.tree].fingerprint if recipe.tree else ""


def variables_for(tree: UnpackedTree | None) -> dict[str, str]:
    """What the recipe's script is told of the tree: where it is, and a line for each version."""
    if tree is None:
        return {}
    versions = [f"{name} {tree.versions[name]}" for name in _LISTED if name in tree.versions]
    lines = "\n".join(f"{line} (Debian {tree.suite})" for line in versions)
    return {"WORKBOOK_TREE": str(tree.folder), "WORKBOOK_TREE_VERSIONS": lines}
