"""The committed lessons: in step with their sources, and compared by nbval as far as can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.lessons.lesson_files import NOTEBOOKS, committed_lessons, lesson_sources
from helpers.lessons.notebook_file import read_notebook
from helpers.lessons.render import drift_of
from tests.notebooks.compared_share import LEAST_PERCENT, share_of, total

LESSONS = list(committed_lessons().values())


def test_every_source_has_its_notebook_and_no_notebook_is_without() -> None:
    assert lesson_sources().keys() == committed_lessons().keys()
    assert lesson_sources(), "there is no lesson at all"


@pytest.mark.parametrize("source", list(lesson_sources().values()), ids=lambda path: path.stem)
def test_source_and_notebook_agree(source: Path) -> None:
    assert drift_of(source, NOTEBOOKS / f"{source.stem}.ipynb") == ""


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_notebook_was_executed_from_top_to_bottom(path: Path) -> None:
    cells = [cell for cell in read_notebook(path).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_notebook_reads_well_without_a_kernel(path: Path) -> None:
    for cell in read_notebook(path).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            assert "application/vnd.jupyter.widget-view+json" not in data, cell.id
            assert " at 0x" not in str(data.get("text/plain", "")), cell.id
            # What is typed says what it says, as a terminal shows it; helpers are silent there.
            is_typed = "%docker" in cell.source or "%kubectl" in cell.source
            assert output.get("name") != "stderr" or is_typed, cell.id


def test_nbval_compares_enough() -> None:
    whole = total(share_of(read_notebook(path)) for path in LESSONS)
    print(f"{whole.compared} of {whole.with_output} cells with output, {whole.percent:.0f} %")
    assert whole.percent >= LEAST_PERCENT
    assert whole.unexplained == ()
