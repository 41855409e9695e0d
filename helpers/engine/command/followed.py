"""A command that runs, followed to its end."""

from __future__ import annotations

import time
from typing import NamedTuple

from helpers.engine.command.build_stream import OnPiece
from helpers.engine.command.client_process import ClientProcess
from helpers.errors import Interrupted


class Ending(NamedTuple):
    """What a command said and printed, how it ended, and when."""

    words: str
    printed: str
    line: str
    code: int
    seconds: float


def followed(process: ClientProcess, line: str, on_words: OnPiece, step: str) -> Ending:
    """How it ended; what it says is handed on as it comes.

    Raises Interrupted, with that next step, once the process has ended too.
    """
    began = time.monotonic()
    output: dict[bool, list[str]] = {True: [], False: []}
    try:
        for piece in process.pieces():
            if piece is not None:
                output[piece.is_error].append(piece.text)
                on_words(piece)
    except KeyboardInterrupt:
        process.stop()
        raise Interrupted(f"`{line}` was interrupted.", step) from None
    except BaseException:
        process.stop()
        raise
    code = process.ended()
    seconds = time.monotonic() - began
    return Ending("".join(output[True]), "".join(output[False]), line, code, seconds)
