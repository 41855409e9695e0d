"""nbval hears what a page's cells show: what is as committed, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from helpers.lessons.notebook_file import new_notebook, write_notebook
from tests.browser.compared_lesson import differences
from tests.browser.lesson_page import OpenCells
from tests.browser.page_kernel import PageKernel

pytestmark = pytest.mark.browser

SOURCES = ("print('tea')", "2 * 21", "print('sugar')", "import ipywidgets\nipywidgets.Label('x')")
SHOWN = (
    new_output("stream", text="tea\n"),
    new_output("execute_result", data={"text/plain": "42"}, execution_count=2),
    new_output("stream", text="salt\n"),
)


def test_each_difference_is_told_in_nbvals_words(
    open_cells: OpenCells, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    cells = [
        new_code_cell(source, outputs=[shown], execution_count=1)
        for source, shown in zip(SOURCES, SHOWN, strict=False)
    ]
    last = new_code_cell(SOURCES[-1])
    path = tmp_path / "compared.ipynb"
    write_notebook(new_notebook([new_markdown_cell("# Compared"), *cells, last], {}), path)
    page = open_cells("compared", SOURCES)
    [said] = differences(path, PageKernel(page), request.session)
    assert "salt" in said
    assert "sugar" in said
