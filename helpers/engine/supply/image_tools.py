"""mmdebstrap and all that it runs: the machine's own, else from a tree, which installs nothing."""

from __future__ import annotations

import shlex
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.debian.signature import KEYRING
from helpers.engine.debian.tree_cache import kept_tree, unpacked_tree
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.model.debian.tree_progress import TreeProgress
from helpers.model.debian.tree_recipe import TOOLS_TREE


@dataclass(frozen=True)
class ImageTools:
    """The tools; `tree` is None where the machine has them all."""

    tree: UnpackedTree | None = None

    def taken(self, command: str) -> str:
        """The shell command, run with the tools; in a mount namespace of its own.

        Those of a tree stand in the place of /usr, which is where its programs look for libraries,
        modules and each other.
        """
        if self.tree is None:
            return command
        return f"mount --bind {shlex.quote(str(self.tree.usr))} /usr && {command}"

    def words(self, program: str, *arguments: str) -> list[str]:
        """The words that run one of the tools by itself."""
        return self.tree.command(program, *arguments) if self.tree else [program, *arguments]


def machine_has_tools() -> bool:
    """Whether mmdebstrap and Debian's keys are installed here."""
    return shutil.which("mmdebstrap") is not None and KEYRING.exists()


def tools_are_here() -> bool:
    """Whether images can be made without fetching the tools first."""
    return machine_has_tools() or kept_tree(TOOLS_TREE) is not None


def image_tools(
    on_progress: Callable[[TreeProgress], None], cancelled: threading.Event
) -> ImageTools:
    """The tools, fetched where neither machine nor cache has them. Raises what that raises."""
    if machine_has_tools():
        return ImageTools()
    return ImageTools(unpacked_tree(TOOLS_TREE, on_progress, cancelled))


def outside_usr(folder: Path, copies: Path) -> Path:
    """The folder, or a copy where a tree in the place of /usr would hide it."""
    if not folder.resolve().is_relative_to("/usr"):
        return folder
    return shutil.copytree(folder, copies / folder.name)
