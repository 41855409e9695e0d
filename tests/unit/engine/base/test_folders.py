from __future__ import annotations

import sys
from pathlib import Path

import pytest

from helpers.engine.base import folders as places


def test_one_variable_moves_all_three(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    assert places.cache_dir() == tmp_path / "cache"
    assert places.state_dir() == tmp_path / "state"
    assert places.data_dir() == tmp_path / "data"


def test_a_relative_home_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBOOK_HOME", "here")
    assert places.data_dir() == tmp_path / "here" / "data"


def test_else_the_platforms_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBOOK_HOME", raising=False)
    found = [places.cache_dir(), places.state_dir(), places.data_dir()]
    assert all("docker-workbook" in path.parts for path in found)
    assert all(path.is_absolute() for path in found)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG folders are Linux's custom")
def test_xdg_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WORKBOOK_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert places.cache_dir() == tmp_path / "docker-workbook"
