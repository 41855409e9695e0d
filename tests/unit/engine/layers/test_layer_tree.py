"""What a layer's archive leaves in a folder, against a kernel that really gets its members.

The reference unpacks each member by the steps that Docker takes (what is there goes first, then
the file, its owner, its rights) into a folder, which the reader of an engine's storage then reads:
so both readers are held to each other, and to Linux.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.tar_header import Header
from helpers.engine.archive.tar_members import members
from helpers.engine.layers import layer_tree
from helpers.engine.layers.layer_archive import read_layer
from helpers.engine.layers.layer_folder import LayerFolder, may_read_marks
from helpers.errors import UnreadableImage
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.layer_files import LayerFiles
from tests.unit import tar_writer as tar

by_kernel = pytest.mark.skipif(
    sys.platform != "linux" or not may_read_marks(),
    reason="Only root can make devices, owners and marks.",
)


def read(*parts: bytes) -> LayerFiles:
    data = tar.layer(*parts)
    return read_layer(ByteStream([data], len(data)))


class Unpacked:
    """A folder with what these members leave there; `OSError` where the kernel refuses one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def take(self, header: Header, body: bytes) -> None:
        path = self.root / os.fsdecode(header.name).strip("/")
        if path.name.startswith(".wh."):
            os.mknod(path.with_name(path.name.removeprefix(".wh.")), stat.S_IFCHR, 0)
            return
        self._make_room(path, header)
        self._make(path, header, body)
        os.chown(path, header.uid & 0xFFFFFFFF, header.gid & 0xFFFFFFFF, follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(header.mode)
        if header.is_opaque and header.type == b"5":
            os.setxattr(path, "trusted.overlay.opaque", b"y")

    def _make_room(self, path: Path, header: Header) -> None:
        if not os.path.lexists(path.parent):
            path.parent.mkdir(parents=True)
        is_folder = path.is_dir() and not path.is_symlink()
        if is_folder and header.type != b"5":
            shutil.rmtree(path)
        elif os.path.lexists(path) and not is_folder:
            path.unlink()

    def _make(self, path: Path, header: Header, body: bytes) -> None:
        match header.type:
            case b"5":
                path.mkdir(exist_ok=True)
            case b"0":
                path.write_bytes(body)
            case b"1":
                os.link(self.root / os.fsdecode(header.link), path, follow_symlinks=False)
            case b"2":
                path.symlink_to(os.fsdecode(header.link))
            case b"3" | b"4":
                kind = stat.S_IFCHR if header.type == b"3" else stat.S_IFBLK
                os.mknod(path, kind, os.makedev(header.major, header.minor))
            case _:
                os.mkfifo(path)


def unpacked(*parts: bytes) -> LayerFiles | None:
    """What the kernel has of these members; None where it refuses one of them."""
    with rights_as_they_are_asked_for(), tempfile.TemporaryDirectory() as parent:
        root = Path(parent, "diff")
        root.mkdir()
        made, stream = Unpacked(root), ByteStream([tar.layer(*parts)])
        try:
            for header in members(stream):
                made.take(header, stream.take(header.content_bytes))
        except OSError:
            return None
        folder = LayerFolder(root)
        files = folder.read()
        contents = [e.path for e in files.entries if e.kind == "file" and e.size_bytes]
        return files.with_fingerprints(folder.fingerprints(contents))


@contextmanager
def rights_as_they_are_asked_for() -> Iterator[None]:
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


def alike(files: LayerFiles, implied: int = 0o777) -> tuple[object, ...]:
    """The files without folders that no member made: those the image's tree adds itself."""
    rows = {e.path: e for e in files.entries}
    parents = {path.rpartition("/")[0] for path in (*rows, *files.whiteouts)} - {""}
    for path in sorted(parents, reverse=True):
        while path and path not in rows:
            rows[path] = FileEntry(path, "directory", 0, implied)
            path = path.rpartition("/")[0]
    return ({path: rows[path] for path in sorted(rows)}, files.whiteouts, files.opaque)


def agrees(*parts: bytes) -> LayerFiles:
    real = unpacked(*parts)
    assert real is not None, "the kernel refuses it"
    ours = read(*parts)
    assert alike(ours) == alike(real)
    return ours


CASES: dict[str, tuple[bytes, ...]] = {
    "a hard link to a symlink": (
        tar.symlink(b"s", b"nowhere"), tar.hard_link(b"h", b"s", uid=4),
    ),
    "a hard link to a fifo": (
        tar.header(b"p", b"6", mode=0o600), tar.hard_link(b"h", b"p", mode=0o640, gid=7),
    ),
    "a hard link to a device": (
        tar.header(b"c", b"3", device=(1, 5)), tar.hard_link(b"h", b"c", mode=0o600),
    ),
    "a chain of hard links": (
        tar.file(b"z", b"four"), tar.hard_link(b"y", b"z"), tar.hard_link(b"x", b"y", mode=0o755),
    ),
    "a character device 0:0": (tar.header(b"gone", b"3", device=(0, 0)),),
    "a character device 0:0 over a file": (
        tar.file(b"f", b"x"), tar.header(b"f", b"3", device=(0, 0)),
    ),
    "a block device 0:0": (tar.header(b"b", b"4", device=(0, 0)),),
    "a device without a magic": (tar.header(b"gone", b"3", device=(1, 5), magic=b""),),
    "rights of a link's header": (
        tar.file(b"f", b"x", mode=0o600, uid=1), tar.hard_link(b"g", b"f", mode=0o4755, uid=2),
    ),
    "rights of a symlink": (tar.header(b"s", b"2", link=b"x", mode=0o600, uid=3),),
    "a path through a link": (
        tar.folder(b"e/"), tar.symlink(b"d", b"e"), tar.file(b"d/x", b"1"), tar.file(b"d/y", b"2"),
        tar.hard_link(b"d/z", b"d/x"), tar.header(b"d/.wh.old"),
    ),
    "a path through two links": (
        tar.folder(b"a/b/"), tar.symlink(b"a/up", b"../c"), tar.symlink(b"c", b"a/b"),
        tar.file(b"a/up/x", b"1"),
    ),
    "a name again, and its other name": (
        tar.file(b"f", b"old"), tar.hard_link(b"h", b"f"), tar.file(b"f", b"newer"),
    ),
    "a file where a folder was": (
        tar.folder(b"d/"), tar.file(b"d/x", b"1"), tar.hard_link(b"k", b"d/x"),
        tar.file(b"d", b"2"),
    ),
    "a folder where a file was": (tar.file(b"d", b"2"), tar.folder(b"d/"), tar.file(b"d/x", b"1")),
    "a link where its target's folder was": (
        tar.folder(b"e/"), tar.symlink(b"d", b"e"), tar.file(b"d/x", b"1"), tar.folder(b"d/"),
        tar.file(b"d/y", b"2"),
    ),
    "a folder twice": (
        tar.folder(b"d/", mode=0o700), tar.file(b"d/x", b"1"), tar.folder(b"d/", mode=0o755, uid=5),
    ),
    "a mark as an extended attribute": (
        tar.pax([(b"SCHILY.xattr.trusted.overlay.opaque", b"y")]), tar.folder(b"d/"),
    ),
    "an owner of -2": (tar.pax([(b"uid", b"-2"), (b"gid", b"-2")]), tar.file(b"f")),
    "an owner of -1": (tar.pax([(b"uid", b"-1")]), tar.file(b"f", gid=4)),
    "an owner beyond 32 bits": (tar.pax([(b"uid", b"4294967301")]), tar.file(b"f")),
}  # fmt: skip


@by_kernel
@pytest.mark.parametrize("case", CASES)
def test_the_kernel_has_the_same(case: str) -> None:
    agrees(*CASES[case])


@by_kernel
def test_devices_have_the_numbers_that_linux_keeps() -> None:
    files = read(tar.header(b"c", b"3", device=(0o10001, 5)))
    assert files.entries[0].fingerprint == b"c1:5"


def test_an_owner_is_a_number_of_32_bits() -> None:
    minus_2 = b"\xff" * 7 + b"\xfe"
    files = read(tar.file(b"f", uid=minus_2), tar.pax([(b"gid", b"-2")]), tar.file(b"g"))
    assert [(e.uid, e.gid) for e in files.entries] == [(4294967294, 0), (0, 4294967294)]


def test_a_hard_link_to_a_folder_or_itself_is_left_out_and_flagged() -> None:
    files = read(tar.folder(b"d/"), tar.hard_link(b"h", b"d"), tar.hard_link(b"i", b"i"),
                 tar.file(b"e/x"), tar.hard_link(b"j", b"e"), tar.hard_link(b"k", b"/"),
                 )  # fmt: skip
    assert [entry.path for entry in files.entries] == ["d", "e/x"]
    assert len(files.flagged) == 4


def test_links_that_lead_round_in_a_circle_end() -> None:
    files = read(tar.symlink(b"a", b"b"), tar.symlink(b"b", b"a"), tar.file(b"a/x", b"1"))
    assert len(files.entries) == 3


def test_folders_that_are_replaced_without_end_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layer_tree, "MOST_STEPS", 10_000)
    files = [tar.file(b"f%d" % place) for place in range(100)]
    again = [tar.folder(b"d/"), tar.file(b"d/x"), tar.file(b"d")] * 200
    with pytest.raises(UnreadableImage, match="without end"):
        read(*files, *again)


def test_links_that_lead_on_without_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_tree, "MOST_STEPS", 10_000)
    links = [tar.symlink(b"s%d" % place, b"./" * 40 + b"d") for place in range(500)]
    through = [tar.file(b"s%d/x" % place) for place in range(500)]
    with pytest.raises(UnreadableImage, match="without end"):
        read(*links, *through)


NAMES = st.sampled_from([b"a", b"b", b"c", b"a/b", b"a/c", b"b/a", b"a/b/c"])
RIGHTS = st.fixed_dictionaries({"uid": st.integers(0, 3), "gid": st.integers(0, 3)})
MEMBERS = st.one_of(
    st.builds(lambda name, body, rights: tar.file(name, body, **rights),
              NAMES, st.binary(max_size=3), RIGHTS),
    st.builds(lambda name, mode, rights: tar.folder(name + b"/", mode, **rights),
              NAMES, st.sampled_from([0o700, 0o755, 0o1777]), RIGHTS),
    st.builds(lambda name, to, rights: tar.symlink(name, to, **rights),
              NAMES, st.sampled_from([b"a", b"b", b"c", b"a/b"]), RIGHTS),
    st.builds(lambda name, to, rights: tar.hard_link(name, to, **rights), NAMES, NAMES, RIGHTS),
    st.builds(lambda name: tar.header(name, b"6"), NAMES),
    st.builds(lambda name, minor: tar.header(name, b"3", device=(0, minor)),
              NAMES, st.integers(0, 1)),
    st.builds(lambda name: tar.file(name.rpartition(b"/")[0] + b"/.wh.new"), NAMES),
)  # fmt: skip


@by_kernel
@settings(deadline=None)
@given(st.lists(MEMBERS, max_size=9))
def test_the_kernel_has_the_same_of_any_members(parts: list[bytes]) -> None:
    real = unpacked(*parts)
    if real is not None:
        assert alike(read(*parts)) == alike(real)
