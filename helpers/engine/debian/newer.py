"""Whether Debian's archive has newer packages than a tree in the cache."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from helpers.engine.debian.mirror import Mirror
from helpers.engine.debian.tree_cache import LOOKED, trees_dir
from helpers.engine.debian.tree_maker import TreeMaker
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.model.debian.tree_recipe import TreeRecipe


def newer_versions(recipe: TreeRecipe, kept: UnpackedTree) -> Mapping[str, str]:
    """The packages that the first of the recipe's suites has in other versions, with those.

    Asks the mirror for its lists, which takes seconds. Raises SetupFailed.
    """
    folder = trees_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{recipe.name}.new-", dir=folder) as work:
        maker = TreeMaker.asked(
            recipe, recipe.suites[0], Mirror.chosen(), Path(work), threading.Event()
        )
    have = kept.versions
    return {
        each.name: each.version for each in maker.packages if have.get(each.name) != each.version
    }


def fetch_anew(kept: UnpackedTree) -> None:
    """The next command that needs this tree asks for a newer one first."""
    with suppress(OSError):
        (kept.folder / LOOKED).unlink()


def size_bytes(kept: UnpackedTree) -> int:
    """How much of the disk the tree takes."""
    return sum(path.lstat().st_size for path in kept.usr.rglob("*"))
