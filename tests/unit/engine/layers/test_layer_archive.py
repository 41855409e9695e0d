"""One layer's archive, header by header: every form that archivers write, and hostile ones."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest
import zstandard

from helpers.engine.archive.byte_stream import PIECE_BYTES, ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.layers.layer_archive import read_layer
from helpers.errors import UnreadableImage
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.layer_files import LayerFiles
from tests.unit import tar_writer as tar


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def read(data: bytes, chunk: int = 1 << 20) -> LayerFiles:
    return read_layer(unpacked(ByteStream(chunks(data, chunk), len(data))))


def listed(*members: bytes) -> list[tuple[str, str, int]]:
    return [(e.path, e.kind, e.size_bytes) for e in read(tar.layer(*members)).entries]


def fingerprint(text: bytes) -> bytes:
    return sha256(text).digest()[:16]


def test_each_kind_of_file_with_its_rights_and_owners() -> None:
    files = read(
        tar.layer(
            tar.folder(b"d/", mode=0o1777),
            tar.file(b"d/f", b"four", mode=0o4755, uid=7, gid=8),
            tar.symlink(b"d/s", b"../x y"),
            tar.hard_link(b"d/h", b"d/f", mode=0o4755, uid=7, gid=8),
            tar.header(b"d/c", b"3", mode=0o660, device=(1, 3)),
            tar.header(b"d/b", b"4", device=(8, 1)),
            tar.header(b"d/p", b"6", mode=0o600),
        )
    )
    assert files.entries == (
        FileEntry("d", "directory", 0, 0o1777),
        FileEntry("d/f", "file", 4, 0o4755, 7, 8, "", fingerprint(b"four")),
        FileEntry("d/s", "symlink", 0, 0o777, 0, 0, "../x y"),
        FileEntry("d/h", "file", 0, 0o4755, 7, 8, "d/f"),
        FileEntry("d/c", "device", 0, 0o660, 0, 0, "", b"c1:3"),
        FileEntry("d/b", "device", 0, 0o644, 0, 0, "", b"b8:1"),
        FileEntry("d/p", "fifo", 0, 0o600),
    )
    assert files.flagged == ()


@pytest.mark.parametrize("name", [b"a/b", b"./a/b", b"/a/b", b"//a//b", b"././a/./b", b"a/b/"])
def test_prefixes_and_doubled_slashes_mean_nothing(name: bytes) -> None:
    type_ = b"5" if name.endswith(b"/") else b"0"
    assert [path for path, _, _ in listed(tar.header(name, type_))] == ["a/b"]


@pytest.mark.parametrize("name", [b"./", b".", b"/", b""])
def test_the_root_itself_is_no_entry(name: bytes) -> None:
    assert listed(tar.folder(name)) == []


def test_old_archives_without_magic_mark_directories_by_a_slash() -> None:
    assert listed(tar.header(b"d/", b"\0", magic=b""), tar.file(b"d/f", b"x", type_=b"\0")) == [
        ("d", "directory", 0),
        ("d/f", "file", 1),
    ]


def test_a_prefix_goes_before_the_name_in_ustar_only() -> None:
    assert listed(tar.header(b"f", prefix=b"a/b")) == [("a/b/f", "file", 0)]
    times = b"14524770000\x0014524770000\0"
    assert listed(tar.header(b"f", prefix=times, magic=b"ustar  \0")) == [("f", "file", 0)]


def test_a_name_of_exactly_100_bytes_has_no_zero_at_its_end() -> None:
    assert listed(tar.header(b"n" * 100)) == [("n" * 100, "file", 0)]


def test_names_that_are_not_utf8_or_hold_html_survive() -> None:
    names = [b"caf\xe9", "café ☕".encode(), b"<img src=x onerror=alert(1)>", b"new\nline"]
    files = read(tar.layer(*(tar.file(name) for name in names)))
    assert [entry.path.encode("utf-8", "surrogateescape") for entry in files.entries] == names


def test_a_pax_header_gives_path_link_size_and_owners() -> None:
    long = b"d/" * 100 + b"f" * 200
    members = (
        tar.pax([(b"path", long), (b"size", b"4"), (b"uid", b"3000000"), (b"gid", b"9")]),
        tar.header(b"short", size=0) + tar.padded(b"four"),
        tar.pax([(b"linkpath", long), (b"comment", b"a=b\nc"), (b"uid", b"3000000")]),
        tar.hard_link(b"again", b"short"),
        tar.file(b"plain", b"x"),
    )
    files = read(tar.layer(*members))
    assert [entry.path for entry in files.entries] == [long.decode(), "again", "plain"]
    assert {e.path: e.size_bytes for e in files.entries} == {
        long.decode(): 0,
        "again": 4,
        "plain": 1,
    }
    assert files.entries[0].uid == 3_000_000


def test_gnu_long_names_and_links() -> None:
    name, target = b"n" * 300, b"t" * 400
    files = read(
        tar.layer(
            tar.gnu_long(target, b"K"), tar.gnu_long(name), tar.symlink(b"n", b"t"), tar.file(b"x")
        )
    )
    assert [(e.path, e.link_target) for e in files.entries] == [
        (name.decode(), target.decode()),
        ("x", ""),
    ]


def test_sizes_and_owners_in_base_256() -> None:
    files = read(
        tar.layer(
            tar.header(b"f", size=tar.base_256(4, 12), uid=tar.base_256(4_000_000_000, 8))
            + tar.padded(b"four")
        )
    )
    assert files.entries[0].size_bytes == 4
    assert files.entries[0].uid == 4_000_000_000


def test_an_old_gnu_sparse_file_counts_at_its_full_size_and_is_flagged() -> None:
    more = (b"%011o\0%011o\0" % (999_999, 1)).ljust(512, b"\0")
    rest = bytes(386 - 345) + b"%011o\0%011o\0" % (0, 4) * 4 + b"\1" + b"%011o\0" % 1_000_000
    head = tar.header(b"s", b"S", size=4, magic=b"ustar  \0", rest=rest)
    files = read(tar.layer(head, more, tar.padded(b"four"), tar.file(b"next", b"x")))
    assert [(e.path, e.kind, e.size_bytes) for e in files.entries] == [
        ("s", "file", 1_000_000),
        ("next", "file", 1),
    ]
    assert "sparse" in files.flagged[0]


@pytest.mark.parametrize(
    "records",
    [
        [(b"GNU.sparse.size", b"1000000"), (b"GNU.sparse.map", b"0,4")],
        [
            (b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.name", b"s"),
            (b"GNU.sparse.realsize", b"1000000"),
        ],
    ],
)  # fmt: skip
def test_a_pax_sparse_file_counts_at_its_full_size(records: list[tuple[bytes, bytes]]) -> None:
    name = b"GNUSparseFile.1/s" if len(records) == 4 else b"s"
    assert listed(tar.pax(records), tar.file(name, b"four"), tar.file(b"next", b"x")) == [
        ("s", "file", 1_000_000),
        ("next", "file", 1),
    ]


def test_sparse_files_are_the_same_where_map_and_content_are() -> None:
    def made(where: bytes) -> bytes:
        sparse = tar.pax([(b"GNU.sparse.size", b"99"), (b"GNU.sparse.map", where)])
        return read(tar.layer(sparse, tar.file(b"s", b"four"))).entries[0].fingerprint

    assert made(b"0,4") == made(b"0,4") != made(b"9,4")


def test_whiteouts_opaque_marks_and_the_names_of_aufs() -> None:
    files = read(
        tar.layer(
            tar.file(b"d/.wh.gone"),
            tar.file(b"./.wh.top"),
            tar.folder(b"o/"),
            tar.file(b"o/new", b"x"),
            tar.file(b"o/.wh..wh..opq"),
            tar.folder(b".wh..wh.plnk/"),
            tar.file(b".wh..wh.plnk/1.2", b"kept"),
            tar.file(b".wh..wh.aufs"),
            tar.file(b"not.wh.one"),
        )
    )
    assert files.whiteouts == {"d/gone", "top"}
    assert files.opaque == {"o"}
    assert [entry.path for entry in files.entries] == ["o", "o/new", "not.wh.one"]
    assert read(tar.layer(tar.file(b".wh..wh..opq"))).opaque == {""}


def test_links_into_the_folder_of_aufs_have_its_content() -> None:
    files = read(
        tar.layer(
            tar.file(b".wh..wh.plnk/1.2", b"four"),
            tar.hard_link(b"b", b".wh..wh.plnk/1.2"),
            tar.hard_link(b"c", b".wh..wh.plnk/1.2"),
        )
    )
    assert [(e.path, e.size_bytes, e.link_target) for e in files.entries] == [
        ("b", 4, ""),
        ("c", 0, "b"),
    ]


@pytest.mark.parametrize("name", [b".wh.", b"d/.wh..", b".wh..."])
def test_a_whiteout_of_no_name_is_flagged(name: bytes) -> None:
    files = read(tar.layer(tar.file(name)))
    assert (files.whiteouts, files.entries) == (frozenset(), ())
    assert len(files.flagged) == 1


def test_content_stands_under_the_first_name_whatever_the_archive_says() -> None:
    files = read(tar.layer(tar.file(b"z", b"four"), tar.hard_link(b"a", b"z")))
    assert files.entries == (
        FileEntry("z", "file", 0, 0o644, 0, 0, "a"),
        FileEntry("a", "file", 4, 0o644, 0, 0, "", fingerprint(b"four")),
    )


def test_a_size_in_a_links_header_is_not_followed_by_a_body() -> None:
    members = (tar.file(b"a", b"x"), tar.hard_link(b"b", b"a", size=1), tar.file(b"c", b"y"))
    assert [path for path, _, _ in listed(*members)] == ["a", "b", "c"]


@pytest.mark.parametrize("name", [b"../../etc/passwd", b"a/../../x", b"..", b"./../x"])
def test_a_path_that_climbs_out_is_left_out_and_flagged(name: bytes) -> None:
    files = read(tar.layer(tar.file(name, b"evil"), tar.file(b"next", b"x")))
    assert [entry.path for entry in files.entries] == ["next"]
    assert "left out" in files.flagged[0]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"usr/bin/../share/x", "usr/share/x"),
        (b"/../x", "x"),
        (b"/../../a/./../x", "x"),
        (b"d/.wh.x/../y", "d/y"),
        (b"d//..//x", "x"),
    ],
)
def test_a_step_back_takes_away_what_stands_before_it(name: bytes, path: str) -> None:
    assert [found for found, _, _ in listed(tar.file(name, b"x"))] == [path]
    assert listed(tar.folder(b"a/..")) == []


def test_a_hard_link_that_climbs_out_is_left_out_and_flagged() -> None:
    files = read(tar.layer(tar.hard_link(b"a", b"../../etc/passwd")))
    assert files.entries == ()
    assert "climbs out" in files.flagged[0]


@pytest.mark.parametrize(("length", "fits"), [(4000, True), (4095, True), (5000, False)])
def test_names_of_thousands_of_bytes(length: int, fits: bool) -> None:
    name = b"/".join([b"n" * 96] * 52)[:length]
    assert len(name) == length
    files = read(tar.layer(tar.pax([(b"path", name)]), tar.file(b"x"), tar.file(b"y")))
    paths = [entry.path for entry in files.entries]
    assert paths == ([name.decode(), "y"] if fits else ["y"])
    assert bool(files.flagged) is not fits


def test_one_name_of_4000_bytes_is_kept_whole() -> None:
    name = b"n" * 4000
    assert listed(tar.pax([(b"path", name)]), tar.file(b"x", b"four"), tar.file(b"y")) == [
        (name.decode(), "file", 4),
        ("y", "file", 0),
    ]


def test_unknown_types_are_left_out_and_flagged() -> None:
    files = read(tar.layer(tar.header(b"odd", b"?"), tar.file(b"y")))
    assert [entry.path for entry in files.entries] == ["y"]
    assert len(files.flagged) == 1


@pytest.mark.parametrize("chunk", [1, 7, 511, 512, 513, 100_000])
def test_the_chunks_in_which_it_comes_do_not_matter(chunk: int) -> None:
    dice = random.Random(1)
    members = [tar.file(b"f%d" % n, dice.randbytes(dice.randrange(3000))) for n in range(40)]
    data = tar.layer(*members, tar.pax([(b"path", b"p" * 200)]), tar.file(b"x", b"y"))
    assert read(data, chunk) == read(data)
    assert len(read(data).entries) == 41


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_what_python_writes_is_read_as_it_was_meant(format: int) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
        for name in ("a", "d/" * 60 + "f", "x" * 90):
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.uid = 5, 0o640, 1234
            archive.addfile(member, io.BytesIO(b"12345"))
    entries = read(buffer.getvalue()).entries
    assert [e.path for e in entries] == ["a", "d/" * 60 + "f", "x" * 90]
    assert {(e.size_bytes, e.mode, e.uid) for e in entries} == {(5, 0o640, 1234)}


SAMPLE = tar.layer(tar.folder(b"d/"), tar.file(b"d/f", b"x" * 5000), tar.symlink(b"s", b"d/f"))
PACKINGS = {
    "plain": bytes,
    "gzip": gzip.compress,
    "gzip in members": lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]),
    "gzip with padding": lambda data: gzip.compress(data) + bytes(512),
    "zstd": zstandard.compress,
    "zstd in frames": lambda data: zstandard.compress(data[:99]) + zstandard.compress(data[99:]),
    "bzip2": bz2.compress,
    "bzip2 in streams": lambda data: bz2.compress(data[:99]) + bz2.compress(data[99:]),
    "xz": lzma.compress,
    "xz with padding": lambda data: lzma.compress(data[:99]) + bytes(8) + lzma.compress(data[99:]),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("chunk", [1, 100, 1 << 20])
def test_packed_layers_are_told_by_their_first_bytes(packing: str, chunk: int) -> None:
    assert read(PACKINGS[packing](SAMPLE), chunk) == read(SAMPLE)


@pytest.mark.parametrize("packing", ["gzip", "zstd", "bzip2", "xz"])
def test_a_packed_layer_that_is_cut_off_anywhere_is_refused(packing: str) -> None:
    data = PACKINGS[packing](SAMPLE)
    for length in range(7, len(data) - 1):
        with pytest.raises(UnreadableImage):
            read(data[:length])


def test_a_plain_layer_that_is_cut_off_anywhere_but_between_members_is_refused() -> None:
    between = {512, 512 + 512 + 5120, len(SAMPLE) - 1024, len(SAMPLE) - 512}
    for length in range(1, len(SAMPLE) - 512, 13):
        if length in between:
            continue
        with pytest.raises(UnreadableImage):
            read(SAMPLE[:length])


def test_a_damaged_header_is_refused_wherever_the_damage_is() -> None:
    for place in range(512):
        damaged = bytearray(SAMPLE)
        damaged[place] ^= 0x55
        with pytest.raises(UnreadableImage):
            read(bytes(damaged))


@pytest.mark.parametrize("packing", ["gzip", "zstd", "bzip2", "xz"])
def test_random_damage_in_a_packed_layer_never_does_more_than_refuse(packing: str) -> None:
    dice, data = random.Random(2), PACKINGS[packing](SAMPLE)
    for _ in range(300):
        damaged = bytearray(data)
        damaged[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        try:
            read(bytes(damaged))
        except UnreadableImage:
            continue


@pytest.mark.parametrize(
    "member",
    [
        tar.header(b"bomb", size=tar.base_256(1 << 43, 12)),
        tar.header(b"bomb", size=0o77777777777),
        tar.pax([(b"size", b"9" * 18)]) + tar.header(b"bomb"),
        tar.pax([(b"size", b"9" * 30)]) + tar.header(b"bomb"),
        tar.pax([(b"size", b"-5")]) + tar.header(b"bomb"),
        tar.header(b"bomb", size=b"\xff" * 12),
        tar.header(b"bomb", size=b"nonsense"),
        tar.header(b"bomb", size=b"0999"),
        tar.header(b"bomb", size=b"\xff" * 11 + b"\xfe"),
        tar.pax([(b"path", b"a\0b")]) + tar.file(b"x"),
        tar.pax([(b"", b"a")]) + tar.file(b"x"),
        tar.pax([(b"uid", b"9" * 19)]) + tar.file(b"x"),
        tar.header(b"x", uid=b"\xbf" + b"\xff" * 7, size=b"\x80" + b"\xff" * 11),
        tar.header(b"x", b"x", size=1 << 30),
        tar.header(b"L", b"L", size=1 << 30),
        tar.file(b"x", b"12 path=", type_=b"x"),
        tar.file(b"x", b"9 nothing\n", type_=b"x"),
        tar.file(b"x", b"99999999999999999999 a=b\n", type_=b"x"),
    ],
)
@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd", "bzip2", "xz"])
def test_a_header_that_claims_what_cannot_be_is_refused(member: bytes, packing: str) -> None:
    with pytest.raises(UnreadableImage):
        read(PACKINGS[packing](tar.layer(member)))


@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_a_claim_is_refused_before_anything_more_is_read(packing: str) -> None:
    bomb = tar.header(b"bomb", size=0o77777777777) + random.Random(5).randbytes(1_000_000)
    data, asked = PACKINGS[packing](bomb), list[int]()

    def told() -> Iterator[bytes]:
        for place, chunk in enumerate(chunks(data, 10_000)):
            asked.append(place)
            yield chunk

    with pytest.raises(UnreadableImage, match="so many cannot follow"):
        read_layer(unpacked(ByteStream(told(), len(data))))
    assert len(asked) <= 20


def test_a_sparse_file_that_claims_terabytes_is_flagged_and_nothing_is_read_of_it() -> None:
    bomb = tar.pax([(b"GNU.sparse.size", b"9000000000000"), (b"GNU.sparse.map", b"0,4")])
    files = read(tar.layer(bomb, tar.file(b"s", b"four")))
    assert files.entries[0].size_bytes == 9_000_000_000_000
    assert "9,000,000,000,000" in files.flagged[0]


def test_a_bomb_is_read_piece_by_piece_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.engine.archive.unpack_budget.MOST_BYTES", 50_000_000)
    packer = zlib.compressobj(9, wbits=31)
    head = tar.header(b"zeros", size=49_000_000)
    bomb = b"".join(packer.compress(part) for part in (head, *[bytes(1_000_000)] * 200))
    with pytest.raises(UnreadableImage, match="64 GiB"):
        read(bomb + packer.flush())


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_a_tight_bomb_is_unpacked_in_small_pieces(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(20_000_000))
    assert len(bomb) < 10_000
    stream = unpacked(ByteStream([bomb]))
    assert max(len(piece) for piece in stream.rest()) <= PIECE_BYTES
