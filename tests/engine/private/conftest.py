"""Private engines for tests, each with data on a filesystem that carries overlay2."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import private_kit as kit
import pytest

from helpers.engine.private import PrivateEngine


@pytest.fixture(scope="session")
def rootfs(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return kit.root_filesystem(kit.busybox(tmp_path_factory.mktemp("busybox")))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for data on a filesystem that carries overlay2: the user's own, as in real use."""
    home = Path.home() / ".cache" / f"wbpriv-{os.getpid()}"
    home.mkdir(parents=True)
    monkeypatch.setenv("WORKBOOK_HOME", str(home / "home"))
    yield home
    subprocess.run(["rm", "-rf", str(home)], check=True)


@pytest.fixture
def engine(store: Path) -> Iterator[PrivateEngine]:
    engine = PrivateEngine("wbpriv-t1", data_root=store / "t1" / "data")
    yield engine
    engine.remove()
