"""Text that came out of a container, shown as it is."""

from __future__ import annotations

from typing import Self

from helpers.outside import visible_repr


class Output(str):
    """A text that a cell shows as it is, without quotes; otherwise a str like any other."""

    __slots__ = ("command", "exit_code", "seconds")
    command: str
    exit_code: int | None
    seconds: float

    def __new__(
        cls, text: str, command: str = "", exit_code: int | None = None, seconds: float = 0.0
    ) -> Self:
        """The text with the command that gave it, how long that took and, where a process ended,
        its exit code.
        """
        output = super().__new__(cls, text)
        output.command = command
        output.exit_code = exit_code
        output.seconds = seconds
        return output

    @visible_repr
    def __repr__(self) -> str:
        text = self.rstrip("\n")
        return text if not self.exit_code else f"{text}\n(exit code {self.exit_code})".lstrip("\n")
