"""The classic store's overlay2 directories, as `docker inspect` names them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from helpers.engine.layers.layer_folder import LayerFolder
from helpers.engine.layers.layer_storage import LayerStorage
from helpers.model.image.digest import Digest
from helpers.model.text.answer_parts import lists_of, part_of, text_in


def overlay2_storage(inspected: Mapping[str, Any], info: Mapping[str, Any]) -> LayerStorage | None:
    """An image's layers in overlay2; None for another store, or one whose files are not whole.

    Without a native overlay diff the engine may keep renamed directories and changed rights apart
    from the files they belong to, and only its own archives say the truth.
    """
    driver = part_of(inspected, "GraphDriver")
    upper, lower = text_in(driver, "Data", "UpperDir"), text_in(driver, "Data", "LowerDir")
    is_whole = ["Native Overlay Diff", "true"] in lists_of(info, "DriverStatus")
    if text_in(driver, "Name") != "overlay2" or not upper or not is_whole:
        return None
    nearest_first = [upper, *(part for part in lower.split(":") if part)]
    folders = tuple(LayerFolder(Path(part)) for part in reversed(nearest_first))
    return LayerStorage(folders, partial(_config, folders[0].path, text_in(inspected, "Id")))


def _config(folder: Path, image_id: str) -> bytes:
    """The config of that ID, where the engine that has this layer keeps those of all images."""
    digest = Digest(image_id)
    configs = folder.parents[2] / "image" / "overlay2" / "imagedb" / "content"
    return (configs / digest.algorithm / digest.hex).read_bytes()
