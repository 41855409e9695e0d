"""The learner's folder: the lessons without outputs, and the folders given along, all their own.

A committed lesson shows its outputs, and with them the answers to its predictions; and what one
changes in it would stand in the way of the next update. So `lab` opens copies, in a folder that git
ignores. At each start they follow the workbook, and nothing of the learner's is lost:

==================  ======================  ====================================================
the workbook's      the learner's           becomes
==================  ======================  ====================================================
any                 gone                    the workbook's
as it was           any                     the learner's
changed             as given, perhaps run   the workbook's, with the outputs of equal cells
changed             changed                 the learner's, and it is said
==================  ======================  ====================================================
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpers.engine.base.project_files import PROJECT_FOLDERS, ROOT
from helpers.errors import SetupFailed
from helpers.lessons.lesson_files import committed_lessons

_RECORD = ".given.json"
_NO_FILES = ("__pycache__", ".pytest_cache", ".ipynb_checkpoints", ".DS_Store")


@dataclass(frozen=True)
class LearnerFolder:
    """The folder `path`, which follows the workbook at `root`."""

    path: Path
    root: Path = ROOT

    @classmethod
    def of_workbook(cls) -> LearnerFolder:
        """`work` in the workbook's folder; WORKBOOK_WORK names another one."""
        return cls(Path(os.environ.get("WORKBOOK_WORK") or ROOT / "work").expanduser().absolute())

    def follow(self) -> list[str]:
        """Brings the copies up to date; the names of those that both sides have changed.

        Raises SetupFailed where it cannot write.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            record = self._record()
            kept = [
                name for name, source in self._sources() if not self._copied(name, source, record)
            ]
            self._write(_RECORD, json.dumps(record, indent=1).encode())
        except OSError as error:
            raise SetupFailed(
                f"Your copies of the lessons cannot be kept in {self.path}: {error.strerror}.",
                "Make that folder writable, or name another: `WORKBOOK_WORK=FOLDER`.",
            ) from None
        return kept

    def _sources(self) -> Iterator[tuple[str, Path]]:
        """(name in the learner's folder, the workbook's file) of all that is given."""
        for path in committed_lessons(self.root / "notebooks").values():
            yield path.name, path
        for path in sorted(
            path for folder in PROJECT_FOLDERS for path in (self.root / folder).rglob("*")
        ):
            name = path.relative_to(self.root)
            if path.is_file() and not set(name.parts) & set(_NO_FILES):
                yield name.as_posix(), path

    def _copied(self, name: str, source: Path, record: dict[str, str]) -> bool:
        """Whether the copy is up to date now; `record` takes in what it is a copy of."""
        fresh, copy = _without_outputs(source), self.path / name
        new, mine = _fingerprint(name, fresh), copy.read_bytes() if copy.exists() else None
        if mine is not None and _fingerprint(name, mine) not in (new, record.get(name)):
            return record.get(name) == new
        if mine is None or record.get(name, new) != new:
            self._write(name, _with_outputs(fresh, mine) if mine else fresh)
        record[name] = new
        return True

    def _record(self) -> dict[str, str]:
        """The fingerprint of each file as it was given."""
        try:
            record: dict[str, str] = json.loads((self.path / _RECORD).read_bytes())
            return dict(record)
        except (OSError, ValueError, TypeError):
            return {}

    def _write(self, name: str, content: bytes) -> None:
        """The file, replaced as a whole."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(content)
        fresh.replace(path)


def _notebook(content: bytes) -> dict[str, Any] | None:
    """The notebook, None where that is none."""
    try:
        notebook = json.loads(content)
        return notebook if isinstance(notebook["cells"], list) else None
    except (ValueError, TypeError, KeyError):
        return None


def _packed(notebook: dict[str, Any]) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _source(cell: dict[str, Any]) -> str:
    """The text of a cell, which the format has as a string or as lines."""
    return "".join(cell.get("source", ""))


def _fingerprint(name: str, content: bytes) -> str:
    """What is the same for the same work: of a notebook the texts of its cells, empty ones aside.

    So it stays when a notebook was run; JupyterLab adds an empty cell below the last one then.
    """
    notebook = _notebook(content) if name.endswith(".ipynb") else None
    if notebook is not None:
        cells = [(cell.get("cell_type"), _source(cell)) for cell in notebook["cells"]]
        content = json.dumps([cell for cell in cells if cell[1].strip()]).encode()
    return sha256(content).hexdigest()


def _without_outputs(source: Path) -> bytes:
    """The file as a learner gets it."""
    content = source.read_bytes()
    notebook = _notebook(content) if source.suffix == ".ipynb" else None
    if notebook is None:
        return content
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return _packed(notebook)


def _with_outputs(fresh: bytes, mine: bytes) -> bytes:
    """The new lesson with the outputs that the learner has of cells that are still the same."""
    new, old = _notebook(fresh), _notebook(mine)
    if new is None or old is None:
        return fresh
    ran = {(cell.get("id"), _source(cell)): cell for cell in old["cells"] if cell.get("outputs")}
    for cell in new["cells"]:
        if before := ran.get((cell.get("id"), _source(cell))):
            cell |= {key: before.get(key) for key in ("outputs", "execution_count")}
    return _packed(new)
