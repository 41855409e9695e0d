"""A layer is kept under a diff-id only when that is the digest of its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from helpers.engine.layers import analyse
from helpers.errors import UnreadableImage
from tests.unit import tar_writer as tar
from tests.unit.saving_engine import SavingEngine

LAYER = tar.layer(tar.file(b"f", b"true"))
OTHER = tar.layer(tar.file(b"f", b"evil"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    return tmp_path


def diff_id(algorithm: str, layer: bytes) -> str:
    return f"{algorithm}:{hashlib.new(algorithm, layer).hexdigest()}"


class Naming(SavingEngine):
    """An engine whose image names its only layer so, whatever that is."""

    def __init__(self, layer: bytes, diff_id: str) -> None:
        config = tar.config([layer]).replace(tar.digest(layer).encode(), diff_id.encode())
        manifest = b'[{"Config":"c.json","RepoTags":["a:1"],"Layers":["l.tar"]}]'
        members = (tar.file(b"l.tar", layer), tar.file(b"c.json", config))
        super().__init__(tar.layer(*members, tar.file(b"manifest.json", manifest)), [layer], config)
        self._diff_ids = [diff_id]


def kept(home: Path) -> list[str]:
    return [path.name for path in home.rglob("*.files")]


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_a_layer_is_kept_under_each_digest_that_it_has(algorithm: str, home: Path) -> None:
    engine = Naming(LAYER, diff_id(algorithm, LAYER))
    assert analyse(engine, "a:1").files()["f"].size_bytes == 4  # type: ignore[arg-type]
    assert kept(home) == [f"{diff_id(algorithm, LAYER).replace(':', '-')}.files"]


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "md5", "sha1", "sha3_256"])
def test_other_bytes_are_refused_and_the_true_image_is_read_right(
    algorithm: str, home: Path
) -> None:
    with pytest.raises(UnreadableImage):
        analyse(Naming(OTHER, diff_id(algorithm, LAYER)), "a:1")  # type: ignore[arg-type]
    assert kept(home) == []


def test_what_cannot_be_checked_is_refused_though_it_is_right(home: Path) -> None:
    with pytest.raises(UnreadableImage, match="not known here"):
        analyse(Naming(LAYER, diff_id("md5", LAYER)), "a:1")  # type: ignore[arg-type]
    assert kept(home) == []


def test_a_packed_layer_is_known_by_what_is_in_it(home: Path) -> None:
    engine = Naming(tar.gzipped(LAYER), tar.digest(LAYER))
    assert list(analyse(engine, "a:1").files()) == ["f"]  # type: ignore[arg-type]
    assert len(kept(home)) == 1
