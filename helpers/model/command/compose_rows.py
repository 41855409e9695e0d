"""What Compose tells of its progress: a row for each network, volume, image and container.

On a screen Compose writes such a row anew for each step, and what stands there in the end is the
last. In plain text each step is a line of its own, and those of several objects come in another
order in every run. Source: docker/compose, `progress`, as 2.40 and 5.6 print it.
"""

from __future__ import annotations

import re

_STEP = re.compile(r" (Network|Volume|Image|Container) (\S+) +(\S.*?) *")
# Until 5.0 an image is told by its service, or by its name alone.
_IMAGE = re.compile(r" (?:Service )?(\S+) +((?:Buil[dt]|Pull)\w*|Error .*?) *")
_KINDS = ("Network", "Volume", "Image", "Container")
_DIGITS = re.compile(r"(\d+)")


class ComposeRows:
    """The last row of each object; they are given out by kind, then by name."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, str], str] = {}

    def take(self, line: str) -> bool:
        """Whether that line is of progress; then it counts."""
        if match := _STEP.fullmatch(line.rstrip("\n")):
            kind, name, step = match.groups()
        elif match := _IMAGE.fullmatch(line.rstrip("\n")):
            kind, name, step = "Image", match[1], match[2]
        else:
            return False
        self._steps[kind, name] = step
        return True

    def give(self) -> str:
        """The rows since the last time, a line each."""
        ordered = sorted(self._steps, key=_order)
        lines = [f" {kind} {name}  {self._steps[kind, name]}\n" for kind, name in ordered]
        self._steps.clear()
        return "".join(lines)


def _order(row: tuple[str, str]) -> tuple[int, list[tuple[int, str]]]:
    """By kind, then by name, its numbers as numbers: web-2 before web-10."""
    kind, name = row
    parts = _DIGITS.split(name)
    return _KINDS.index(kind), [
        (int(part), "") if at % 2 else (0, part) for at, part in enumerate(parts)
    ]
