"""The wheels of the locked requirements, fetched by pip for a Python of this or another machine."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from packaging.markers import Marker

from helpers.engine.base.folders import cache_dir
from helpers.errors import InvalidInput, SetupFailed
from helpers.launcher.installer import Installer, OnLine
from helpers.model.bundle.locked_requirements import LockedRequirement, locked_requirements
from helpers.model.bundle.wheel_target import WheelTarget

_NO_WHEEL = re.compile(r"No matching distribution found for ([A-Za-z0-9][\w.-]*==\S+)")


@dataclass(frozen=True)
class Wheels:
    """The wheels for a target of one lock, kept in the cache until they are packed."""

    target: WheelTarget
    requirements: Path

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the lock."""
        return sha256(self.requirements.read_bytes()).hexdigest()

    @property
    def folder(self) -> Path:
        """Where they are."""
        python, platform = self.target.python, str(self.target.platform).replace("/", "-")
        return cache_dir() / "wheels" / f"{self.fingerprint[:16]}-{python}-{platform}"

    def fetch(self, tell: OnLine) -> list[Path]:
        """Every wheel that the target may need, checked; what an earlier run fetched is kept.

        Raises InvalidInput where a package has no wheel there, SetupFailed.
        """
        self._clear_outdated()
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted: list[LockedRequirement] = []
        for version, requirements in self._passes():
            here = self._here(requirements)
            if absent := [one for one in requirements if one not in here]:
                self._download(version, absent, tell)
            wanted += requirements
        here = self._here(wanted)
        if missing := [one.name for one in wanted if one not in here]:
            raise SetupFailed(f"pip did not fetch {', '.join(missing)}.", "Run it again.")
        return sorted(here.values())

    def remove(self) -> None:
        """Nothing of them is in the cache."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _passes(self) -> Iterator[tuple[str, list[LockedRequirement]]]:
        """What the first bug-fix version needs, then what the last one needs beside it.

        pip takes one version of a package at a time.
        """
        locked = locked_requirements(self.requirements.read_text(encoding="utf-8"))
        before: list[LockedRequirement] = []
        for version in self.target.versions():
            needed = [one for one in locked if self._needs(one, version) and one not in before]
            if needed:
                yield version, needed
            before += needed

    def _needs(self, requirement: LockedRequirement, version: str) -> bool:
        if not requirement.marker:
            return True
        return Marker(requirement.marker).evaluate(self.target.markers(version))

    def _download(
        self, version: str, requirements: Sequence[LockedRequirement], tell: OnLine
    ) -> None:
        listing = self.folder / "requirements.txt"
        lines = "\n".join(one.line() for one in requirements)
        listing.write_text(f"{lines}\n", encoding="utf-8")
        words = ["download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        words += ["--dest", str(self.folder), "-r", str(listing), *self._options(version)]
        # What a killed pip leaves of its own goes with the folder.
        temporary = self.folder / "pip"
        temporary.mkdir(exist_ok=True)
        installer = Installer(Path(sys.executable), self.folder / "pip.log")
        try:
            installer.pip(words, tell, {"TMPDIR": str(temporary)})
        except SetupFailed as error:
            raise self._without_wheel(error) from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _options(self, version: str) -> list[str]:
        """What makes pip choose for the target; nothing where it knows no better than this one."""
        if not self.target.tags():
            return []
        platforms = [f"--platform={tag}" for tag in self.target.tags()]
        abi = f"cp{self.target.python.replace('.', '')}"
        return [f"--python-version={version}", "--implementation=cp", f"--abi={abi}", *platforms]

    def _without_wheel(self, error: SetupFailed) -> Exception:
        match = _NO_WHEEL.search((self.folder / "pip.log").read_text(encoding="utf-8"))
        if match is None:
            return error
        return InvalidInput(
            f"{match[1]} has no wheel for {self.target}.", "Leave that Python or platform out."
        )

    def _here(self, wanted: Sequence[LockedRequirement]) -> dict[LockedRequirement, Path]:
        """The files in the folder whose hashes the lock has."""
        known = {digest: one for one in wanted for digest in one.hashes}
        wheels: dict[LockedRequirement, Path] = {}
        for path in sorted(self.folder.glob("*.whl")):
            with path.open("rb") as file:
                requirement = known.get(file_digest(file, "sha256").hexdigest())
            if requirement:
                wheels[requirement] = path
        return wheels

    def _clear_outdated(self) -> None:
        """What a run that was given up left of another lock is gone."""
        for folder in self.folder.parent.glob("*"):
            if not folder.name.startswith(self.fingerprint[:16]):
                shutil.rmtree(folder, ignore_errors=True)
