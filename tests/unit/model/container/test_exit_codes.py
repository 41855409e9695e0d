"""What an exit code says: signals are 1 to 64 (signal(7)), so 255 is none."""

from __future__ import annotations

import pytest

from helpers.model.container.state import exit_meaning


@pytest.mark.parametrize(
    ("code", "says"),
    [(0, "no error"), (3, "of its own"), (127, "no such command"), (137, "ended by SIGKILL"),
     (192, "signal 64"), (193, "of its own"), (255, "of its own")],
)  # fmt: skip
def test_an_exit_code_in_words(code: int, says: str) -> None:
    assert says in exit_meaning(code)
