"""How large an image is, told alike of both kinds of image store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import APIClient


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
