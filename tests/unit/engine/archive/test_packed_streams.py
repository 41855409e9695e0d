"""Packed streams in every form that packers write: what comes out is what was packed, or an error.

The reference is the library of each packing, which packed the bytes.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Sequence

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import is_packed, unpacked
from helpers.engine.archive.zstd_frames import content_bytes, is_zstd
from helpers.errors import UnreadableImage

PLAIN = b"".join(b"%d " % number for number in range(9_000))
HALVES = (PLAIN[:20_000], PLAIN[20_000:])


def without_size(data: bytes) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(data) + packer.flush()


def with_checksum(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def skippable(content: bytes = b"a note", kind: int = 0) -> bytes:
    return bytes([0x50 | kind]) + b"\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content


STREAMS: dict[str, bytes] = {
    "zstd": zstandard.compress(PLAIN),
    "zstd of unknown size": without_size(PLAIN),
    "zstd with a checksum": with_checksum(PLAIN),
    "zstd after a frame to skip": skippable() + zstandard.compress(PLAIN),
    "zstd after an empty frame to skip": skippable(b"", 15) + zstandard.compress(PLAIN),
    "zstd before a frame to skip": zstandard.compress(PLAIN) + skippable(bytes(5000), 7),
    "zstd in frames": b"".join(map(zstandard.compress, HALVES)),
    "zstd in frames of unknown size": b"".join(map(without_size, HALVES)),
    "zstd in frames of all kinds": skippable()
    + without_size(HALVES[0])
    + skippable(b"", 3)
    + with_checksum(HALVES[1])
    + zstandard.compress(b""),
    "gzip in members": b"".join(map(gzip.compress, HALVES)),
    "gzip of nothing first": gzip.compress(b"") + gzip.compress(PLAIN),
    "bzip2 in streams": b"".join(map(bz2.compress, HALVES)),
    "xz in streams": b"".join(map(lzma.compress, HALVES)),
}


def read(packed: bytes, chunk: int = 1 << 20) -> bytes:
    pieces = [packed[at : at + chunk] for at in range(0, len(packed), chunk)]
    return b"".join(unpacked(ByteStream(pieces, len(packed))).rest())


@pytest.mark.parametrize("form", STREAMS)
@pytest.mark.parametrize("chunk", [7, 4096, 1 << 20])
def test_all_of_it_comes_out(form: str, chunk: int) -> None:
    assert is_packed(STREAMS[form][:6])
    assert read(STREAMS[form], chunk) == PLAIN


@pytest.mark.parametrize("form", STREAMS)
def test_cut_off_it_is_refused_or_gives_a_whole_part_of_it(form: str) -> None:
    """Behind a whole frame or member nothing says that another was to follow."""
    data = STREAMS[form]
    for length in range(8, len(data), max(1, len(data) // 40)):
        try:
            got = read(data[:length])
        except UnreadableImage:
            continue
        assert got in (HALVES[0], PLAIN, b"")
        assert "in " in form or "skip" in form or "nothing" in form


@pytest.mark.parametrize("form", [form for form in STREAMS if form.startswith("zstd")])
def test_what_frames_say_of_their_size(form: str) -> None:
    stream = ByteStream([STREAMS[form]])
    said = content_bytes(stream)
    assert said == (None if "unknown" in form or "kinds" in form else len(PLAIN))
    assert stream.done_bytes == len(STREAMS[form])


@pytest.mark.parametrize(
    "junk", [b"\0" * 8, b"more", skippable()[:7], zstandard.compress(b"x")[:5]]
)
def test_junk_behind_frames_is_refused(junk: bytes) -> None:
    data = zstandard.compress(PLAIN) + junk
    with pytest.raises(UnreadableImage):
        read(data)
    with pytest.raises(UnreadableImage):
        content_bytes(ByteStream([data]))


def test_what_is_to_be_skipped_is_no_content() -> None:
    assert read(skippable() * 3) == b""
    assert content_bytes(ByteStream([skippable() * 3])) == 0
    assert not is_zstd(b"\x60\x2a\x4d\x18")
    assert not is_zstd(b"")


PACKERS: Sequence[Callable[[bytes], bytes]] = (
    zstandard.compress, without_size, with_checksum, skippable,
)  # fmt: skip
FRAMES = st.lists(st.tuples(st.sampled_from(PACKERS), st.binary(max_size=400)), min_size=1)


@settings(deadline=None)
@given(FRAMES, st.integers(1, 600))
def test_frames_of_all_kinds_are_read_whole(
    frames: list[tuple[Callable[[bytes], bytes], bytes]], chunk: int
) -> None:
    packed = b"".join(pack(content) for pack, content in frames)
    plain = b"".join(content for pack, content in frames if pack is not skippable)
    assert read(packed, chunk) == plain
    said = content_bytes(ByteStream([packed]))
    is_silent = any(pack is without_size and content for pack, content in frames)
    assert said == (None if is_silent else len(plain))


@settings(deadline=None)
@given(st.sampled_from(sorted(STREAMS)), st.integers(0, 9999), st.binary(max_size=20))
def test_damaged_anywhere_it_is_read_or_refused(form: str, place: int, put: bytes) -> None:
    data = STREAMS[form]
    at = place * len(data) // 10_000
    damaged = data[:at] + put + data[at + len(put) :]
    for reader in (read, lambda packed: content_bytes(ByteStream([packed]))):
        try:
            reader(damaged)
        except UnreadableImage:
            continue
