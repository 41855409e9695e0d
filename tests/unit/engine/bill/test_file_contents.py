"""The contents of files as a container sees them, in each layout of an archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from helpers.engine.image.image import Image
from helpers.engine.layers import file_contents as module
from helpers.errors import UnreadableImage
from tests.unit import tar_writer as tar
from tests.unit.saving_engine import SavingEngine

BASE = tar.layer(
    tar.file(b"etc/db", b"old"),
    tar.file(b"etc/gone.db", b"gone"),
    tar.file(b"etc/stays.db", b"stays"),
    tar.file(b"etc/body.db", b"twice"),
    tar.hard_link(b"etc/again.db", b"etc/body.db"),
    tar.symlink(b"etc/link.db", b"db"),
    tar.file(b"etc/other", b"not asked for"),
    tar.file(b"dir/x.db", b"below"),
)
TOP = tar.layer(
    tar.file(b"etc/db", b"new"),
    tar.file(b"etc/.wh.gone.db"),
    tar.symlink(b"dir", b"/etc"),
    tar.file(b"empty.db"),
)
LAYERS = [BASE, TOP]
SEEN = {
    "etc/db": b"new",
    "etc/stays.db": b"stays",
    "etc/body.db": b"twice",
    "etc/again.db": b"twice",
    "empty.db": b"",
}
LAYOUTS: dict[str, Callable[[list[bytes]], bytes]] = {
    "docker": tar.legacy,
    "docker 25": tar.docker_25,
    "podman": tar.podman,
    "oci, gzip": tar.oci,
    "oci, zstd": lambda layers: tar.oci(layers, zstandard.compress),
}


def wanted(path: str) -> bool:
    return path.endswith(("db", ".db"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))


def image_of(archive: bytes, layers: list[bytes]) -> Image:
    return Image(SavingEngine(archive, layers), "a:1")  # type: ignore[arg-type]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_container_sees_the_newest_and_nothing_hidden(layout: str) -> None:
    assert image_of(LAYOUTS[layout](LAYERS), LAYERS).contents(wanted) == SEEN


@pytest.mark.parametrize(
    ("members", "content"),
    [
        ([tar.file(b"a.db", b"first"), tar.file(b"a.db", b"last")], b"last"),
        ([tar.file(b"b.db", b"b"), tar.file(b"a.db", b"a"), tar.hard_link(b"a.db", b"b.db")], b"b"),
        ([tar.file(b"./a.db", b"dotted")], b"dotted"),
    ],
)
def test_what_stands_twice_in_a_layer_is_what_the_engine_unpacks_last(
    members: list[bytes], content: bytes
) -> None:
    layers = [tar.layer(*members)]
    assert image_of(tar.oci(layers), layers).contents(wanted)["a.db"] == content


def test_nothing_is_saved_where_nothing_is_wanted() -> None:
    engine = SavingEngine(tar.oci(LAYERS), LAYERS)
    image = Image(engine, "a:1")  # type: ignore[arg-type]
    assert image.content.tree
    saves = engine.saves
    assert image.contents(lambda path: path == "nowhere") == {}
    assert engine.saves == saves


def test_a_link_whose_body_is_not_wanted_is_not_passed_over() -> None:
    layers = [tar.layer(tar.file(b"etc/body", b"x"), tar.hard_link(b"etc/z.db", b"etc/body"))]
    with pytest.raises(UnreadableImage, match=r"/etc/z\.db does not stand"):
        image_of(tar.oci(layers), layers).contents(wanted)


@pytest.mark.parametrize(("each", "all_of_them"), [(9, 100), (100, 19)])
def test_databases_without_end_are_refused_before_they_are_read(
    each: int, all_of_them: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FILE_BYTES", each)
    monkeypatch.setattr(module, "MOST_BYTES", all_of_them)
    layers = [tar.layer(tar.file(b"a.db", b"x" * 10), tar.file(b"b.db", b"x" * 10))]
    engine = SavingEngine(tar.oci(layers), layers)
    image = Image(engine, "a:1")  # type: ignore[arg-type]
    assert image.content.tree
    saves = engine.saves
    with pytest.raises(UnreadableImage, match="larger than any can be"):
        image.contents(wanted)
    assert engine.saves == saves


def test_what_a_hidden_layer_holds_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten copies that later layers hide, of which a container sees one."""
    monkeypatch.setattr(module, "MOST_BYTES", 50)
    layers = [tar.layer(tar.file(b"a.db", bytes([n]) * 10)) for n in range(10)]
    with pytest.raises(UnreadableImage, match="larger than any can be"):
        image_of(tar.oci(layers), layers).contents(wanted)
