"""What `./workbook clean --all` takes away of the workbook's engines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.engine.private import EngineRelease
from helpers.launcher import removal

removed: list[str] = []


@dataclass
class Engine:
    """An engine that notes its removal; only the tests' first one was ever there."""

    name: str
    release: EngineRelease

    @property
    def data_root(self) -> Path:
        return Path("/" if self.name == "tests-1" else "/nowhere")

    def remove(self) -> None:
        removed.append(f"{self.name} {self.release.store}")


def test_all_own_engines_go(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    removed.clear()
    engines = [
        Engine(name, EngineRelease(store=store))
        for name in ("workbook", "tests-1")
        for store in ("containerd", "classic")
    ]
    monkeypatch.setattr(removal, "all_own_engines", lambda: engines)
    monkeypatch.setattr(removal.os, "geteuid", lambda: 0)
    monkeypatch.setattr(removal.sys, "platform", "linux")
    removal.remove_own_engines()
    assert removed == [f"{engine.name} {engine.release.store}" for engine in engines]
    gone = "tests-1 (containerd), tests-1 (classic)"
    assert capsys.readouterr().out == f"The workbook's own engines: {gone}\n"
    monkeypatch.setattr(removal, "all_own_engines", list)
    removal.remove_own_engines()
    assert capsys.readouterr().out == "The workbook's own engines: there were none\n"
