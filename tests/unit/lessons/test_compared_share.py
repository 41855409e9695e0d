"""How much nbval compares is counted rightly, and what is ignored must say why."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode

from helpers.lessons.notebook_file import new_cell, new_notebook
from tests.notebooks.compared_share import Share, share_of, total


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
    some = notebook(("1", True), ("2", True))
    some.cells[1].metadata.update(tags=["nbval-ignore-output"], reason="the time differs")
    assert share_of(some) == Share(2, 1)
    assert share_of(some).percent == 50


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_tag_without_a_reason_is_reported(reason: str | None) -> None:
    tagged = notebook(("1", True))
    tagged.cells[1].metadata["tags"] = ["nbval-ignore-output"]
    if reason is not None:
        tagged.cells[1].metadata["reason"] = reason
    assert share_of(tagged) == Share(1, 0, ("c0",))


@pytest.mark.parametrize("mark", ["# NBVAL_IGNORE_OUTPUT", "#NBVAL_SKIP: why"])
def test_a_comment_that_a_learner_would_read_is_reported(mark: str) -> None:
    assert share_of(notebook((f"1\n{mark}\n2", True))).unexplained == ("c0",)


def test_total_adds_up_and_nothing_is_everything() -> None:
    assert total([Share(4, 3), Share(6, 4, ("a",))]) == Share(10, 7, ("a",))
    assert total([]).percent == 100


def test_mark_in_a_string_is_no_mark() -> None:
    assert share_of(notebook(("text = 'NBVAL_IGNORE_OUTPUT: no'", True))) == Share(1, 1)
