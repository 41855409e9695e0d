"""What is kept of Compose's progress in a cell."""

from __future__ import annotations

import pytest

from helpers.engine.command.client_process import Piece
from helpers.notebook.compose_screen import ComposeScreen

PROGRESS = " Container web  Creating\n Container db  Creating\n Container db  Created\n"
ROWS = " Container db  Created\n Container web  Creating\n"


def shown(pieces: list[tuple[str, bool]], is_live: bool = False) -> list[tuple[str, bool]]:
    """What is shown of these."""
    seen: list[tuple[str, bool]] = []
    screen = ComposeScreen(seen.append, is_live)
    for text, is_error in pieces:
        screen.take(Piece(text, is_error))
    screen.end()
    return seen


def screen_of(text: str) -> str:
    """What a terminal has in the end, of lines that are written over."""
    return "\n".join(line.rpartition("\r")[2] for line in text.split("\n"))


def test_rows_stand_ahead_of_what_is_said_next() -> None:
    assert shown([(PROGRESS, True), ("out\n", False)]) == [(ROWS, False), ("out\n", False)]
    assert shown([(PROGRESS, True), ("no such\n", True)]) == [(ROWS, False), ("no such\n", True)]


@pytest.mark.parametrize("at", range(0, len(PROGRESS), 7))
def test_a_line_may_come_in_pieces(at: int) -> None:
    assert shown([(PROGRESS[:at], True), (PROGRESS[at:], True)]) == [(ROWS, False)]


def test_a_line_without_an_end_is_shown() -> None:
    assert shown([("error", True)]) == [("error", True)]


def test_a_live_line_leaves_nothing() -> None:
    pieces = [(PROGRESS, True), ("said\n", True), (PROGRESS, True)]
    live = shown(pieces, is_live=True)
    assert any("Container web  Creating" in text for text, _ in live[:-1])
    still = "".join(text for text, _ in shown(pieces))
    assert screen_of("".join(text for text, _ in live)) == still
