"""Where a text stands in an image."""

from __future__ import annotations

from typing import Literal, NamedTuple

from helpers.outside import visible_line, visible_repr


class TextMatch(NamedTuple):
    """A file of a layer (hidden or not), an instruction of the history, or a setting that has it.

    `instruction` is the one that brought it; "" for a setting. `path` is "" but for a file.
    """

    kind: Literal["file", "history", "setting"]
    instruction: str = ""
    path: str = ""

    @visible_repr
    def __repr__(self) -> str:
        if self.kind == "setting":
            return "in the image's settings"
        what = f"in /{self.path}, brought by" if self.path else "in the history, at"
        return visible_line(f"{what} `{self.instruction}`")
