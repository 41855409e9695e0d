"""How far the reading of an image's layers has got."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class LayerProgress:
    """How far one layer is read; `index` is its position among the history's entries, from 0.

    Where the source does not tell which layer is coming, diff_id is "", index -1, and the bytes
    are those of all layers together. `total_bytes` is None where nobody knows it.
    """

    diff_id: str
    index: int
    done_bytes: int
    total_bytes: int | None = None
    finished: bool = False


OnProgress = Callable[[LayerProgress], None]
