"""Where a text stands in an image."""

from __future__ import annotations

from typing import Literal, NamedTuple


class TextMatch(NamedTuple):
    """A file of a layer (hidden or not), an instruction of the history, or a setting that has it.

    `instruction` is the one that brought it; "" for a setting. `path` is "" but for a file.
    """

    kind: Literal["file", "history", "setting"]
    instruction: str = ""
    path: str = ""

    def __repr__(self) -> str:
        if self.kind == "setting":
            return "in the image's settings"
        what = f"in /{self.path}, brought by" if self.path else "in the history, at"
        return f"{what} `{self.instruction}`"
