"""How far the making of a tree has got."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.model.text.units import format_bytes


@dataclass(frozen=True)
class TreeProgress:
    """What is being done, and of how many bytes; `total_bytes` is 0 where nothing is counted."""

    stage: str
    detail: str = ""
    done_bytes: int = 0
    total_bytes: int = 0

    @property
    def words(self) -> str:
        """For a line on the screen: 'fetching containerd (34.1 MB of 106 MB)'."""
        what = f"{self.stage} {self.detail}".strip()
        if not self.total_bytes:
            return what
        return f"{what} ({format_bytes(self.done_bytes)} of {format_bytes(self.total_bytes)})"
