"""Headers of tar archives as Go's archive/tar reads them, by which Docker unpacks a layer.

What is expected stands in that package's reader: each case names the rule.
"""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.engine.archive import tar_members
from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.tar_header import BLOCK_BYTES, Header, number
from helpers.engine.archive.tar_members import members
from helpers.errors import UnreadableImage
from tests.unit import tar_writer as tar

TIME = b"14524770000\0"


def read(*parts: bytes) -> list[Header]:
    data = tar.layer(*parts)
    return list(members(ByteStream([data], len(data))))


def names(*parts: bytes) -> list[bytes]:
    return [header.name for header in read(*parts)]


def test_what_is_said_of_all_that_follow_is_said_of_nothing() -> None:
    for record in ((b"path", b"evil"), (b"size", b"0"), (b"uid", b"5"), (b"linkpath", b"evil")):
        first, second = read(tar.pax([record], b"g"), tar.file(b"a", b"four"), tar.file(b"b"))
        assert (first.name, first.size_bytes, first.uid, first.link) == (b"a", 4, 0, b"")
        assert second.name == b"b"


def test_what_was_said_before_it_is_forgotten() -> None:
    about_all = tar.pax([(b"comment", b"x")], b"g")
    assert names(tar.pax([(b"path", b"long")]), about_all, tar.file(b"a")) == [b"a"]
    assert names(tar.gnu_long(b"long"), about_all, tar.file(b"a")) == [b"a"]


def test_a_header_for_all_is_refused_where_it_makes_no_sense() -> None:
    with pytest.raises(UnreadableImage):
        read(tar.file(b"g", b"9 nothing\n", type_=b"g"), tar.file(b"a"))


def test_of_two_extended_headers_the_later_holds_alone() -> None:
    (header,) = read(tar.pax([(b"path", b"one"), (b"uid", b"7")]), tar.pax([(b"gid", b"8")]),
                     tar.file(b"a"))  # fmt: skip
    assert (header.name, header.uid, header.gid) == (b"a", 0, 8)


@pytest.mark.parametrize("is_gnu_first", [True, False])
def test_gnus_long_name_goes_before_that_of_pax(is_gnu_first: bool) -> None:
    both = [tar.gnu_long(b"gnu"), tar.pax([(b"path", b"pax")])]
    assert names(*(both if is_gnu_first else both[::-1]), tar.file(b"a")) == [b"gnu"]


def test_a_record_without_a_value_leaves_the_header_as_it_is() -> None:
    (header,) = read(tar.pax([(b"path", b""), (b"uid", b"")]), tar.file(b"a", uid=7))
    assert (header.name, header.uid) == (b"a", 7)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (b"\xff" * 7 + b"\xfe", -2),
        (b"\xff" * 8, -1),
        (b"\xc0" + bytes(7), -(1 << 62)),
        (b"\x80" + bytes(6) + b"\x05", 5),
        (b"\x80\0\0\0\xff\xff\xff\xfe", 4294967294),
        (b"\0\0 0017\0", 15),
        (b" 17 \0 \0\0", 15),
        (b"17\0junk\0", 15),
        (b"77777777", 0o77777777),
        (bytes(8), 0),
        (b" " * 8, 0),
    ],
)
def test_numbers(field: bytes, value: int) -> None:
    assert number(field) == value


@pytest.mark.parametrize(
    "field", [b"\x80\x80" + bytes(10), b"\x9f" * 12, b"1_0\0", b"0o7\0", b"+7\0", b"\t7\0", b"8\0"]
)
def test_what_is_no_number_of_64_bits(field: bytes) -> None:
    with pytest.raises(UnreadableImage):
        number(field)


@pytest.mark.parametrize(("text", "value"), [(b"-2", -2), (b"+3", 3), (b"4294967294", 4294967294)])
def test_pax_numbers_may_have_a_sign(text: bytes, value: int) -> None:
    assert [header.uid for header in read(tar.pax([(b"uid", text)]), tar.file(b"a"))] == [value]


@pytest.mark.parametrize("text", [b"-", b"1_0", b" 5", b"5 ", b"0x5", "²".encode(), b"9" * 19])
def test_pax_numbers_that_are_none(text: bytes) -> None:
    with pytest.raises(UnreadableImage):
        read(tar.pax([(b"uid", text)]), tar.file(b"a"))


def test_the_oldest_type_is_a_folder_by_the_slash_that_its_whole_name_ends_with() -> None:
    headers = read(
        tar.header(b"d/", b"\0", size=512), tar.pax([(b"path", b"e/")]), tar.header(b"e", b"\0"),
        tar.header(b"f", b"\0"), tar.header(b"g/", b"0"),
    )  # fmt: skip
    assert [(one.type, one.size_bytes) for one in headers] == [
        (b"5", 0), (b"5", 0), (b"0", 0), (b"0", 0),
    ]  # fmt: skip


def test_an_unknown_type_is_a_member_even_that_of_solaris_for_extended_headers() -> None:
    headers = read(tar.file(b"a", b"9 path=b\n", type_=b"X"), tar.file(b"c"))
    assert [one.type for one in headers] == [b"X", b"0"]


def test_a_prefix_is_ustars_and_stars_and_what_go_once_wrote_beside_gnus_magic() -> None:
    gnu, mark = b"ustar  \0", b"tar\0"
    assert names(tar.header(b"f", prefix=b"a/b")) == [b"a/b/f"]
    assert names(tar.header(b"f", prefix=b"a/b", magic=b"ustar\0\0\0")) == [b"a/b/f"]
    assert names(tar.header(b"f", prefix=b"a/b", magic=b"")) == [b"f"]
    assert names(tar.header(b"f", prefix=TIME * 2, magic=gnu)) == [b"f"]
    assert names(tar.header(b"f", prefix=b"a/b", magic=gnu)) == [b"a/b/f"]
    assert names(tar.header(b"f", prefix=b"caf\xc3\xa9", magic=gnu)) == [b"f"]
    star = (b"p" * 131 + TIME * 2).ljust(163, b"\0") + mark
    assert names(tar.header(b"f", rest=star)) == [b"p" * 131 + b"/f"]


def test_a_device_has_numbers_only_where_there_is_a_magic() -> None:
    assert [(one.major, one.minor) for one in read(
        tar.header(b"a", b"3", device=(1, 5)), tar.header(b"b", b"3", device=(1, 5), magic=b""),
    )] == [(1, 5), (0, 0)]  # fmt: skip


@pytest.mark.parametrize(
    ("records", "seen"),
    [
        ({"size": "99", "map": "0,4"}, ("s", 99)),
        ({"realsize": "99", "map": "0,4", "name": "t"}, ("t", 99)),
        ({"size": "98", "realsize": "99", "map": "0,4"}, ("s", 98)),
        ({"major": "2", "minor": "0", "realsize": "99", "name": "t"}, ("s", 4)),
        ({"realsize": "99", "name": "t"}, ("s", 4)),
        ({"major": "0", "realsize": "99", "map": "0,4"}, ("s", 4)),
    ],
)
def test_only_the_known_forms_of_sparse_files_are_sparse(
    records: dict[str, str], seen: tuple[str, int]
) -> None:
    about = [(b"GNU.sparse." + key.encode(), value.encode()) for key, value in records.items()]
    (header,) = read(tar.pax(about), tar.file(b"s", b"four"))
    assert (header.name.decode(), header.content_bytes) == seen


def test_an_end_with_something_behind_it_is_refused() -> None:
    with pytest.raises(UnreadableImage, match="behind its own end"):
        read(tar.file(b"a"), bytes(BLOCK_BYTES), tar.file(b"hidden"))
    assert names(tar.file(b"a"), bytes(10 * BLOCK_BYTES)) == [b"a"]


def test_the_end_may_be_missing() -> None:
    assert [one.name for one in members(ByteStream([tar.file(b"a")]))] == [b"a"]
    assert list(members(ByteStream([tar.file(b"a") + tar.pax([(b"path", b"b")])])))[1:] == []


@pytest.mark.parametrize("type_", [b"x", b"g"])
def test_extended_headers_are_read_in_proportion_to_the_members(type_: bytes) -> None:
    about, asked = tar.pax([(b"comment", b"c" * 1_000_000)], type_), list[int]()

    def chunks() -> object:
        for place in range(100):
            asked.append(place)
            yield about

    with pytest.raises(UnreadableImage, match="without end"):
        list(members(ByteStream(chunks())))  # type: ignore[arg-type]
    assert len(asked) <= tar_members.FREE_EXTENSION_BYTES // 1_000_000 + 2


def test_headers_of_an_honest_length_are_never_too_many() -> None:
    one = tar.pax([(b"SCHILY.xattr.user.x", b"v" * 8_000)]) + tar.file(b"a")
    assert len(read(*[one] * 2_000)) == 2_000


PARTS = st.lists(
    st.one_of(
        st.builds(tar.file, st.binary(max_size=9), st.binary(max_size=600)),
        st.builds(
            tar.header, st.binary(max_size=120), st.binary(min_size=1, max_size=1),
            st.binary(max_size=12).map(lambda field: field.ljust(12, b"\0")),
        ),
        st.builds(
            tar.pax,
            st.lists(
                st.tuples(
                    st.sampled_from(
                        [b"path", b"linkpath", b"size", b"uid", b"GNU.sparse.map", b"x",
                         b"GNU.sparse.size", b"GNU.sparse.major", b"GNU.sparse.name"]
                    ),
                    st.binary(max_size=30),
                ), max_size=4,
            ),
            st.sampled_from([b"x", b"g"]),
        ),
        st.builds(tar.gnu_long, st.binary(max_size=300), st.sampled_from([b"L", b"K"])),
        st.binary(max_size=1100),
    ),
    max_size=8,
)  # fmt: skip


@settings(deadline=None)
@given(PARTS, st.integers(1, 2000))
def test_any_bytes_are_read_or_refused_and_in_any_chunks_alike(
    parts: list[bytes], chunk: int
) -> None:
    data = b"".join(parts)
    pieces = [data[at : at + chunk] for at in range(0, len(data), chunk)]
    assert outcome([data]) == outcome(pieces)


def outcome(chunks: list[bytes]) -> list[Header] | str:
    try:
        return list(members(ByteStream(chunks, sum(map(len, chunks)))))
    except UnreadableImage as error:
        return str(error)


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1,
            max_size=300).filter(lambda name: not name.endswith("/")),
    st.binary(max_size=2000), st.integers(0, 2**32), st.sampled_from([0, 1, 2]),
)  # fmt: skip
def test_what_python_writes_is_read_as_it_was_meant(
    name: str, body: bytes, uid: int, format: int
) -> None:
    info, buffer = tarfile.TarInfo(name), io.BytesIO()
    info.size, info.uid = len(body), uid
    try:
        with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
            archive.addfile(info, io.BytesIO(body))
    except ValueError:
        return  # the oldest format holds neither long names nor large numbers
    data = buffer.getvalue()
    stream = ByteStream([data], len(data))
    for header in members(stream):
        assert (header.name, header.uid) == (name.encode(), uid)
        assert stream.take(header.size_bytes) == body
