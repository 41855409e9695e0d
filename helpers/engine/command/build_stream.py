"""A build by the docker command, told as the engine itself would tell it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from helpers.engine.build.progress import RAW
from helpers.engine.build.stream import Received
from helpers.engine.command.client_process import ClientProcess, Piece

OnPiece = Callable[[Piece], None]
_ERROR = "ERROR: "
_NOTICE = "DEPRECATED:"


class CommandStream:
    """Its lines of status become messages; all else that it says is handed on as it is.

    `is_raw` says that it tells its steps as JSON, on standard error; otherwise it builds in the
    classic way, and tells them as text. `made` says at its end which image came of it.
    """

    def __init__(
        self,
        process: ClientProcess,
        is_raw: bool,
        on_words: OnPiece,
        began: float,
        made: Callable[[], str],
    ) -> None:
        self._process = process
        self._is_raw = is_raw
        self._on_words = on_words
        self._began = began
        self._made = made
        self._words: list[str] = []
        self._begun = {True: "", False: ""}
        self.exit_code = 0

    def messages(self) -> Iterator[Received]:
        """What it tells, and an empty one ten times a second of silence."""
        for piece in self._process.pieces():
            if piece is None:
                yield Received(self._now())
                continue
            *lines, rest = (self._begun[piece.is_error] + piece.text).split("\n")
            self._begun[piece.is_error] = rest
            yield from self._messages([f"{line}\n" for line in lines], piece.is_error)
        for is_error, rest in self._begun.items():
            yield from self._messages([rest] if rest else [], is_error)
        self.exit_code = self._process.ended()
        if self.exit_code:
            yield Received(self._now(), {"error": self._error()})
        elif image := self._made():
            yield Received(self._now(), {"aux": {"ID": image}})
        yield Received(self._now())

    def stop(self) -> None:
        """Ends it, and with it the build on the engine."""
        self._process.stop()

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _messages(self, lines: list[str], is_error: bool) -> Iterator[Received]:
        for line in lines:
            message = self._message(line, is_error)
            if message is not None:
                yield Received(self._now(), message)
            else:
                self._words.append(line)
                self._on_words(Piece(line, is_error))

    def _message(self, line: str, is_error: bool) -> dict[str, Any] | None:
        if not self._is_raw:
            return None if is_error else {"stream": line}
        if not is_error or not line.startswith("{"):
            return None
        try:
            return {"id": RAW, "aux": dict(json.loads(line))}
        except (ValueError, TypeError):
            return None

    def _error(self) -> str:
        """The builder's error: the line that says so, or the last one."""
        lines = [line.strip() for line in self._words if line.strip()]
        marked = [line for line in lines if line.startswith(_ERROR)]
        plain = [line for line in lines if not line.startswith(_NOTICE)]
        chosen = (marked or plain or [f"docker ended with exit code {self.exit_code}"])[-1]
        return chosen.removeprefix(_ERROR).removeprefix("failed to build: ")
