"""What a program in a container says, its two outputs apart, bounded in time and bytes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.exec_output import STDERR, exec_exit_code, exec_frames, prepared_exec
from helpers.engine.isolation.shell import within
from helpers.errors import EngineError, EngineGone

if TYPE_CHECKING:
    from docker import DockerClient

MOST_BYTES = 16_384
MOST_SECONDS = 20
# What is tried is the target itself, not the proxy that a container may have been given.
_NO_PROXY = {"http_proxy": "", "HTTP_PROXY": ""}
# What runc and crun say of a program that the container has not, and what the engine ends with.
_NO_PROGRAM = ("executable file not found", "no such file or directory", "applet not found")
_NO_PROGRAM_CODES = (126, 127)


@dataclass
class Heard:
    """What it wrote so far; `exit_code` is None where nobody waited for its end."""

    output: bytearray = field(default_factory=bytearray)
    errors: bytearray = field(default_factory=bytearray)
    exit_code: int | None = None

    @property
    def body(self) -> str:
        """Its standard output."""
        return self.output.decode("utf-8", "replace")

    @property
    def words(self) -> str:
        """Its standard error."""
        return self.errors.decode("utf-8", "replace")

    @property
    def is_silent(self) -> bool:
        """Whether nothing came in all that time."""
        return self.exit_code is None and not len(self)

    def __len__(self) -> int:
        return len(self.output) + len(self.errors)


def heard(client: DockerClient, container: str, words: Sequence[str]) -> Heard | None:
    """What that program says in the container in 20 seconds; None where it has no such program.

    Raises EngineError where the engine refuses it, EngineGone where that itself does not answer.
    """
    spoken = Heard()

    def ask() -> None:
        made = prepared_exec(client, container, words, environment=_NO_PROXY)
        if _is_whole(client, made, spoken):
            spoken.exit_code = exec_exit_code(client, made)

    try:
        within(MOST_SECONDS, ask, f"docker exec {container[:12]} {words[0]}")
    except EngineGone:
        with translated("docker version"):
            client.ping()
    except EngineError as error:
        if _is_no_program(error.answer):
            return None
        raise
    missing = spoken.exit_code in _NO_PROGRAM_CODES and _is_no_program(spoken.words + spoken.body)
    return None if missing else spoken


def _is_whole(client: DockerClient, made: str, spoken: Heard) -> bool:
    """Whether all that it writes was heard, or as much as is wanted."""
    with closing(exec_frames(client, made)) as frames:
        for kind, piece in frames:
            (spoken.errors if kind == STDERR else spoken.output).extend(piece)
            if len(spoken) > MOST_BYTES:
                return False
    return True


def _is_no_program(words: str) -> bool:
    return any(mark in words.lower() for mark in _NO_PROGRAM)
