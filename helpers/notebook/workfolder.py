"""`workfolder("my-app")`: a folder beside the notebook, to build and to change things in.

What a learner changed in it is never lost: a folder that holds something that stands in no cell of
a notebook is kept under another name. What stands in a cell can be had again by running it.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from helpers.engine.base.project_files import ROOT
from helpers.errors import InvalidInput
from helpers.exercises import (
    lesson_01_files,
    lesson_03_files,
    lesson_04_files,
    lesson_09_files,
    lesson_10_files,
    lesson_11_files,
    lesson_12_files,
    lesson_13_files,
)
from helpers.outside import visible_line
from helpers.views.kit.page import Page

MY_APP = "my-app"
LESSON_FILES = (
    lesson_01_files,
    lesson_03_files,
    lesson_04_files,
    lesson_09_files,
    lesson_10_files,
    lesson_11_files,
    lesson_12_files,
    lesson_13_files,
)
FOLDERS = {name: files for lesson in LESSON_FILES for name, files in lesson.FOLDERS.items()}
PAGE = "workbook_app/templates/greeting.html"
BACKUP, BACKUP_LINES = "backup.sql", 400_000
BACKUP_LINE = "INSERT INTO orders VALUES ('a loaf of rye bread');\n"
# The app in three parts is for lesson 11.
SKIPPED = shutil.ignore_patterns(".*", "__pycache__", "shop")
_EDITION = re.compile(r"<p>Edition (\d+)\.</p>")
_STAMPED = re.compile(r"<p>Edition \d+\.</p>|# copied [-\d]+ [:.\d]+")


@dataclass(frozen=True, repr=False)
class WorkFolder:
    """A folder of that name, where the notebook is; `note` is what became of an older one."""

    name: str
    note: str = ""

    def __repr__(self) -> str:
        count = sum(1 for _ in _files(self.path))
        return f"folder {self.name}, {count} files{self.note and f'. {self.note}'}"

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.name)

    def show(self, path: str) -> Page:
        """A file of it, with numbered lines; raises InvalidInput where there is none."""
        lines = self._text(path).splitlines()
        text = "\n".join(f"{number:3} | {line}" for number, line in enumerate(lines, 1))
        return Page(f"<pre>{escape(text)}</pre>", text)

    def change_line(self) -> Page:
        """One line of the app's code changed, as one does all day; it says which."""
        before = self._text(PAGE)
        edition = _EDITION.search(before)
        if edition is None:
            raise InvalidInput(f"{PAGE} has no line that says its edition any more.")
        line = f"<p>Edition {int(edition[1]) + 1}.</p>"
        (self.path / PAGE).write_text(before.replace(edition[0], line), encoding="utf-8")
        text = f"{PAGE}\n- {edition[0]}\n+ {line}"
        return Page(f"<pre>{escape(text)}</pre>", text)

    def remove(self) -> str:
        """Removes it, unless it holds something that is nowhere else; says which."""
        if not self.path.exists():
            return f"{self.name} is gone"
        if yours := list(_yours(self.name)):
            return (
                f"{self.name} is kept, since you changed {_listed(yours)} by hand; delete the "
                "folder if you do not need it"
            )
        shutil.rmtree(self.path)
        return f"{self.name} is removed"

    def _text(self, path: str) -> str:
        try:
            return (self.path / path).read_text(encoding="utf-8")
        except OSError:
            raise InvalidInput(
                f"There is no file {path} in the folder {self.name}.",
                f'`workfolder("{self.name}")` makes the folder again.',
            ) from None


def _listed(files: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and 3 more files': three at the most, in one visible line."""
    parts = [visible_line(file) for file in files[: 3 if len(files) == 3 else 2]]
    if more := len(files) - len(parts):
        parts.append(f"{more} more files")
    return " and ".join(each for each in (", ".join(parts[:-1]), parts[-1]) if each)


def workfolder(name: str) -> WorkFolder:
    """A folder as the lesson begins with it, made anew; raises InvalidInput for another name.

    An older one in which something of the learner's stands is kept under another name.
    """
    if name not in (MY_APP, *FOLDERS):
        raise InvalidInput(
            f"There is no folder {name!r}; there are {MY_APP}, {', '.join(FOLDERS)}."
        )
    note = ""
    if Path(name).exists():
        note = _put_aside(name) if any(_yours(name)) else ""
        shutil.rmtree(name, ignore_errors=True)
    if name == MY_APP:
        _copy_app(Path(name))
    else:
        _write(Path(name), FOLDERS[name])
    return WorkFolder(name, note)


def _copy_app(path: Path) -> None:
    """The sample app; its first line of requirements differs in each copy.

    So a build is not answered by what an earlier visit to the lesson left in the cache.
    """
    shutil.copytree(ROOT / "sample_app", path, ignore=SKIPPED)
    page, needs = path / PAGE, path / "requirements.txt"
    page.write_text(_with_edition(page.read_text(encoding="utf-8")), encoding="utf-8")
    stamp = f"# copied {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}\n"
    needs.write_text(stamp + needs.read_text(encoding="utf-8"), encoding="utf-8")
    (path / BACKUP).write_text(BACKUP_LINE * BACKUP_LINES, encoding="utf-8")


def _with_edition(text: str) -> str:
    return text.replace("</html>", "<p>Edition 1.</p>\n</html>")


def _write(path: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def _put_aside(name: str) -> str:
    number = 1
    while (aside := Path(f"{name}-{number}")).exists():
        number += 1
    Path(name).rename(aside)
    return f"What you had changed in it is kept in {aside}."


def _files(path: Path) -> Iterator[Path]:
    return (file for file in sorted(path.rglob("*")) if file.is_file())


def _yours(name: str) -> Iterator[str]:
    """The files with a line that was not given and that no cell of a notebook writes."""
    cells: str | None = None
    for file in _files(Path(name)):
        path = file.relative_to(name).as_posix()
        text = file.read_text(encoding="utf-8", errors="replace")
        new = {line.strip() for line in text.splitlines()} - _original_lines(name, path)
        if "__pycache__" in path or ".ipynb_checkpoints" in path or not new:
            continue
        cells = _cells() if cells is None else cells
        if any(line not in cells for line in new if not _STAMPED.fullmatch(line)):
            yield path


def _original_lines(name: str, path: str) -> set[str]:
    if name != MY_APP:
        original = FOLDERS[name].get(path, "")
    elif path == BACKUP:
        original = BACKUP_LINE
    else:
        source = ROOT / "sample_app" / path
        original = source.read_text(encoding="utf-8", errors="replace") if source.is_file() else ""
    return {line.strip() for line in original.splitlines()}


def _cells() -> str:
    """The source of every cell that was run in this kernel, or stands in a notebook here."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    history = getattr(shell, "history_manager", None)
    sources = [str(cell) for cell in getattr(history, "input_hist_raw", ())]
    for path in Path().glob("*.ipynb"):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            sources += ["".join(cell.get("source", "")) for cell in cells]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return "\n".join(sources)
