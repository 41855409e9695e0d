"""The states of a container; its exit codes, and its way through the states, in words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class State(StrEnum):
    """What a container is; all but REMOVED are the words of `docker ps --all`."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    EXITED = "exited"
    DEAD = "dead"
    REMOVED = "removed"

    @classmethod
    def from_status(cls, status: str) -> State:
        """The state for the engine's word; `removing` counts as exited until it is done."""
        return cls(status) if status in list(cls) else cls.EXITED


_LAST_SIGNAL = 64
SIGNALS = {1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 6: "SIGABRT", 9: "SIGKILL", 11: "SIGSEGV",
           10: "SIGUSR1", 12: "SIGUSR2", 15: "SIGTERM"}  # fmt: skip


def signal_name(number: int) -> str:
    """The name of a Linux signal, whatever system this runs on: 9 is SIGKILL."""
    return SIGNALS.get(number, f"signal {number}")


def exit_meaning(code: int) -> str:
    """What an exit code says by Docker's and the shell's convention."""
    if 128 < code <= 128 + _LAST_SIGNAL:
        return f"128 + {code - 128}: ended by {signal_name(code - 128)}"
    words = {0: "no error", 126: "the command could not be run", 127: "no such command"}
    return words.get(code, "an error of its own")


def path_in_words(states: Sequence[State], longest: int = 9) -> str:
    """The states in order with arrows between; of a long path the end."""
    shown = [state.value for state in states[-longest:]]
    return " → ".join(["…", *shown] if len(states) > longest else shown)
