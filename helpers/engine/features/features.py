"""What this engine and its kernel can do: tried once for each boot, then read from a file."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_identity import identity_of
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.folders import state_dir
from helpers.engine.features.container_probes import probe_features
from helpers.model.features.feature import TITLES, Features
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient

_KEPT_ENGINES = 20
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def features_of(client: DockerClient, *, refresh: bool = False) -> Features:
    """The features by name (see TITLES in helpers/model/features/feature.py), tried now if need be.

    Known ones cost one request; trying takes some seconds. Raises EngineError where the engine
    does not answer or does not run a container.
    """
    with translated("docker info"):
        key = key_of(info_of(client))
    known = None if refresh else _known(_read().get(key))
    return known or _kept(key, probe_features(client))


def key_of(info: dict[str, Any]) -> str:
    """What the answers depend on: engine, its version, kernel, boot, and who is asking."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    parts = (
        identity_of(info),
        text_in(info, "ServerVersion"),
        text_in(info, "KernelVersion"),
        _boot(),
        user,
    )
    return " ".join(str(part) for part in parts)


def _boot() -> str:
    try:
        return _BOOT.read_text(encoding="utf-8").strip()
    except OSError:
        return "-"


def _known(data: object) -> Features | None:
    """The kept features; None where they are damaged or of another set of probes."""
    try:
        kept = Features.from_data(data)
    except ValueError:
        return None
    return kept if tuple(kept) == tuple(TITLES) else None


def _kept(key: str, features: Features) -> Features:
    """The same features, written to the file, from which the oldest engines are dropped."""
    entries = _read()
    entries.pop(key, None)
    newest = [*entries.items(), (key, features.to_data())][-_KEPT_ENGINES:]
    # A home that cannot be written to costs a second try next time, nothing else.
    with contextlib.suppress(OSError):
        _write(dict(newest))
    return features


def _file() -> Path:
    return state_dir() / "features.json"


def _read() -> dict[str, Any]:
    try:
        content = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(entries: dict[str, Any]) -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.write_text(json.dumps(entries, indent=1, ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)
