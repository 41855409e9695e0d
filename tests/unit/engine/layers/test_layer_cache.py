"""File lists that are kept: the same comes back, and damage is never believed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from helpers.engine.layers import cache
from helpers.engine.layers.layer_codec import decoded, encoded
from helpers.errors import UnreadableImage
from helpers.model.image.history import HistoryEntry
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.layer_files import LayerFiles

DIFF_ID = "sha256:" + "ab" * 32
PRINT = bytes(range(16))
FILES = LayerFiles(
    (
        FileEntry("d", "directory", 0, 0o1777),
        FileEntry("d/caf\udce9", "file", 1 << 50, 0o4755, 3_000_000_000, 7, "", PRINT),
        FileEntry("d/\n<b>", "symlink", 0, 0o777, 0, 0, "caf\udce9 ☕"),
        FileEntry("d/null", "device", 0, 0o666, fingerprint=b"c1:3"),
        FileEntry("d/new", "file", 5, 0o644),
        FileEntry("d/pipe", "fifo"),
    ),
    frozenset({"gone", "caf\udce9"}),
    frozenset({"", "o"}),
    ("Something was odd.",),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    return tmp_path / "cache" / "layers"


@pytest.mark.parametrize("files", [FILES, LayerFiles(), LayerFiles(FILES.entries[:1])])
def test_what_is_kept_comes_back(files: LayerFiles) -> None:
    cache.save(DIFF_ID, files)
    assert cache.load(DIFF_ID) == files
    assert all(isinstance(entry, FileEntry) for entry in decoded(encoded(files)).entries)


def test_what_was_never_kept_is_none() -> None:
    assert cache.load(DIFF_ID) is None
    assert cache.load_history(DIFF_ID) is None


def test_histories_come_back() -> None:
    history = (HistoryEntry("RUN x", False, "buildkit"), HistoryEntry("ENV a=b", True))
    cache.save_history(DIFF_ID, history)
    assert cache.load_history(DIFF_ID) == history


def test_a_damaged_list_is_never_believed_and_deleted(home: Path) -> None:
    cache.save(DIFF_ID, FILES)
    (path,) = home.iterdir()
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x40
        path.write_bytes(damaged)
        assert cache.load(DIFF_ID) is None
        assert not path.exists()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert cache.load(DIFF_ID) is None


def test_what_another_version_kept_is_not_looked_at(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.save(DIFF_ID, FILES)
    monkeypatch.setattr(cache, "FORMAT", b"layer files 2\n")
    assert cache.load(DIFF_ID) is None


def test_bytes_that_pass_the_checksum_and_make_no_sense_are_dropped(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, whole = random.Random(4), encoded(FILES)
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        monkeypatch.setattr(cache, "encoded", lambda _, data=bytes(damaged): data)
        cache.save(DIFF_ID, FILES)
        loaded = cache.load(DIFF_ID)
        assert loaded is None or isinstance(loaded, LayerFiles)


@pytest.mark.parametrize("digest", ["", "sha256:", "../../x", "sha256:../../../x", "sha256:AB" * 9])
def test_what_is_no_digest_names_no_file(digest: str) -> None:
    with pytest.raises(UnreadableImage):
        cache.save(digest, FILES)


def test_a_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "file"))
    cache.save(DIFF_ID, FILES)
    assert cache.load(DIFF_ID) is None


def test_nothing_half_written_is_left(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    cache.save(DIFF_ID, FILES)
    assert list(home.iterdir()) == []
