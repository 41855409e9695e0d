"""What the config of an image says: its labels, and whether an engine's image is the one it tells.

Source: the OCI image specification, config.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.errors import UnreadableImage
from helpers.model.image.platform import Platform
from helpers.model.text.json_document import parsed_json

_SETTINGS = ("Cmd", "Entrypoint", "Env", "Labels", "User", "WorkingDir")
_SECOND = len("2026-11-26T20:10:03")
_NEVER = "0001-01-01T00:00:00"


def labels_in(config: bytes) -> dict[str, str]:
    """The labels in the bytes of a config; raises UnreadableImage where they are none."""
    try:
        document: Any = parsed_json(config)
        labels = (document.get("config") or {}).get("Labels") or {}
        return {str(name): str(value) for name, value in labels.items()}
    except (ValueError, AttributeError):
        raise UnreadableImage("The image's config makes no sense.", "Fetch it again.") from None


def platform_in(config: bytes) -> Platform | None:
    """The platform that a config says its image is for; None where it says none."""
    try:
        return Platform.described(parsed_json(config))
    except ValueError:
        return None


def is_made_of(inspected: Mapping[str, Any], config: bytes) -> bool:
    """Whether an image that the engine describes is the one with that config, whatever its ID.

    An ID is the digest of the config in a classic store, and of a manifest in containerd's, which
    depends on how the layers are packed. False where the bytes are no config.
    """
    try:
        return _identity(inspected, "Layers", "RootFS", "Config", "Created") == _identity(
            parsed_json(config), "diff_ids", "rootfs", "config", "created"
        )
    except (ValueError, AttributeError, TypeError):
        return False


def _identity(
    document: Any, layers: str, files: str, settings: str, created: str
) -> tuple[Any, ...]:
    """Its layers, the second in which it was made, and how it starts, under these names."""
    chosen = document.get(settings) or {}
    return (
        list((document.get(files) or {}).get(layers) or ()),
        _second(document.get(created)),
        *(chosen.get(name) or None for name in _SETTINGS),
    )


def _second(time: object) -> str:
    """A time to the second; empty for none, which an engine tells as the first of all years."""
    second = str(time or "")[:_SECOND]
    return "" if second == _NEVER else second
