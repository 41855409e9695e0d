"""What earlier builds were made of, kept in the user's state folder.

So a build after a restart of the kernel can still say what changed: the engine's cache outlives
the kernel, too. Contents and values of arguments are kept as digests only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpers.engine.base.folders import state_dir
from helpers.model.build.inputs import BuildInputs, FileStamp

KEPT = 64
Keys = tuple[str, ...]


def keys_of(engine: str, tag: str, dockerfile: Path | None, folder: Path | None) -> Keys:
    """By what a build is known again, the best first: its tag, its Dockerfile, its folder."""
    keys = [("tag", tag), ("dockerfile", dockerfile), ("folder", folder)]
    return tuple(f"{engine} {kind} {value}" for kind, value in keys if value)


def recall(keys: Keys) -> BuildInputs | None:
    """What the last build with the first of these keys that is known was made of."""
    for key in keys:
        with suppress(OSError, ValueError, TypeError, LookupError, AttributeError):
            pointed = _read(_file(key))
            return _inputs(pointed if "dockerfile" in pointed else _read(_file(str(pointed["at"]))))
    return None


def remember(keys: Keys, inputs: BuildInputs) -> None:
    """Keeps what a build was made of; failing to do so harms nothing."""
    if not keys:
        return
    with suppress(OSError):
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(_file(keys[0]), {**vars(inputs), "files": dict(inputs.files)})
        for key in keys[1:]:
            _write(_file(key), {"at": keys[0]})
        _forget_oldest()


def _inputs(data: Mapping[str, Any]) -> BuildInputs:
    files = {path: FileStamp(*stamp) for path, stamp in data["files"].items()}
    return BuildInputs(**{**data, "files": files})


def _folder() -> Path:
    return state_dir() / "builds"


def _file(key: str) -> Path:
    return _folder() / f"{sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.json"


def _read(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError("not what was written")
    return data


def _write(path: Path, data: Mapping[str, Any]) -> None:
    fresh = path.with_suffix(f".{time.monotonic_ns()}.new")
    fresh.write_text(json.dumps(data), encoding="utf-8")
    fresh.replace(path)


def _forget_oldest() -> None:
    files = sorted(_folder().glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in files[:-KEPT]:
        path.unlink(missing_ok=True)
