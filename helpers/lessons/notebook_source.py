"""A lesson's text source as a notebook, with cell ids that another language can share."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode

from helpers.lessons.notebook_file import new_cell, new_notebook

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read_source(path: Path) -> NotebookNode:
    """The notebook that the source describes, without outputs."""
    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md").cells
    made = [
        new_cell(cell.cell_type, cell.source, name, _kept(cell))
        for cell, name in zip(cells, cell_ids(cells), strict=True)
    ]
    return new_notebook(made, METADATA)


def cell_ids(cells: list[NotebookNode]) -> list[str]:
    """One id a cell: code by a hash of its text, prose by the code before it.

    So the ids of a translation, whose prose differs and whose code does not, are the same.
    """
    ids: list[str] = []
    seen: Counter[str] = Counter()
    before, prose = "start", 0
    for cell in cells:
        if cell.cell_type == "code":
            name = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
            seen[name] += 1
            before, prose = name if seen[name] == 1 else f"{name}-{seen[name]}", 0
            ids.append(before)
        else:
            prose += 1
            ids.append(f"{before}-t{prose}")
    return ids


def drift(source: NotebookNode, notebook: NotebookNode) -> str:
    """Where a notebook's cells are not those of its source; empty when they agree."""
    for number, (ours, theirs) in enumerate(
        zip(source.cells, notebook.cells, strict=False), start=1
    ):
        if _essence(ours) != _essence(theirs):
            line = (ours.source.strip().splitlines() or [""])[0]
            return f"cell {number} (id {ours['id']}): {line}"
    if len(source.cells) != len(notebook.cells):
        return f"{len(source.cells)} cells in the source, {len(notebook.cells)} in the notebook"
    return "" if notebook.metadata == METADATA else "the notebook's metadata"


def settle(notebook: NotebookNode) -> None:
    """Takes from an executed notebook what differs between runs and means nothing."""
    notebook.metadata = new_notebook([], METADATA).metadata
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def _essence(cell: NotebookNode) -> tuple[object, ...]:
    return cell.cell_type, cell.get("id"), cell.source, _kept(cell)


def _kept(cell: NotebookNode) -> dict[str, Any]:
    """The metadata that the author gave: tags, and the reason for those that need one."""
    return {key: cell.metadata[key] for key in ("tags", "reason") if cell.metadata.get(key)}
