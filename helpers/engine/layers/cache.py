"""What was read of layers and images before, kept for ever under diff-ids and image ids.

Neither ever changes: each names its content. A file that is damaged, by a full disk or by hand,
is deleted and the layer read anew.
"""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from helpers.engine.base.folders import cache_dir
from helpers.engine.layers.layer_codec import decoded, encoded
from helpers.model.image.digest import Digest
from helpers.model.image.history import HistoryEntry
from helpers.model.layers.layer_files import LayerFiles

# Another format is another number: what older workbooks kept is then not looked at.
FORMAT = b"layer files 1\n"
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, zlib.error, RecursionError)


def load(diff_id: str) -> LayerFiles | None:
    """The files of a layer, or None where they are not kept, or were damaged."""
    path = _path(diff_id, "files")
    if (payload := _payload(path)) is None:
        return None
    try:
        return decoded(payload)
    except _UNREADABLE:
        _drop(path)
        return None


def save(diff_id: str, files: LayerFiles) -> None:
    """Keeps the files of a layer; where nothing can be written, they are read again next time."""
    _write(_path(diff_id, "files"), encoded(files))


def load_history(image_id: str) -> tuple[HistoryEntry, ...] | None:
    """The history of an image from its own config, or None where it is not kept."""
    path = _path(image_id, "history")
    if (payload := _payload(path)) is None:
        return None
    try:
        return tuple(HistoryEntry(*row) for row in json.loads(payload))
    except _UNREADABLE:
        _drop(path)
        return None


def save_history(image_id: str, history: Sequence[HistoryEntry]) -> None:
    """Keeps the history of an image."""
    rows = [[entry.created_by, entry.is_empty, entry.comment] for entry in history]
    _write(_path(image_id, "history"), json.dumps(rows).encode())


def _path(digest: str, kind: str) -> Path:
    """The file for a digest; raises UnreadableImage for what cannot be checked, or is none."""
    name = Digest(digest).replace(":", "-")
    return cache_dir() / "layers" / f"{name}.{kind}"


def _payload(path: Path) -> bytes | None:
    """What was kept, where its checksum is right."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    head = len(FORMAT) + sha256().digest_size
    if data[: len(FORMAT)] != FORMAT or sha256(data[head:]).digest() != data[len(FORMAT) : head]:
        _drop(path)
        return None
    return data[head:]


def _write(path: Path, payload: bytes) -> None:
    """Keeps the payload at once and whole, or not at all."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(FORMAT + sha256(payload).digest() + payload)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _drop(path: Path) -> None:
    """Deletes what is damaged."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
