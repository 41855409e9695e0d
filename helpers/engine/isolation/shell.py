"""Commands run in a container by `exec`, bounded in time and bytes whoever answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from helpers.engine.base.answers import translated
from helpers.engine.base.exec_output import exec_exit_code, exec_pieces, prepared_exec
from helpers.errors import EngineError, EngineGone

if TYPE_CHECKING:
    from docker import DockerClient

ANSWER_SECONDS = 20
MOST_BYTES = 65_536
BUSYBOX = "/bin/busybox"
Value = TypeVar("Value")


@dataclass(frozen=True)
class Answered:
    """What a command printed, and its exit code; None where it was cut off at the limit."""

    output: str
    exit_code: int | None

    @property
    def is_good(self) -> bool:
        """Whether it ended, and well."""
        return self.exit_code == 0


def answered(
    client: DockerClient,
    container: str,
    words: Sequence[str],
    user: str = "",
    most_bytes: int = MOST_BYTES,
) -> Answered:
    """What that command prints in the container, so many bytes at most.

    Raises EngineError where the engine refuses it, and EngineGone where no end comes in 20 s.
    """

    def ask() -> Answered:
        made = prepared_exec(client, container, words, user=user)
        text, is_whole = _read(client, made, most_bytes)
        code = exec_exit_code(client, made) if is_whole else None
        return Answered(text.decode("utf-8", "replace"), code)

    return within(ANSWER_SECONDS, ask, f"docker exec {container[:12]} {words[0]}")


def start_beside(client: DockerClient, container: str, words: Sequence[str], user: str) -> None:
    """Starts that command in the container and leaves it running; raises EngineError."""

    def ask() -> None:
        made = prepared_exec(client, container, words, user=user, stdout=False, stderr=False)
        client.api.exec_start(made, detach=True)

    within(ANSWER_SECONDS, ask, f"docker exec --detach {container[:12]} {words[0]}")


def within(seconds: float, work: Callable[[], Value], command: str) -> Value:
    """What the work comes to; an engine's stream can wait for ever, so it has a thread.

    Raises EngineGone where it takes longer, and the workbook's errors for the SDK's.
    """
    values: list[Value] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            values.append(work())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="walls of containers", daemon=True)
    thread.start()
    thread.join(seconds)
    if values:
        return values[0]
    if not errors:
        raise EngineGone(
            f"`{command}` has not ended in {seconds:g} seconds.", "Try it again.", command=command
        )
    with translated(command):
        raise errors[0]


def _read(client: DockerClient, made: str, most_bytes: int) -> tuple[bytes, bool]:
    """What comes, and whether that is all of it."""
    text = b""
    with closing(exec_pieces(client, made)) as pieces:
        for piece in pieces:
            text += piece
            if len(text) > most_bytes:
                return text[:most_bytes], False
    return text, True


def refusal_in(error: EngineError) -> str:
    """The last two causes in what an engine refused something with, on one line."""
    answer = " ".join((error.answer or error.message).split()).removesuffix(": unknown")
    return ": ".join(answer.split(": ")[-2:])
