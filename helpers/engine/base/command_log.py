"""The commands that this session stands for, in order, ready to be typed again."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.outside import visible_repr


class CommandLog:
    """Every `docker …` line so far; shown one to a line."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, line: str) -> str:
        """The line itself, now kept."""
        self._lines.append(line)
        return line

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, index: int) -> str:
        return self._lines[index]

    @visible_repr
    def __repr__(self) -> str:
        return "\n".join(f"$ {line}" for line in self._lines) or "no commands yet"
