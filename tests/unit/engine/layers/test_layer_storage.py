"""The directories of an engine's storage, read as layers; what needs root is tested on engines."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.layers import storage
from helpers.engine.layers.layer_folder import LayerFolder
from helpers.engine.layers.layer_storage import LayerStorage
from helpers.engine.layers.storage import storage_of
from helpers.model.layers.file_entry import FileEntry

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="overlay2 is Linux's")
NATIVE = {"Driver": "overlay2", "DriverStatus": [["Native Overlay Diff", "true"]]}


@pytest.fixture(autouse=True)
def sees_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "may_read_marks", lambda: True)


def inspected(*nearest_first: Path, name: str = "overlay2", layers: int = -1) -> dict[str, Any]:
    upper, *lower = map(str, nearest_first)
    data = {"UpperDir": upper} | ({"LowerDir": ":".join(lower)} if lower else {})
    count = len(nearest_first) if layers < 0 else layers
    return {
        "Id": f"sha256:{'1' * 64}",
        "GraphDriver": {"Name": name, "Data": data},
        "RootFS": {"Layers": [f"sha256:{place}" for place in range(count)]},
    }


def of(inspected: dict[str, Any], **info: Any) -> LayerStorage | None:
    return storage_of(inspected, lambda: NATIVE | info)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Three layers' directories, the top one first."""
    made = [tmp_path / name / "diff" for name in ("top", "middle", "base")]
    for folder in made:
        folder.mkdir(parents=True)
        (folder / f"of-{folder.parent.name}").write_bytes(b"x")
    return made


def test_the_lowest_layer_comes_first(folders: list[Path]) -> None:
    found = of(inspected(*folders))
    assert found is not None
    paths = [found.folders[place].read().entries[0].path for place in range(3)]
    assert paths == ["of-base", "of-middle", "of-top"]


def test_one_layer_has_no_lower_directory(folders: list[Path]) -> None:
    found = of(inspected(folders[0]))
    assert found is not None
    assert found.folders == (LayerFolder(folders[0]),)


def test_storage_that_is_not_all_here_is_none(folders: list[Path], tmp_path: Path) -> None:
    assert of(inspected(*folders, tmp_path / "elsewhere")) is None
    assert of(inspected(*folders, layers=2)) is None
    assert of(inspected(*folders, name="btrfs")) is None
    assert of({"GraphDriver": None, "RootFS": {"Layers": []}}) is None
    assert of({"GraphDriver": None, "RootFS": None}) is None


@pytest.mark.parametrize(
    "info",
    [
        {"DriverStatus": [["Native Overlay Diff", "false"]]},
        {"DriverStatus": None},
        {"SecurityOptions": ["name=seccomp,profile=builtin", "name=userns"]},
        {"SecurityOptions": ["name=rootless", "name=cgroupns"]},
    ],
)
def test_storage_that_says_less_than_the_image_is_not_read(
    folders: list[Path], info: dict[str, Any]
) -> None:
    """Renamed directories kept apart; users under other numbers: 100000 in place of 0."""
    assert of(inspected(*folders), SecurityOptions=["name=seccomp,profile=builtin"])
    assert of(inspected(*folders), **info) is None


def test_the_history_is_that_of_the_config(tmp_path: Path) -> None:
    folder = tmp_path / "overlay2" / "abc" / "diff"
    configs = tmp_path / "image" / "overlay2" / "imagedb" / "content" / "sha256"
    configs.mkdir(parents=True)
    folder.mkdir(parents=True)
    (found := of(inspected(folder))) or pytest.fail("it is not seen")
    assert found.history() is None
    for text in ("{", "[]", '{"history": 5}', "[" * 100_000):
        (configs / ("1" * 64)).write_text(text)
        assert found.history() is None
    (configs / ("1" * 64)).write_text(
        json.dumps({"history": [{"created_by": "ADD x", "empty_layer": True}]})
    )
    assert [(step.created_by, step.is_empty) for step in found.history() or ()] == [("ADD x", True)]


def test_without_the_right_to_see_marks_there_is_none(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "may_read_marks", lambda: False)
    assert of(inspected(*folders)) is None


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
    folder = LayerFolder(root)
    here = (os.getuid(), os.getgid())
    mode = (root / "caf\udce9").stat().st_mode & 0o7777
    rights = (root / "d").stat().st_mode & 0o7777
    assert folder.read().entries == (
        FileEntry("a", "file", 4, 0o4640, *here),
        FileEntry("caf\udce9", "file", 0, mode, *here),
        FileEntry("d", "directory", 0, rights, *here),
        FileEntry("d/b", "file", 0, 0o4640, *here, "a"),
        FileEntry("d/c", "file", 0, 0o4640, *here, "a"),
        FileEntry("d-x", "symlink", 0, 0o777, *here, "../<b> x"),
        FileEntry("p", "fifo", 0, 0o600, *here),
    )
    assert folder.fingerprints(["d/c"]) == {"d/c": sha256(b"four").digest()[:16]}


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
    folder = LayerFolder(deep)
    assert len(folder.read().entries) == 1500


def test_symlinks_are_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "diff", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(b"x")
    (root / "s").symlink_to(outside)
    folder = LayerFolder(root)
    assert [entry.path for entry in folder.read().entries] == ["s"]
    with pytest.raises(OSError, match="symbolic link"):
        folder.fingerprints(["s"])


def test_a_directory_that_the_layer_does_not_list_is_not_listed(tmp_path: Path) -> None:
    """It has the time of its last new name, and the rights of the same directory below."""
    below, root, here = tmp_path / "below", tmp_path / "diff", (os.getuid(), os.getgid())
    for name in ("unlisted/in", "listed", "other-rights", "was-file"):
        (below / name).mkdir(parents=True, mode=0o700)
    (below / "was-file").rmdir()
    (below / "was-file").write_bytes(b"")
    for name in ("unlisted", "unlisted/in", "listed", "other-rights", "was-file"):
        (root / name).mkdir(parents=True, mode=0o700)
    (below / "unlisted").chmod(0o700)
    (root / "other-rights").chmod(0o750)
    for name in ("unlisted/in/f", "listed/f", "other-rights/f", "was-file/f"):
        (root / name).write_bytes(b"x")
    os.utime(root / "listed", (1, 1))
    everything = [entry.path for entry in LayerFolder(root).read().entries]
    assert everything == [
        "listed", "listed/f", "other-rights", "other-rights/f",
        "unlisted", "unlisted/in", "unlisted/in/f", "was-file", "was-file/f",
    ]  # fmt: skip
    found = LayerFolder(root, (tmp_path / "nothing", below)).read().entries
    assert [entry.path for entry in found] == [
        path for path in everything if path not in ("unlisted", "unlisted/in")
    ]
    mode = (root / "unlisted/in/f").stat().st_mode & 0o7777
    assert FileEntry("unlisted/in/f", "file", 1, mode, *here) in found
