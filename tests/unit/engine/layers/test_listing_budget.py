"""How much a few packed bytes may make of our lists, counted in members and bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable

import pytest

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.layers import listing_budget
from helpers.engine.layers.layer_archive import read_layer
from helpers.engine.layers.listing_budget import ListingBudget
from helpers.errors import UnreadableImage
from helpers.model.layers.layer_files import LayerFiles
from tests.unit import tar_writer as tar

DEEP = b"/".join([b"d"] * 1900)


def deep(place: int) -> bytes:
    """A member 1,900 folders deep, none of which another has."""
    return tar.pax([(b"path", b"%d/" % place + DEEP)]) + tar.file(b"f")


FLOODS: dict[str, Callable[[int], bytes]] = {
    "deep names": deep,
    "files": lambda place: tar.file(b"%d" % place),
    "whiteouts": lambda place: tar.file(b".wh.%d" % place),
    "opaque marks": lambda place: tar.file(b"%d/.wh..wh..opq" % place),
    "deep whiteouts": lambda place: (
        tar.pax([(b"path", b"%d/" % place + DEEP + b"/.wh.x")]) + tar.file(b"f")
    ),
    "links": lambda place: tar.symlink(b"%d" % place, b"t" * 90),
    "marks by devices": lambda place: tar.header(b"%d" % place, b"3"),
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on what comes of a few bytes, as 1 MiB: so that the test is quick."""
    monkeypatch.setattr(listing_budget, "FREE_BYTES", 1 << 20)


def read(packed: bytes, budget: ListingBudget | None = None) -> LayerFiles:
    return read_layer(unpacked(ByteStream([packed], len(packed))), budget)


def packed(members: Iterable[bytes]) -> bytes:
    return gzip.compress(tar.layer(*members), mtime=0)


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_from_a_few_bytes_is_refused(kind: str) -> None:
    flood = packed(FLOODS[kind](place) for place in range(8_000 if kind[:4] != "deep" else 400))
    with pytest.raises(UnreadableImage, match="would take"):
        read(flood)


def test_a_deep_name_counts_with_all_its_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_budget, "FREE_BYTES", 12 << 20)  # one such is 4.5 MiB
    assert len(read(packed([deep(0)] * 500)).entries) == 1
    with pytest.raises(UnreadableImage, match="would take"):
        read(packed(map(deep, range(4))))


def test_what_came_plain_may_list_what_it_holds() -> None:
    data = tar.layer(*(FLOODS["files"](place) for place in range(8_000)))
    assert len(read_layer(ByteStream([data], len(data))).entries) == 8_000


def test_the_layers_of_an_image_share_what_they_may_list() -> None:
    layer = packed(FLOODS["files"](place) for place in range(1_000))
    budget = ListingBudget()
    read(layer, budget)
    read(layer, budget)
    with pytest.raises(UnreadableImage, match="would take"):
        read(layer, budget)


def test_a_layer_as_large_as_any_that_is_real_is_within_bounds() -> None:
    budget, stream = ListingBudget(), ByteStream([bytes(20_000_000)])
    stream.skip(20_000_000)  # as 500,000 headers pack, at the best
    for _ in range(500_000):
        budget.take(120, stream)
