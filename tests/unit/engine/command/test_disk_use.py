"""`docker system df` while layers come and go; the words are 28.5's."""

from __future__ import annotations

import pytest

from helpers.engine.command import disk_use
from helpers.engine.command.build_stream import OnPiece
from helpers.engine.command.client_process import Piece
from helpers.errors import CommandFailed
from helpers.model.command.cell_words import cell_words
from helpers.model.command.typed_command import typed_command
from helpers.model.text.output import Output

GONE = "Error response from daemon: NotFound: snapshot sha256:1ed0 does not exist: not found"


@pytest.mark.parametrize(
    ("answers", "is_well", "words"),
    [
        (["TYPE"], True, ["TYPE"]),
        ([GONE, GONE, "TYPE"], True, ["TYPE"]),
        ([GONE] * 9, False, [GONE]),
        (["another fault", "TYPE"], False, ["another fault"]),
    ],
)
def test_it_is_asked_again_only_where_a_layer_went(
    monkeypatch: pytest.MonkeyPatch, answers: list[str], is_well: bool, words: list[str]
) -> None:
    monkeypatch.setattr(disk_use, "_PAUSE_SECONDS", 0)
    left = iter(answers)

    def run(on_words: OnPiece) -> Output:
        answer = next(left)
        on_words(Piece(answer, answer != "TYPE"))
        if answer != "TYPE":
            raise CommandFailed("no", answer=answer, exit_code=1)
        return Output(answer)

    pieces: list[Piece] = []
    if is_well:
        assert disk_use.counted_again(run, pieces.append) == "TYPE"
    else:
        with pytest.raises(CommandFailed):
            disk_use.counted_again(run, pieces.append)
    assert [piece.text for piece in pieces] == words


@pytest.mark.parametrize(
    ("line", "is_it"),
    [("system df", True), ("system df -v", True), ("system info", False), ("ps", False)],
)
def test_what_is_asked_again(line: str, is_it: bool) -> None:
    assert disk_use.is_disk_use(typed_command(cell_words(line))) is is_it
