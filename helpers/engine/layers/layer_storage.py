"""Where an engine keeps the layers of one image, and the image's config."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from helpers.engine.layers.layer_folder import LayerFolder
from helpers.errors import WorkbookError
from helpers.model.image.history import HistoryEntry, history_of_config

_UNREADABLE = (
    WorkbookError, OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class LayerStorage:
    """The directories of an image's layers, lowest first, and what reads its config."""

    folders: tuple[LayerFolder, ...]
    config: Callable[[], bytes] = field(repr=False, compare=False)

    def history(self) -> Sequence[HistoryEntry] | None:
        """The history in the engine's own copy of the config; None where it cannot be read."""
        try:
            return history_of_config(json.loads(self.config()))
        except _UNREADABLE:
            return None
