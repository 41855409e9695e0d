"""The Python environment `.venv`, made once from the locked requirements.

Standard library only: the launcher runs this before anything is installed. A stamp in the
environment tells what is in it, so a second start reads two small files and does nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.project_files import ROOT
from helpers.errors import SetupFailed
from helpers.launcher.installer import Installer

_STAMP = "docker-workbook.json"
_LOG = "docker-workbook.log"
_WHEELS = "wheels"
# Writes wheels into a folder, for a machine that reaches no package index.
WriteWheels = Callable[[Path], None]


@dataclass(frozen=True)
class Environment:
    """The environment of the workbook in `root`."""

    root: Path = ROOT

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        windows = sys.platform == "win32"
        return self.folder / ("Scripts/python.exe" if windows else "bin/python")

    def is_ready(self) -> bool:
        """Whether all of requirements.txt is in it, as the stamp says."""
        return self._is_whole() and self._stamp()["requirements"] == self._wanted

    def ensure(self, write_wheels: WriteWheels | None = None) -> Path:
        """Its interpreter, with all of requirements.txt; made, mended or left as it is.

        With `write_wheels` from these alone, and no package index is asked. Raises SetupFailed, and
        what that raises.
        """
        if not self.is_ready():
            with self._alone():
                if not self.is_ready():
                    self._make(write_wheels)
        return self.python

    def ensure_tests(self) -> Path:
        """Its interpreter, with what the tests need as well. Raises SetupFailed."""
        self.ensure()
        requirements = self.root / "tests/requirements.txt"
        wanted = _fingerprint(requirements)
        if self._stamp().get("tests") != wanted:
            with self._alone():
                stamp = self._stamp()
                self._installer.install(requirements, "Installing what the tests need")
                self._write_stamp({**stamp, "tests": wanted})
        return self.python

    def _is_whole(self) -> bool:
        """Finished, not moved since, and its base interpreter still there."""
        stamp = self._stamp()
        return (
            "requirements" in stamp
            and stamp.get("root") == str(self.root)
            and Path(stamp.get("base", "")).is_file()
            and self.python.is_file()
        )

    @property
    def _wanted(self) -> str:
        return _fingerprint(self.requirements)

    @property
    def requirements(self) -> Path:
        """The lock that it is made from."""
        return self.root / "requirements.txt"

    @property
    def _installer(self) -> Installer:
        return Installer(self.python, self.folder / _LOG)

    def _make(self, write_wheels: WriteWheels | None) -> None:
        whole = self._is_whole()
        stamp = self._stamp() if whole else {"root": str(self.root), "base": _base()}
        stamp.pop("requirements", None)
        if not whole:
            self._make_empty(stamp)
        self._write_stamp(stamp)
        title = "Updating" if whole else "Making"
        title = f"{title} the Python environment (.venv)"
        with self._wheels(write_wheels) as wheels:
            self._installer.install(self.requirements, title, wheels, fetch_uv=not whole)
        self._write_stamp({**stamp, "requirements": self._wanted})

    @contextmanager
    def _wheels(self, write: WriteWheels | None) -> Iterator[Path | None]:
        """A folder with the wheels as long as the block runs; None where none are handed in."""
        if write is None:
            yield None
            return
        folder = self.folder / _WHEELS
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            write(folder)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _make_empty(self, stamp: dict[str, str]) -> None:
        """An environment with neither pip nor packages, from which `import helpers` works."""
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            what = "symbolic link" if self.folder.is_symlink() else "file"
            raise SetupFailed(
                f"{self.folder} is a {what}, and the workbook needs a folder of its own there.",
                "Move it away or delete it, then run the same command again.",
            )
        if self.folder.exists():
            if any(self.folder.iterdir()) and not self._stamp():
                raise SetupFailed(
                    f"{self.folder} is there, and the workbook did not make it.",
                    "Move it away or delete it, then run the same command again.",
                )
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        self._write_stamp(stamp)
        make = [sys.executable, "-P", "-m", "venv", "--without-pip", str(self.folder)]
        self._installer.run(make, "Making the Python environment", lambda line: None)
        variables = {"base": str(self.folder), "platbase": str(self.folder)}
        packages = Path(sysconfig.get_path("purelib", "venv", variables))
        # Python reads the file in the locale's encoding, and a line of ASCII in any.
        line = f"import os, sys; sys.path.append(os.fsdecode({os.fsencode(self.root)!r}))\n"
        (packages / "docker-workbook.pth").write_text(line, encoding="ascii")

    def _alone(self) -> AbstractContextManager[None]:
        def say() -> None:
            print("Another ./workbook makes the environment; waiting for it.", file=sys.stderr)

        return exclusive(self.root / ".venv.lock", threading.Event(), say)

    def _stamp(self) -> dict[str, str]:
        try:
            stamp = json.loads((self.folder / _STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _write_stamp(self, stamp: dict[str, str]) -> None:
        fresh = self.folder / f"{_STAMP}.new"
        fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        fresh.replace(self.folder / _STAMP)


def _base() -> str:
    """The interpreter under it, links resolved: an upgrade of Python takes that file away."""
    return os.path.realpath(sys.executable)


def _fingerprint(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()
