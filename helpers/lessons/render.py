"""The executed notebooks, made of their text sources and compared with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from helpers.lessons.lesson_files import NOTEBOOKS
from helpers.lessons.notebook_file import read_notebook, write_notebook
from helpers.lessons.notebook_run import NotebookRun


def notebook_of(source: Path, notebooks: Path = NOTEBOOKS) -> Path:
    """The notebook that is made of that source."""
    return notebooks / f"{source.stem}.ipynb"


def out_of_date(sources: Iterable[Path], notebooks: Path = NOTEBOOKS) -> dict[str, str]:
    """{name of a notebook that is not what its source says: where they part}."""
    parted = {source.stem: drift_of(source, notebook_of(source, notebooks)) for source in sources}
    return {name: where for name, where in parted.items() if where}


def drift_of(source: Path, notebook: Path) -> str:
    """Where these two files part; empty when they agree."""
    # Jupytext is for maintainers: it is installed by the time that this is called.
    from helpers.lessons.notebook_source import drift, read_source

    if not notebook.is_file():
        return "its first cell: there is no notebook"
    return drift(read_source(source), read_notebook(notebook))


def render(source: Path, variables: Mapping[str, str], on_cell: Callable[[int, str], None]) -> None:
    """The notebook, executed in static mode and written only when every cell ran.

    Its kernel gets the variables too; `on_cell` hears of each cell (number, first line).
    """
    from helpers.lessons.notebook_source import read_source, settle

    notebook, target = read_source(source), notebook_of(source)
    title = f"Lesson {source.name[:2]}"
    static = {**variables, "WORKBOOK_STATIC": "1"}
    NotebookRun(notebook, title, target.parent, static, on_cell=on_cell).execute()
    settle(notebook)
    write_notebook(notebook, target)
