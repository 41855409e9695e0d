"""One image out of archives of `docker save`, in the layouts that engines write."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.supply.bundle_source import Bundle
from helpers.engine.supply.source_failed import SourceFailed
from helpers.engine.supply.sources import Wanted
from helpers.errors import Interrupted
from helpers.model.image.reference import ImageReference
from helpers.model.supply.supply import SupplyProgress
from tests.unit import tar_writer as tar

ONE = tar.layer(tar.file(b"one", b"1" * 3000))
OTHER = tar.layer(tar.file(b"other", b"2" * 5000))


class Engine:
    """Takes what `docker load` would take, and keeps the last of it."""

    def __init__(self) -> None:
        self.api = self
        self.taken = b""

    def load_image(self, chunks: Iterable[bytes]) -> list[dict[str, Any]]:
        self.taken = b"".join(chunks)
        return []


@pytest.fixture
def engine() -> Engine:
    return Engine()


def supplied(engine: Engine, path: Path, name: str, steps: list[SupplyProgress]) -> str:
    wanted = Wanted(ImageReference.parse(name), threading.Event(), steps.append)
    return Bundle(engine, path, False).supply(wanted)


def unpacked(archive: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The one entry of its manifest.json, and the layers that this names."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        (entry,) = json.load(opened.extractfile("manifest.json"))
        assert json.load(opened.extractfile(entry["Config"]))["rootfs"]
        return entry, [opened.extractfile(name).read() for name in entry["Layers"]]


def several() -> bytes:
    """Three images; the layer of one is a link to that of another."""
    entries = [
        {"Config": "c1.json", "RepoTags": ["app:1", "localhost/other:2"], "Layers": ["l1/l.tar"]},
        {"Config": "c2.json", "RepoTags": None, "Layers": ["l1/l.tar"]},
        {
            "Config": "c3.json",
            "RepoTags": ["docker.io/library/busybox:1.37"],
            "Layers": ["l2/l.tar", "l3/l.tar"],
        },
    ]
    return tar.layer(
        tar.symlink(b"l2/l.tar", b"../l1/l.tar"),
        tar.file(b"l3/l.tar", OTHER),
        tar.file(b"l1/l.tar", ONE),
        *(tar.file(b"c%d.json" % n, tar.config([ONE])) for n in (1, 2)),
        tar.file(b"c3.json", tar.config([ONE, OTHER])),
        tar.file(b"manifest.json", json.dumps(entries).encode()),
    )


@pytest.mark.parametrize("name", ["busybox:1.37", "docker.io/library/busybox:1.37"])
def test_only_the_wanted_image_and_name_is_sent_on(
    engine: Engine, tmp_path: Path, name: str
) -> None:
    steps: list[SupplyProgress] = []
    (tmp_path / "a.tar").write_bytes(several())
    assert supplied(engine, tmp_path / "a.tar", name, steps) == "from a.tar"
    entry, layers = unpacked(engine.taken)
    assert entry["RepoTags"] == ["busybox:1.37"]
    assert layers == [ONE, OTHER]
    with tarfile.open(fileobj=io.BytesIO(engine.taken)) as opened:
        assert len(opened.getnames()) == 4
    assert steps[-1].fraction == 1.0


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("layout", [tar.legacy, tar.docker_25, tar.podman])
def test_every_layout_and_packing_is_read(
    engine: Engine,
    tmp_path: Path,
    layout: Callable[[list[bytes]], bytes],
    pack: Callable[[bytes], bytes],
) -> None:
    (tmp_path / "a.tar").write_bytes(pack(layout([ONE, OTHER, ONE])))
    name = "localhost/a:1" if layout is tar.podman else "a:1"
    supplied(engine, tmp_path / "a.tar", name, [])
    entry, layers = unpacked(engine.taken)
    assert entry["RepoTags"] == [name]
    assert layers == [ONE, OTHER, ONE]


def test_a_folder_is_looked_through_past_what_is_damaged(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "0.tar").write_bytes(tar.legacy([ONE])[:1500])
    (tmp_path / "1.tar").write_bytes(tar.legacy([ONE], tag="x:1"))
    (tmp_path / "2.tar.gz").write_bytes(gzip.compress(tar.legacy([OTHER], tag="y:1")))
    assert supplied(engine, tmp_path, "y:1", []) == "from 2.tar.gz"
    with pytest.raises(SourceFailed, match=r"0\.tar: .*cut off"):
        supplied(engine, tmp_path, "z:1", [])


def test_what_is_in_no_archive_is_said(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(several())
    with pytest.raises(SourceFailed, match=r"it is not in a\.tar"):
        supplied(engine, tmp_path / "a.tar", "app:9", [])
    with pytest.raises(SourceFailed, match="there is no"):
        supplied(engine, tmp_path / "b.tar", "app:9", [])


@pytest.mark.parametrize("name", [b"readme", b"manifest.json"])
def test_an_archive_of_another_kind_is_refused(engine: Engine, tmp_path: Path, name: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(tar.layer(tar.file(name, b"{ not json")))
    with pytest.raises(SourceFailed, match=r"docker save|not JSON"):
        supplied(engine, tmp_path / "a.tar", "app:1", [])


def test_what_the_disk_refuses_is_not_taken_for_an_engine_that_is_gone(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "a.tar").mkdir()
    (tmp_path / "a.tar" / "b.tar").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SourceFailed, match=r"b\.tar cannot be read"):
        supplied(engine, tmp_path / "a.tar", "app:1", [])


def test_a_load_that_is_given_up_ends_at_once(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tar.legacy([ONE]))
    wanted = Wanted(ImageReference.parse("a:1"), threading.Event(), lambda _: None)
    wanted.cancelled.set()
    with pytest.raises(Interrupted):
        Bundle(engine, tmp_path / "a.tar", False).supply(wanted)
    assert engine.taken == b""
