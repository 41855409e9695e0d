"""Layers in the engine's own storage, read where they lie, where this process can read them.

An engine spends most of a `docker save` on staging copies of its layers, and the transfer comes
on top. Where the storage is local, its directories say the same in a fraction of the time: no
content needs to be read, since the file system knows the sizes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from helpers.engine.layers.containerd_store import containerd_storage
from helpers.engine.layers.layer_folder import may_read_marks
from helpers.engine.layers.layer_storage import LayerStorage
from helpers.engine.layers.overlay2_store import overlay2_storage
from helpers.model.text.answer_parts import texts_of

# An engine under other user numbers stores them in place of those that the image has.
_OTHER_NUMBERS = ("name=userns", "name=rootless")


def storage_of(
    inspected: Mapping[str, Any], ask_info: Callable[[], Mapping[str, Any]]
) -> LayerStorage | None:
    """Where the layers of an image lie, by what `docker inspect` and `docker info` say.

    None where this process cannot read all of it, or what lies there is not what the image says.
    """
    layers = texts_of(inspected, "RootFS", "Layers")
    if sys.platform != "linux" or not layers or not may_read_marks():
        return None
    info = ask_info()
    if _has_other_numbers(info):
        return None
    try:
        storage = overlay2_storage(inspected, info) or containerd_storage(inspected, info)
    except OSError:
        return None
    if storage is None or len(storage.folders) != len(layers):
        return None
    return storage if all(folder.is_readable for folder in storage.folders) else None


def _has_other_numbers(info: Mapping[str, Any]) -> bool:
    options = texts_of(info, "SecurityOptions")
    return any(option.split(",")[0] in _OTHER_NUMBERS for option in options)
