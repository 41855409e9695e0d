"""pip, or uv where there is one: what puts locked packages into an environment.

Standard library only: the launcher runs this before anything is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import SetupFailed
from helpers.launcher.install_failure import install_failure
from helpers.launcher.progress_line import ProgressLine
from helpers.launcher.uv import fetched_uv

_FETCHED = re.compile(
    r"\s*(?:Collecting |Downloading |Processing \S*/)([A-Za-z0-9]\w*(?:[-._][A-Za-z]\w*)*)"
)
OnLine = Callable[[str], None]


@dataclass(frozen=True)
class Installer:
    """The installer for the environment of that interpreter; `log` keeps what it printed last."""

    python: Path
    log: Path

    def install(
        self, requirements: Path, title: str, wheels: Path | None = None, fetch_uv: bool = False
    ) -> None:
        """All of these locked requirements are there; with `wheels` from that folder and no index.

        `fetch_uv` where there are many, and the machine has none. Raises SetupFailed.
        """
        settings, links = (offline_settings(), offline_options(wheels)) if wheels else ({}, [])
        words = ["-r", str(requirements), "--no-deps", *links]  # a lock has all that they need
        with ProgressLine(title) as line:
            tell = _teller(line, requirements)
            with self._uv(fetch_uv and not wheels, tell) as (uv, its_settings):
                if uv and self._did_with(uv, words, tell, {**settings, **its_settings}):
                    return
                if uv:
                    line.update("uv could not, now with pip")
            # Imports compile what they use: a third of the time, and two hundred megabytes less.
            self.pip(["install", "--no-compile", *words], tell, settings)

    @contextmanager
    def _uv(self, fetch: bool, tell: OnLine) -> Iterator[tuple[str, dict[str, str]]]:
        """The machine's own, else one that is fetched where that is wanted, and its settings."""
        if (uv := shutil.which("uv")) or not fetch:
            yield uv or "", {}
            return
        with fetched_uv(self.log.parent / "uv", lambda words: self.pip(words, tell)) as fetched:
            yield fetched

    def _did_with(
        self, uv: str, words: Sequence[str], tell: OnLine, settings: Mapping[str, str]
    ) -> bool:
        command = [uv, "pip", "install", "--python", str(self.python), *words]
        try:
            # Elsewhere uv would take settings from the current folder, which is anybody's.
            self.run(command, "uv", tell, self.log.parent, settings)
        except SetupFailed:
            return False
        return True

    def pip(
        self, words: Sequence[str], tell: OnLine, settings: Mapping[str, str] | None = None
    ) -> None:
        """Runs pip, which comes from this Python where it is missing; raises SetupFailed."""
        pip = [str(self.python), "-P", "-m", "pip"]
        if not self._has_pip():
            self.run([str(self.python), "-P", "-m", "ensurepip"], "Getting pip", tell)
        options = ["--no-input", "--disable-pip-version-check"]
        self.run([*pip, words[0], *options, *words[1:]], "pip", tell, settings=settings)

    def _has_pip(self) -> bool:
        ended = subprocess.run([str(self.python), "-P", "-c", "import pip"], capture_output=True)
        return ended.returncode == 0

    def run(
        self,
        command: Sequence[str],
        what: str,
        tell: OnLine,
        cwd: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """The command run to its end, each line told and kept in the log; raises SetupFailed."""
        self.log.touch(mode=0o600)  # an index or a proxy may be named with a password
        lines: list[str] = []
        with (
            self.log.open("w", encoding="utf-8") as kept,
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **_settings(), **(settings or {})},
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
            raise install_failure(what, "".join(lines), self.log)


def offline_options(wheels: Path) -> list[str]:
    """What makes either installer take packages from that folder alone."""
    return ["--no-index", "--find-links", str(wheels)]


def offline_settings() -> dict[str, str]:
    """What keeps either of them from other folders and addresses that this machine has set."""
    return {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": "",
        "UV_FIND_LINKS": "",
        "UV_OFFLINE": "1",
    }


def _settings() -> dict[str, str]:
    """For both installers: nothing outside the environment, the machine's own trust store.

    PYTHONSAFEPATH is -P for the Pythons that they start in their turn.
    """
    settings = {"PIP_USER": "0", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    settings["PYTHONSAFEPATH"] = "1"
    return settings | {
        name: os.environ.get(name, "true") for name in ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS")
    }


def _teller(line: ProgressLine, requirements: Path) -> OnLine:
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
