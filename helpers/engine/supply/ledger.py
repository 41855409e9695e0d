"""Which images the workbook brought to which engine, so that clean-up removes just those."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpers.engine.base.disk_answers import written_to
from helpers.engine.base.folders import state_dir
from helpers.model.supply.supply import Source, Supplied

_HOLDS_SECONDS = 24 * 60 * 60
# Ledgers keep for years what an earlier version wrote into them.
_FORMER_SOURCES = {"ROOM": Source.SERVER.name}


@dataclass(frozen=True)
class LedgerEntry:
    """One image that was brought; `at` is in seconds since 1970, `source` a Source's name."""

    at: float
    engine: str
    name: str
    image_id: str
    source: str


def announce(engine_id: str, name: str, source: Source) -> None:
    """Writes down that an image of that name, which was free, is about to be made there."""
    _append(LedgerEntry(time.time(), engine_id, name, "", source.name))


def record(engine_id: str, supplied: Supplied) -> None:
    """Writes down that this image was brought to that engine."""
    _append(
        LedgerEntry(time.time(), engine_id, supplied.name, supplied.image_id, supplied.source.name)
    )


def _append(entry: LedgerEntry) -> None:
    path = ledger_file()
    line = json.dumps(asdict(entry))
    with written_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"\n{line}\n".encode())
        finally:
            os.close(descriptor)


def supplied(engine_id: str | None = None) -> list[LedgerEntry]:
    """What was brought to that engine, or to any, oldest first; damaged lines are passed over."""
    return [entry for entry in _entries(engine_id) if entry.image_id]


def unfinished(engine_id: str) -> set[str]:
    """The names of what was to be made there within the last day and was not recorded since."""
    last = {entry.name: entry for entry in _entries(engine_id)}
    return {
        name
        for name, entry in last.items()
        if not entry.image_id and 0 <= time.time() - entry.at < _HOLDS_SECONDS
    }


def _entries(engine_id: str | None) -> list[LedgerEntry]:
    try:
        lines = ledger_file().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    entries = [entry for line in lines if (entry := _entry(line))]
    return [entry for entry in entries if engine_id in (None, entry.engine)]


def ledger_file() -> Path:
    """Where it is written."""
    return state_dir() / "supplied.jsonl"


def _entry(line: str) -> LedgerEntry | None:
    try:
        document: dict[str, Any] = json.loads(line)
        engine, name, image_id = (str(document[key]) for key in ("engine", "name", "image_id"))
        source = str(document["source"])
        return LedgerEntry(
            float(document["at"]), engine, name, image_id, _FORMER_SOURCES.get(source, source)
        )
    except (ValueError, LookupError, TypeError):
        return None
