"""A blob that is fetched from where an earlier try broke off, and checked by its digest.

Standard library only: a machine's first start may fetch its Python packages so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from helpers.engine.bundle.blobs import stretch
from helpers.errors import RegistryGone, WrongDigest
from helpers.model.image.descriptor import Descriptor
from helpers.model.text.units import format_bytes

TRIES = 8
_PAUSE_SECONDS = 0.5
# The bytes of a blob from there on; raises RegistryGone where they break off, and ValueError
# before the first where only the whole blob is given.
ReadFrom = Callable[[int], Iterator[bytes]]
OnBytes = Callable[[int, int], None]


def fetch_blob(read: ReadFrom, blob: Descriptor, path: Path, on_bytes: OnBytes) -> None:
    """The blob is in the file of that path; until it is whole it has another name.

    Raises RegistryGone where the connection breaks off again and again, WrongDigest.
    """
    part = path.with_suffix(".part")
    part.touch()
    for left in reversed(range(TRIES)):
        before = part.stat().st_size
        try:
            _append(read, blob, part, on_bytes)
            break
        except RegistryGone:
            grown = part.stat().st_size > before
            if not left or not (grown or left >= TRIES - 3):
                raise
            time.sleep(_PAUSE_SECONDS)
    _check(blob, part)
    part.replace(path)


def _check(blob: Descriptor, part: Path) -> None:
    """Returns when the bytes are the blob's; else they are removed, and WrongDigest is raised."""
    verifier = blob.digest.verifier()
    for chunk in stretch(part, 0, part.stat().st_size):
        verifier.update(chunk)
    if not verifier.is_verified:
        part.unlink()
        raise WrongDigest("other bytes came than the digest says", "Try again.")


def _append(read: ReadFrom, blob: Descriptor, part: Path, on_bytes: OnBytes) -> None:
    """What is missing of a blob, fetched; all of it anew where the server gives no parts."""
    have = part.stat().st_size
    if have >= blob.size_bytes:
        return
    with part.open("ab") as file:
        try:
            _write(read(have), blob, file, on_bytes)
        except ValueError:
            file.seek(0)
            file.truncate()
            _write(read(0), blob, file, on_bytes)


def _write(chunks: Iterator[bytes], blob: Descriptor, file: BinaryIO, on_bytes: OnBytes) -> None:
    """The chunks behind what the file has; raises WrongDigest where the blob grows too large."""
    for chunk in chunks:
        if file.tell() + len(chunk) > blob.size_bytes:
            file.truncate(0)
            size = format_bytes(blob.size_bytes)
            raise WrongDigest(f"more came of a blob than the {size} it should have", "Try again.")
        file.write(chunk)
        on_bytes(file.tell(), blob.size_bytes)
