"""What several of the fast tests start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.engine.registry.reachability import Reachability
from helpers.engine.supply import image_supply, sources, vouching
from helpers.engine.vm import launcher
from tests.unit.vm_engine import VmEngine


@pytest.fixture
def vm_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> VmEngine:
    """An engine in memory of which nothing is known yet."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(launcher, "_known", {})
    return VmEngine()


@pytest.fixture
def cut_off_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state and a cache of the test's own; no registry is reached, no setting names a source."""
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    for name in ("BUNDLE", "FROM", "MIRROR", "ALLOW_STAND_INS"):
        monkeypatch.delenv(f"WORKBOOK_{name}", raising=False)
    for module in (sources, vouching):
        monkeypatch.setattr(module, "reachability", lambda: Reachability(False, "no network", 0.0))
    monkeypatch.setattr(sources.RegistrySource, "_asks_from_here", lambda self: True)
    monkeypatch.setattr(image_supply, "copies_of", lambda reference: ())
    return tmp_path
