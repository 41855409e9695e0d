"""The labels that an image carries, as its config says them.

Source: the OCI image specification, config.md.
"""

from __future__ import annotations

import json
from typing import Any

from helpers.errors import UnreadableImage


def labels_in(config: bytes) -> dict[str, str]:
    """The labels in the bytes of a config; raises UnreadableImage where they are none."""
    try:
        said: Any = json.loads(config)
        labels = (said.get("config") or {}).get("Labels") or {}
        return {str(name): str(value) for name, value in labels.items()}
    except (ValueError, AttributeError, RecursionError):
        raise UnreadableImage("The image's config makes no sense.", "Fetch it again.") from None
