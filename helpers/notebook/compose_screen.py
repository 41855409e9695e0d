"""Compose's progress in a cell: in the end the rows that a screen shows, until then one line."""

from __future__ import annotations

from helpers.engine.command.build_stream import OnPiece
from helpers.engine.command.client_process import Piece
from helpers.model.command.compose_rows import ComposeRows

_WIDEST = 78


class ComposeScreen:
    """Holds back what is of progress, and shows its rows ahead of whatever else is said.

    Compose tells its progress on standard error, which a cell shows as if something was wrong; here
    it is shown as other output. With `is_live`, the newest step stands in a line that is written
    over and leaves nothing: what is kept of a cell is the same in every run.
    """

    def __init__(self, show: OnPiece, is_live: bool) -> None:
        self._show = show
        self._is_live = is_live
        self._rows = ComposeRows()
        self._begun = ""
        self._width = 0

    def take(self, piece: Piece) -> None:
        """Shows that piece, but for what is of progress."""
        if not piece.is_error:
            if piece.text:
                self._give()
            self._show(piece)
            return
        *lines, self._begun = (self._begun + piece.text).split("\n")
        for line in lines:
            self._take(f"{line}\n")

    def end(self) -> None:
        """Shows all that is left."""
        if self._begun:
            self._take(self._begun)
        self._begun = ""
        self._give()

    def _take(self, line: str) -> None:
        if not self._rows.take(line):
            self._give()
            self._show(Piece(line, is_error=True))
        elif self._is_live:
            text = line.strip()[:_WIDEST]
            self._show(Piece(f"\r{text.ljust(self._width)}", is_error=False))
            self._width = max(self._width, len(text))

    def _give(self) -> None:
        rows = self._rows.give()
        blank = f"\r{' ' * self._width}\r" if self._width else ""
        self._width = 0
        if blank or rows:
            self._show(Piece(f"{blank}{rows}", is_error=False))
