"""Notebook files read and written: the one place that speaks to nbformat, which has no types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat as _untyped
from nbformat import NotebookNode

_nbformat: Any = _untyped


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in that file, in format 4."""
    notebook: NotebookNode = _nbformat.read(path, as_version=4)
    return notebook


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """The file, replaced as a whole: there is no moment at which it is half written."""
    fresh = path.with_suffix(".new")
    _nbformat.write(notebook, fresh)
    fresh.replace(path)


def new_notebook(cells: Sequence[NotebookNode], metadata: dict[str, Any]) -> NotebookNode:
    """A valid notebook in format 4.5, which has cell ids."""
    notebook: NotebookNode = _nbformat.v4.new_notebook(
        cells=list(cells), metadata=_nbformat.from_dict(metadata)
    )
    notebook.nbformat_minor = 5
    _nbformat.validate(notebook)
    return notebook


def new_cell(
    kind: str, source: str, name: str, metadata: Mapping[str, Any] | None = None
) -> NotebookNode:
    """A cell of kind code, markdown or raw with that id."""
    make = getattr(_nbformat.v4, f"new_{kind}_cell")
    cell: NotebookNode = make(source, metadata=dict(metadata or {}))
    cell["id"] = name
    return cell
