"""How much nbval compares is counted rightly, and what is ignored must say why."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode

from helpers.commands.notebook_file import new_cell, new_notebook
from tests.notebooks.compared_share import Share, ignore_mark, share_of, total


def notebook(*cells: tuple[str, bool]) -> NotebookNode:
    made = []
    for at, (source, has_output) in enumerate(cells):
        cell = new_cell("code", source, f"c{at}")
        if has_output:
            cell.outputs = [NotebookNode(output_type="stream", name="stdout", text="x")]
        made.append(cell)
    return new_notebook([new_cell("markdown", "# NBVAL_SKIP", "t"), *made], {})


def test_only_cells_with_output_count() -> None:
    share = share_of(notebook(("1", True), ("x = 1", False), ("2", True)))
    assert share == Share(2, 2)
    assert share.percent == 100


def test_ignored_cells_are_not_compared() -> None:
    share = share_of(notebook(("# NBVAL_IGNORE_OUTPUT: the time differs\n1", True), ("2", True)))
    assert share == Share(2, 1)
    assert share.percent == 50


@pytest.mark.parametrize(
    "mark", ["# NBVAL_IGNORE_OUTPUT", "#NBVAL_IGNORE_OUTPUT: ", "# NBVAL_SKIP"]
)
def test_a_mark_without_a_reason_is_reported(mark: str) -> None:
    assert share_of(notebook((f"1\n{mark}\n2", True))).unexplained == ("c0",)


def test_a_tag_says_no_reason_either() -> None:
    tagged = notebook(("1", True))
    tagged.cells[1].metadata["tags"] = ["nbval-ignore-output"]
    assert share_of(tagged) == Share(1, 0, ("c0",))


def test_total_adds_up_and_nothing_is_everything() -> None:
    assert total([Share(4, 3), Share(6, 4, ("a",))]) == Share(10, 7, ("a",))
    assert total([]).percent == 100


def test_mark_in_a_string_is_no_mark() -> None:
    assert ignore_mark("text = 'NBVAL_IGNORE_OUTPUT: no'") is None
