"""The Python environment `.venv`, made once from the locked requirements.

Standard library only: the launcher runs this before anything is installed. A stamp in the
environment tells what is in it, so a second start reads two small files and does nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.base.file_lock import exclusive
from helpers.engine.base.project_files import ROOT
from helpers.errors import SetupFailed
from helpers.launcher.install_failure import install_failure
from helpers.launcher.progress_line import ProgressLine

_STAMP = "docker-workbook.json"
_LOG = "docker-workbook.log"
_FETCHED = re.compile(r"\s*(?:Collecting|Downloading) ([A-Za-z0-9]\w*(?:[-._][A-Za-z]\w*)*)")


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

    def ensure(self) -> Path:
        """Its interpreter, with all of requirements.txt; made, mended or left as it is.

        Raises SetupFailed.
        """
        if not self.is_ready():
            with self._alone():
                if not self.is_ready():
                    self._make()
        return self.python

    def ensure_tests(self) -> Path:
        """Its interpreter, with what the tests need as well. Raises SetupFailed."""
        self.ensure()
        requirements = self.root / "tests/requirements.txt"
        wanted = _fingerprint(requirements)
        if self._stamp().get("tests") != wanted:
            with self._alone():
                stamp = self._stamp()
                self._install(requirements, "Installing what the tests need")
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
        return _fingerprint(self.root / "requirements.txt")

    def _make(self) -> None:
        whole = self._is_whole()
        stamp = self._stamp() if whole else {"root": str(self.root), "base": _base()}
        stamp.pop("requirements", None)
        if not whole:
            self._make_empty(stamp)
        self._write_stamp(stamp)
        title = "Updating" if whole else "Making"
        self._install(self.root / "requirements.txt", f"{title} the Python environment (.venv)")
        self._write_stamp({**stamp, "requirements": self._wanted})

    def _make_empty(self, stamp: dict[str, str]) -> None:
        """An environment with neither pip nor packages, from which `import helpers` works."""
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
        self._run(make, "Making the Python environment", lambda line: None)
        variables = {"base": str(self.folder), "platbase": str(self.folder)}
        packages = Path(sysconfig.get_path("purelib", "venv", variables))
        (packages / "docker-workbook.pth").write_text(f"{self.root}\n", encoding="utf-8")

    def _install(self, requirements: Path, title: str) -> None:
        with ProgressLine(title) as line:
            tell = _teller(line, requirements)
            if uv := shutil.which("uv"):
                command = [uv, "pip", "install", "--python", str(self.python)]
                try:
                    # Elsewhere uv would take settings from the current folder, which is anybody's.
                    return self._run([*command, "-r", str(requirements)], "uv", tell, self.folder)
                except SetupFailed:
                    line.update("uv could not, now with pip")
            pip = [str(self.python), "-P", "-m", "pip"]
            if not self._has_pip():
                self._run([str(self.python), "-P", "-m", "ensurepip"], "Getting pip", tell)
            # Imports compile what they use: a third of the time, and two hundred megabytes less.
            options = ["--no-compile", "--no-input", "--disable-pip-version-check"]
            self._run([*pip, "install", *options, "-r", str(requirements)], "pip", tell)

    def _has_pip(self) -> bool:
        ended = subprocess.run([str(self.python), "-P", "-c", "import pip"], capture_output=True)
        return ended.returncode == 0

    def _run(
        self,
        command: Sequence[str],
        what: str,
        tell: Callable[[str], None],
        cwd: Path | None = None,
    ) -> None:
        """The command run to its end, each line told and kept in a log; raises SetupFailed."""
        log = self.folder / _LOG
        log.touch(mode=0o600)  # an index or a proxy may be named with a password
        lines: list[str] = []
        with (
            log.open("w", encoding="utf-8") as kept,
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **_settings()},
                cwd=cwd,
                encoding="utf-8",
                errors="replace",
            ) as process,
        ):
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    kept.write(line)
                    lines.append(line)
                    tell(line)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise install_failure(what, "".join(lines), log)

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


def _settings() -> dict[str, str]:
    """For both installers: nothing outside the environment, the machine's own trust store.

    PYTHONSAFEPATH is -P for the Pythons that they start in their turn.
    """
    settings = {"PIP_USER": "0", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    settings["PYTHONSAFEPATH"] = "1"
    return settings | {
        name: os.environ.get(name, "true") for name in ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS")
    }


def _teller(line: ProgressLine, requirements: Path) -> Callable[[str], None]:
    """A reader of pip's and uv's output that shows which package of how many comes."""
    text = requirements.read_text(encoding="utf-8")
    total = len(re.findall(r"^[A-Za-z0-9][\w.-]*==", text, re.MULTILINE))
    seen: set[str] = set()

    def tell(output: str) -> None:
        if match := _FETCHED.match(output):
            seen.add(match[1])
            line.update(f"fetching {match[1]} ({min(len(seen), total)} of {total})")
        elif re.match(r"\s*(?:Installing collected packages|Prepared \d+)", output):
            line.update("unpacking")

    return tell
