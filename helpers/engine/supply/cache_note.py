"""Where the workbook's cache of Docker Hub listens, noted while there is one."""

from __future__ import annotations

from pathlib import Path

from helpers.engine.base.folders import state_dir


def noted_cache() -> str:
    """Its address; empty where there is none."""
    try:
        return _file().read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def note_cache(address: str) -> None:
    """Notes the address, from which images are asked for first from now on; '' forgets it."""
    if address:
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text(f"{address}\n", encoding="utf-8")
    else:
        _file().unlink(missing_ok=True)


def _file() -> Path:
    return state_dir() / "cache-address"
