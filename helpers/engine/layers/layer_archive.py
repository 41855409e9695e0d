"""The files of one layer, read from its tar archive as that streams by."""

from __future__ import annotations

from hashlib import sha256

from helpers.engine.archive.byte_stream import FINGERPRINT_BYTES, ByteStream
from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.archive.tar_header import Header
from helpers.engine.archive.tar_members import members
from helpers.engine.layers.layer_paths import OPAQUE, WHITEOUT, is_of_aufs, is_plain, shown
from helpers.engine.layers.layer_tree import LayerTree
from helpers.engine.layers.listing_budget import ListingBudget
from helpers.model.layers.file_entry import FileEntry, FileKind
from helpers.model.layers.layer_files import LayerFiles

MOST_FLAGGED = 100
_KINDS: dict[bytes, FileKind] = {
    b"0": "file",
    b"7": "file",
    b"S": "file",
    b"1": "file",
    b"2": "symlink",
    b"3": "device",
    b"4": "device",
    b"5": "directory",
    b"6": "fifo",
}
MOST_LINK_BYTES = 4096
_UNCHANGED = 0xFFFFFFFF  # what `chown` takes for an owner that stays: root, of a new file


def read_layer(stream: ByteStream, budget: ListingBudget | None = None) -> LayerFiles:
    """A layer's files, from its plain archive; the stream is read to its end.

    Every content is fingerprinted on the way: whether a file is the same again can come up years
    later, with another image, and then the bytes would have to be fetched again. SHA-256 costs
    0.6 s for 1 GB on a processor with instructions for it (1.0 s is what the transfer takes).
    Layers of one image share a budget. Raises UnreadableImage where the archive is damaged, cut
    off, or its list grows past that.
    """
    listing = _Listing(stream, budget or ListingBudget())
    for header in members(stream):
        listing.add(header)
    for _ in stream.rest():
        pass
    return listing.files()


class _Listing:
    """What was read of a layer so far."""

    def __init__(self, stream: ByteStream, budget: ListingBudget) -> None:
        self._stream, self._budget = stream, budget
        self._tree = LayerTree(lambda name_bytes: budget.take(name_bytes, stream))
        self._flagged: list[str] = []

    def files(self) -> LayerFiles:
        """The layer's files, as far as they were added."""
        return self._tree.files(tuple(self._flagged))

    def add(self, header: Header) -> None:
        """Notes one member, and reads its content."""
        self._budget.take(len(header.name) + len(header.link), self._stream)
        name: bytes | None = header.name
        if is_plain(header.name):
            self._entry(header.name.rstrip(b"/"), header)
        elif (name := cleaned(header.name)) is None:
            self._flag(header.name, "climbs out of the image or cannot be; it is left out")
        elif WHITEOUT in name:
            self._marked(name, header)
        elif name:
            self._entry(name, header)

    def _entry(self, name: bytes, header: Header, is_hidden: bool = False) -> None:
        """Notes a member under its path."""
        kind = _KINDS.get(header.type)
        link, fingerprint = "", b""
        if header.type == b"1":
            self._link(name, header)
            return
        if kind is None:
            self._flag(name, f"is of the unknown type {header.type!r}; it is left out")
            return
        if kind == "device":
            is_character = header.type == b"3"
            major, minor = header.major & 0xFFF, header.minor & 0xFFFFF
            if is_character and major == minor == 0:
                self._tree.white_out(text_of(name), is_device=True)
                return
            fingerprint = device_fingerprint(is_character, major, minor)
        elif kind == "symlink":
            link = text_of(header.link[:MOST_LINK_BYTES])
        elif header.content_bytes and kind == "file":
            fingerprint = self._content(name, header)
        entry = FileEntry(
            text_of(name),
            kind,
            header.content_bytes if kind == "file" else 0,
            0o777 if kind == "symlink" else header.mode & 0o7777,
            _owner(header.uid),
            _owner(header.gid),
            link,
            fingerprint,
        )
        self._tree.put(entry, header.is_opaque and kind == "directory", is_hidden)

    def _link(self, name: bytes, header: Header) -> None:
        """Notes a further name of a file."""
        target = cleaned(header.link)
        if not target:
            self._flag(name, "is a hard link that climbs out; it is left out")
            return
        mode, owners = header.mode & 0o7777, (_owner(header.uid), _owner(header.gid))
        entry = FileEntry(text_of(name), "file", 0, mode, *owners, text_of(target))
        if not self._tree.link(entry):
            self._flag(name, "is a hard link to a folder or to itself; it is left out")

    def _content(self, name: bytes, header: Header) -> bytes:
        """The fingerprint of a file; a sparse one's is that of what is stored of it."""
        fingerprint = self._stream.fingerprint(header.size_bytes)
        if not header.holes:
            return fingerprint
        if header.content_bytes > header.size_bytes:
            self._flag(
                name,
                f"is sparse: {header.content_bytes:,} bytes, of which {header.size_bytes:,} stored",
            )
        return sha256(header.holes + fingerprint).digest()[:FINGERPRINT_BYTES]

    def _marked(self, path: bytes, header: Header) -> None:
        """Notes a path with `.wh.` in it: a mark, something of aufs, or just a name."""
        parent, _, name = path.rpartition(b"/")
        if is_of_aufs(path):
            if _KINDS.get(header.type) == "file":
                self._entry(path, header, is_hidden=True)
        elif name == OPAQUE:
            self._tree.make_opaque(text_of(parent))
        elif not name.startswith(WHITEOUT):
            self._entry(path, header)
        elif name[4:] in (b"", b".", b".."):
            self._flag(path, "removes nothing that can be named; it is left out")
        else:
            self._tree.white_out(text_of(parent + b"/" + name[4:] if parent else name[4:]))

    def _flag(self, name: bytes, what: str) -> None:
        if len(self._flagged) < MOST_FLAGGED:
            self._flagged.append(f"{shown(name)} {what}.")


def device_fingerprint(is_character: bool, major: int, minor: int) -> bytes:
    """What tells one device from another, in place of a content."""
    return f"{'c' if is_character else 'b'}{major}:{minor}".encode()


def _owner(number: int) -> int:
    """A user or group as Linux keeps it, in 32 bits."""
    owner = number & 0xFFFFFFFF
    return 0 if owner == _UNCHANGED else owner
