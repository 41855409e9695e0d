"""A cell of `%%docker`, as IPython itself takes cells apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from helpers.notebook.docker_magic import from_the_magic

BODY = "%%docker build -t x -\nFROM busybox:1.37\n# of the Dockerfile\n"


def transformed(cell: str) -> str:
    """The Python that a cell becomes in a kernel that knows the magic."""
    manager = TransformerManager()
    plain = manager.transform_cell(cell)
    manager.cleanup_transforms.append(from_the_magic)
    changed = manager.transform_cell(cell)
    assert plain == changed or "%%docker" in cell
    return changed


@pytest.mark.parametrize(
    "above", ["", "# my image\n", "\n\n# a\n\n  # b\n", "#\n", "# %%docker run x\n"]
)
def test_comments_may_stand_above_the_magic(above: str) -> None:
    assert transformed(above + BODY) == TransformerManager().transform_cell(BODY)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "# only a comment\n",
        "x = 1\n",
        "# a\n%docker ps\n",
        "# a\nx = 1\n%%docker ps\n",
        "# a\n%%dockerfile\nx\n",
        "# a\n%%bash\nx\n",
        "text = '''\n%%docker ps\n'''\n",
    ],
)
def test_all_other_cells_stay_as_they_are(cell: str) -> None:
    assert transformed(cell) == TransformerManager().transform_cell(cell)


@given(st.lists(st.sampled_from(["# a\n", "\n", " \n", "x\n", BODY, "%%docker", "#"]), max_size=5))
def test_only_what_says_nothing_is_left_out(parts: list[str]) -> None:
    lines = "".join(parts).splitlines(keepends=True)
    kept = from_the_magic(lines)
    left_out = lines[: len(lines) - len(kept)]
    assert [*left_out, *kept] == lines
    assert all(not line.strip() or line.lstrip().startswith("#") for line in left_out)
