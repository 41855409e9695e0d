"""`docker system df`, asked again where a layer went away while the engine counted.

With containerd's store layers are cleared away a moment after a build, and the whole answer fails
with the first that is gone.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from helpers.engine.command.build_stream import OnPiece
from helpers.engine.command.client_process import Piece
from helpers.errors import CommandFailed
from helpers.model.build.failure import is_lost_snapshot
from helpers.model.command.typed_command import TypedCommand
from helpers.model.text.output import Output

_TRIES = 5
_PAUSE_SECONDS = 0.5


def is_disk_use(command: TypedCommand) -> bool:
    """Whether it is that command."""
    return command.verb == "system" and command.rest[:1] == ("df",)


def counted_again(run: Callable[[OnPiece], Output], on_words: OnPiece) -> Output:
    """What it says in the end; only the words of the last try are handed on."""
    failed: CommandFailed | None = None
    for _ in range(_TRIES):
        pieces: list[Piece] = []
        try:
            output = run(pieces.append)
        except CommandFailed as error:
            failed = error
            if is_lost_snapshot(error.answer):
                time.sleep(_PAUSE_SECONDS)
                continue
        else:
            failed = None
        break
    for piece in pieces:
        on_words(piece)
    if failed:
        raise failed
    return output
