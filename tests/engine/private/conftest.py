"""Private engines for tests, each with data on a filesystem that carries overlay2."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import private_kit as kit
import pytest

from helpers.engine.debian.tree_cache import trees_dir, unpacked_tree
from helpers.engine.private import PrivateEngine
from helpers.model.debian.tree_recipe import DOCKER_TREE


@pytest.fixture(scope="session")
def rootfs(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return kit.root_filesystem(kit.busybox(tmp_path_factory.mktemp("busybox")))


@pytest.fixture(scope="session")
def trees() -> Path:
    """The folder with the engine's programs, fetched where nobody has done so yet."""
    unpacked_tree(DOCKER_TREE, lambda step: None, threading.Event())
    return trees_dir()


@pytest.fixture
def store(trees: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for data on a filesystem that carries overlay2: the user's own, as in real use."""
    home = Path.home() / ".cache" / f"wbpriv-{os.getpid()}"
    (home / "home/cache").mkdir(parents=True)
    (home / "home/cache/trees").symlink_to(trees)
    monkeypatch.setenv("WORKBOOK_HOME", str(home / "home"))
    yield home
    subprocess.run(["rm", "-rf", str(home)], check=True)


@pytest.fixture
def engine(store: Path) -> Iterator[PrivateEngine]:
    engine = PrivateEngine("wbpriv-t1", data_root=store / "t1" / "data")
    yield engine
    engine.remove()
