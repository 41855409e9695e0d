"""What is written beside a tree: where it is from, and each of its files."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

from helpers.engine.debian.unpacking import Entry

NAME = "tree.json"


@dataclass(frozen=True)
class TreeRecord:
    """A tree: `asked` is the suite as the recipe names it, `suite` Debian's name for it."""

    recipe: str
    asked: str
    suite: str
    architecture: str
    versions: Mapping[str, str]
    note: str
    entries: Mapping[str, Entry]

    @classmethod
    def read(cls, folder: Path) -> TreeRecord | None:
        """The record of the tree in that folder; None where there is none that can be read."""
        try:
            return cls.parse((folder / NAME).read_bytes())
        except OSError:
            return None

    @classmethod
    def parse(cls, text: bytes) -> TreeRecord | None:
        """The record in these bytes; None where they are none."""
        try:
            fields = json.loads(text)
            entries = {path: _entry(value) for path, value in fields.pop("entries").items()}
            return cls(**fields, entries=entries)
        except (ValueError, LookupError, TypeError, AttributeError):
            return None

    def write(self, folder: Path) -> None:
        """It stands in the folder, for good."""
        with (folder / NAME).open("x", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=0)
            file.flush()
            os.fsync(file.fileno())

    def is_whole(self, folder: Path) -> bool:
        """Whether each file and link is there, as long as it was (milliseconds)."""
        return all(_is_there(folder / path, entry) for path, entry in self.entries.items())

    def is_unchanged(self, folder: Path) -> bool:
        """Whether each file has the bytes that it had, too (seconds)."""
        files = {path: entry for path, entry in self.entries.items() if not isinstance(entry, str)}
        try:
            return self.is_whole(folder) and all(
                _digest(folder / path) == entry[1] for path, entry in files.items()
            )
        except OSError:
            return False


def _entry(value: object) -> Entry:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and [type(part) for part in value] == [int, str]:
        return value[0], value[1]
    raise ValueError(value)


def _is_there(path: Path, entry: Entry) -> bool:
    try:
        if isinstance(entry, str):
            return str(path.readlink()) == entry
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == entry[0]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
