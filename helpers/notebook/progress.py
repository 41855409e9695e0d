"""The learner's progress on disk: one JSON-lines file in the user's state directory.

WORKBOOK_PROGRESS names another file, for runs that are nobody's progress: tests and rendering.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.folders import state_dir
from helpers.errors import Interrupted, WorkbookError
from helpers.model.course.progress import (
    Kind,
    ProgressEntry,
    Standing,
    Value,
    read_entries,
    standing,
)

LOCK_SECONDS = 5


@dataclass(frozen=True)
class ProgressFile:
    """A file of progress entries, appended to by any number of kernels at once."""

    path: Path

    def entries(self) -> list[ProgressEntry]:
        """All entries that can be read; none where there is no file."""
        try:
            return read_entries(self.path.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return []

    def standing(self) -> Standing:
        """What the entries add up to."""
        return standing(self.entries())

    def add(self, kind: Kind, key: str, value: Value) -> None:
        """One more entry, in one write; a half-written last line is closed first.

        Raises WorkbookError where the file can't be written.
        """
        with self._alone():
            self._append(kind, key, value)

    def reset(self, target: str) -> Path | None:
        """Forgets the task of that key, a lesson ('02'), or everything ('*').

        For everything, the file is put aside; gives the path of what it is called now.
        """
        with self._alone():
            if target != "*":
                self._append(Kind.RESET, target, "")
                return None
            return self._put_aside()

    def _append(self, kind: Kind, key: str, value: Value) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = ProgressEntry(now, key.partition(".")[0], kind, key, value).to_line().encode()
        with self.path.open("ab", buffering=0) as file:
            file.write(line if self._ends_well() else b"\n" + line)

    def _put_aside(self) -> Path | None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = self.path.with_name(f"{self.path.name}.{stamp}.bak")
        try:
            self.path.rename(aside)
        except FileNotFoundError:
            return None
        return aside

    def _ends_well(self) -> bool:
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if size == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A block that one kernel at a time is in; raises WorkbookError after five seconds."""
        enough = threading.Event()
        alarm = threading.Timer(LOCK_SECONDS, enough.set)
        alarm.daemon = True
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with exclusive(self.path.with_suffix(".lock"), enough, alarm.start):
                yield
        except OSError as problem:
            raise _unwritable(self.path, problem.strerror or str(problem)) from None
        except Interrupted:
            raise _unwritable(self.path, "another program holds it") from None
        finally:
            alarm.cancel()


def _unwritable(path: Path, reason: str) -> WorkbookError:
    return WorkbookError(
        f"Your progress could not be kept in {path}: {reason}.",
        "What you made on the engine is untouched.",
    )


def progress_file() -> ProgressFile:
    """The file of this user on this machine."""
    path = os.environ.get("WORKBOOK_PROGRESS")
    return ProgressFile(Path(path) if path else state_dir() / "progress.jsonl")


def keep(kind: Kind, key: str, value: Value) -> tuple[str, ...]:
    """Adds that to the user's progress; gives the reason, in a line, where it can't be kept."""
    try:
        progress_file().add(kind, key, value)
    except WorkbookError as problem:
        return (str(problem),)
    return ()
