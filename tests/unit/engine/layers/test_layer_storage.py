"""The engine's overlay2 directories, read as layers; marks that need root are tested on engines."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.layers import storage
from helpers.engine.layers.storage import OverlayStorage
from helpers.model.layers.file_entry import FileEntry

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="overlay2 is Linux's")


@pytest.fixture(autouse=True)
def sees_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "may_read_marks", lambda: True)


def inspected(*nearest_first: Path, name: str = "overlay2", layers: int = -1) -> dict[str, Any]:
    upper, *lower = map(str, nearest_first)
    data = {"UpperDir": upper} | ({"LowerDir": ":".join(lower)} if lower else {})
    count = len(nearest_first) if layers < 0 else layers
    return {
        "GraphDriver": {"Name": name, "Data": data},
        "RootFS": {"Layers": [f"sha256:{place}" for place in range(count)]},
    }


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Three layers' directories, the top one first."""
    made = [tmp_path / name / "diff" for name in ("top", "middle", "base")]
    for folder in made:
        folder.mkdir(parents=True)
        (folder / f"of-{folder.parent.name}").write_bytes(b"x")
    return made


def test_the_lowest_layer_comes_first(folders: list[Path]) -> None:
    found = OverlayStorage.of(inspected(*folders))
    assert found is not None
    paths = [found.read(place).entries[0].path for place in range(3)]
    assert paths == ["of-base", "of-middle", "of-top"]


def test_one_layer_has_no_lower_directory(folders: list[Path]) -> None:
    found = OverlayStorage.of(inspected(folders[0]))
    assert found is not None
    assert found.folders == (folders[0],)


def test_storage_that_is_not_all_here_is_none(folders: list[Path], tmp_path: Path) -> None:
    assert OverlayStorage.of(inspected(*folders, tmp_path / "elsewhere")) is None
    assert OverlayStorage.of(inspected(*folders, layers=2)) is None
    assert OverlayStorage.of(inspected(*folders, name="btrfs")) is None
    assert OverlayStorage.of({"GraphDriver": None, "RootFS": {"Layers": []}}) is None


def test_without_the_right_to_see_marks_there_is_none(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "may_read_marks", lambda: False)
    assert OverlayStorage.of(inspected(*folders)) is None


def test_files_come_as_an_archive_has_them(tmp_path: Path) -> None:
    root = tmp_path / "diff"
    (root / "d").mkdir(parents=True)
    (root / "d" / "b").write_bytes(b"four")
    (root / "d" / "b").chmod(0o4640)
    os.link(root / "d" / "b", root / "d" / "c")
    os.link(root / "d" / "b", root / "a")
    (root / "d-x").symlink_to("../<b> x")
    os.mkfifo(root / "p", 0o600)
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9")).write_bytes(b"")
    with socket.socket(socket.AF_UNIX) as left_out:
        left_out.bind(str(root / "s"))
    found = OverlayStorage.of(inspected(root))
    assert found is not None
    here = (os.getuid(), os.getgid())
    mode = (root / "caf\udce9").stat().st_mode & 0o7777
    folder = (root / "d").stat().st_mode & 0o7777
    assert found.read(0).entries == (
        FileEntry("a", "file", 4, 0o4640, *here),
        FileEntry("caf\udce9", "file", 0, mode, *here),
        FileEntry("d", "directory", 0, folder, *here),
        FileEntry("d/b", "file", 0, 0o4640, *here, "a"),
        FileEntry("d/c", "file", 0, 0o4640, *here, "a"),
        FileEntry("d-x", "symlink", 0, 0o777, *here, "../<b> x"),
        FileEntry("p", "fifo", 0, 0o600, *here),
    )
    assert found.fingerprints(0, ["d/c"]) == {"d/c": sha256(b"four").digest()[:16]}


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A directory 1,500 levels deep, which neither Python nor pytest could delete itself."""
    root = tmp_path / "diff"
    root.mkdir()
    here = os.open(root, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    yield root
    for depth in range(1500, 0, -1):
        Path(root, *["d"] * depth).rmdir()


def test_directories_nest_as_deep_as_the_system_allows(deep: Path) -> None:
    found = OverlayStorage.of(inspected(deep))
    assert found is not None
    assert len(found.read(0).entries) == 1500


def test_symlinks_are_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "diff", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(b"x")
    (root / "s").symlink_to(outside)
    found = OverlayStorage.of(inspected(root))
    assert found is not None
    assert [entry.path for entry in found.read(0).entries] == ["s"]
    with pytest.raises(OSError, match="symbolic link"):
        found.fingerprints(0, ["s"])
