"""Cell ids that a translation shares, and where a notebook parts from its source."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("jupytext")

from helpers.commands.render import check
from helpers.lessons.notebook_file import read_notebook, write_notebook
from helpers.lessons.notebook_source import drift, read_source, settle

ENGLISH = """# Title

Some words.

```python
1 + 1
```

After it.

```python tags=["raises-exception"]
1 / 0
```

```python
1 + 1
```

The end.
"""
GERMAN = (
    ENGLISH.replace("Some words.", "Ein paar Worte.")
    .replace("After it.", "Danach.")
    .replace("The end.", "Schluss.")
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "00_tiny.md"
    path.write_text(ENGLISH)
    return path


def test_ids_are_those_of_the_code_and_stable(source: Path) -> None:
    ids = [cell.id for cell in read_source(source).cells]
    assert ids == [cell.id for cell in read_source(source).cells]
    assert len(set(ids)) == len(ids)
    first = ids[1]
    assert ids[0] == "start-t1"
    assert ids[2] == f"{first}-t1"
    assert ids[4] == f"{first}-2", "the same code again"
    assert ids[5] == f"{first}-2-t1"


def test_a_translation_has_the_same_ids(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text(GERMAN)
    assert [cell.id for cell in read_source(other).cells] == [
        cell.id for cell in read_source(source).cells
    ]


def test_tags_survive(source: Path) -> None:
    assert read_source(source).cells[3].metadata == {"tags": ["raises-exception"]}


def test_no_drift_after_writing_and_reading(source: Path, tmp_path: Path) -> None:
    notebook = read_source(source)
    notebook.cells[1].metadata["execution"] = {"iopub.execute_input": "2026-01-01"}
    notebook.metadata["language_info"]["version"] = "3.11.7"
    settle(notebook)
    path = tmp_path / "00_tiny.ipynb"
    write_notebook(notebook, path)
    assert drift(read_source(source), read_notebook(path)) == ""
    assert "2026" not in path.read_text()
    assert check([source], tmp_path) == 0


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("1 / 0", "2 / 0", "cell 4"),
        ("After it.", "After that.", "cell 3"),
        (' tags=["raises-exception"]', "", "cell 4"),
        ("\n\nThe end.\n", "\n", "5 cells"),
    ],
)
def test_drift_names_the_place(
    source: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    where: str,
) -> None:
    write_notebook(read_source(source), tmp_path / "00_tiny.ipynb")
    source.write_text(ENGLISH.replace(before, after))
    assert check([source], tmp_path) == 1
    said = capsys.readouterr().out
    assert where in said
    assert "./workbook render 00" in said


def test_missing_notebook_is_drift(source: Path, tmp_path: Path) -> None:
    assert check([source], tmp_path) == 1
