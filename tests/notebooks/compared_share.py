"""How much of the lessons' output nbval compares: `python tests/notebooks/compared_share.py`.

Counts the code cells that have output. Those that nbval ignores carry the tag nbval-ignore-output
and say why in their metadata, `reason`: out of a reader's sight, and beside the cell in its source.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.lessons.lesson_files import committed_lessons
from helpers.lessons.notebook_file import read_notebook

LEAST_PERCENT = 70
_TAGS = ("nbval-ignore-output", "nbval-skip")
_COMMENT = re.compile(r"^[ \t]*#[ \t]*NBVAL_(?:IGNORE_OUTPUT|SKIP)\b", re.MULTILINE)


@dataclass(frozen=True)
class Share:
    """Code cells with output, those that are compared, and the ignored that do not say why."""

    with_output: int
    compared: int
    unexplained: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """Compared cells in 100 with output; 100 where no cell has any."""
        return 100 * self.compared / self.with_output if self.with_output else 100.0


def share_of(notebook: NotebookNode) -> Share:
    """The share of that notebook."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    with_output = [cell for cell in cells if cell.outputs]
    ignored = [cell for cell in cells if is_ignored(cell)]
    unexplained = tuple(cell.get("id", "?") for cell in ignored if not _reason(cell))
    compared = [cell for cell in with_output if cell not in ignored]
    return Share(len(with_output), len(compared), unexplained)


def total(shares: Iterable[Share]) -> Share:
    """All of them as one."""
    every = list(shares)
    return Share(
        sum(share.with_output for share in every),
        sum(share.compared for share in every),
        tuple(name for share in every for name in share.unexplained),
    )


def main() -> int:
    """0 when enough is compared and each exception has its reason; prints the shares."""
    shares = {path.name: share_of(read_notebook(path)) for path in committed_lessons().values()}
    whole = total(shares.values())
    for name, share in [*shares.items(), ("all lessons", whole)]:
        print(
            f"{name}: {share.compared} of {share.with_output} cells compared, {share.percent:.0f} %"
        )
        for cell in share.unexplained:
            print(f"  cell {cell} is ignored and does not say why")
    return 0 if whole.percent >= LEAST_PERCENT and not whole.unexplained else 1


def is_ignored(cell: NotebookNode) -> bool:
    """Whether nbval leaves that cell's output alone, by a tag or a comment."""
    tags = {tag.lower().replace("_", "-") for tag in cell.metadata.get("tags", [])}
    return bool(tags & set(_TAGS)) or _COMMENT.search(cell.source) is not None


def _reason(cell: NotebookNode) -> str:
    return str(cell.metadata.get("reason", "")).strip()


if __name__ == "__main__":
    sys.exit(main())
