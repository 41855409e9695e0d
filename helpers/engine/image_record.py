"""What the engine says of an image, read alike from both of its kinds of image store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import APIClient

_SETTINGS = ("Cmd", "Entrypoint", "Env", "Labels", "User", "WorkingDir")
_SECOND = len("2026-11-26T20:10:03")


def unpacked_bytes(api: APIClient, found: Mapping[str, Any]) -> int:
    """What the layers of an inspected image take unpacked, as the engine counts them, in bytes.

    That is the sum of its history. The answer's own `Size` is the same with a classic store; with
    containerd's, newer engines count there what is packed. It is taken where the history has not
    every layer, as of images that were made without one.
    """
    layers = (found.get("RootFS") or {}).get("Layers") or ()
    history = api.history(found["Id"])
    if len(history) < len(layers):
        return int(found["Size"])
    return sum(int(entry.get("Size") or 0) for entry in history)


def is_made_of(found: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    """Whether an inspected image is the one with that config, whatever it has for an ID.

    An ID is the digest of the config in a classic store, and of a manifest in containerd's, which
    depends on how the layers are packed.
    """
    layers = (found.get("RootFS") or {}).get("Layers") or []
    if layers != (config.get("rootfs") or {}).get("diff_ids"):
        return False
    mine, theirs = found.get("Config") or {}, config.get("config") or {}
    when = str(found.get("Created") or "")[:_SECOND]
    return when == str(config.get("created") or "")[:_SECOND] and all(
        (mine.get(key) or None) == (theirs.get(key) or None) for key in _SETTINGS
    )
