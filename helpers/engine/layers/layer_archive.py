"""The files of one layer, read from its tar archive as that streams by."""

from __future__ import annotations

from hashlib import sha256

from helpers.engine.archive.byte_stream import FINGERPRINT_BYTES, ByteStream
from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.archive.tar_header import Header
from helpers.engine.archive.tar_members import members
from helpers.engine.layers.layer_paths import OPAQUE, WHITEOUT, is_of_aufs, is_plain, shown
from helpers.errors import UnreadableImage
from helpers.model.layers.file_entry import FileEntry, FileKind
from helpers.model.layers.layer_files import LayerFiles, with_first_names

# The largest images have half a million files; these bounds keep a hostile one from the memory.
MOST_ENTRIES = 3_000_000
MOST_NAME_BYTES = 512 << 20
MOST_FLAGGED = 100
_KINDS: dict[bytes, FileKind] = {
    b"0": "file",
    b"\0": "file",
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


def read_layer(stream: ByteStream) -> LayerFiles:
    """A layer's files, from its plain archive; the stream is read to its end.

    Every content is fingerprinted on the way: whether a file is the same again can come up years
    later, with another image, and then the bytes would have to be fetched again. SHA-256 costs
    0.6 s for 1 GB on a processor with instructions for it (1.0 s is what the transfer takes).
    Raises UnreadableImage where the archive is damaged or cut off.
    """
    listing = _Listing()
    for header in members(stream):
        listing.add(header, stream)
    for _ in stream.rest():
        pass
    return listing.files()


class _Listing:
    """What was read of a layer so far."""

    def __init__(self) -> None:
        self._entries: list[FileEntry] = []
        self._whiteouts: set[str] = set()
        self._opaque: set[str] = set()
        self._flagged: list[str] = []
        self._aufs: dict[str, FileEntry] = {}
        self._has_links_to_aufs = False
        self._name_bytes = 0

    def files(self) -> LayerFiles:
        """The layer's files, as far as they were added."""
        entries = self._entries
        if self._has_links_to_aufs:
            entries = [self._without_aufs(entry) for entry in entries]
        return LayerFiles(
            with_first_names(entries),
            frozenset(self._whiteouts),
            frozenset(self._opaque),
            tuple(self._flagged[:MOST_FLAGGED]),
        )

    def add(self, header: Header, stream: ByteStream) -> None:
        """Notes one member, and reads its content."""
        self._name_bytes += len(header.name) + len(header.link)
        if len(self._entries) >= MOST_ENTRIES or self._name_bytes > MOST_NAME_BYTES:
            raise UnreadableImage(
                f"A layer holds more than {len(self._entries):,} files, or names without end.",
                "No real image does: it may be a bomb. Get the image from somebody else.",
            )
        name: bytes | None = header.name
        if is_plain(header.name):
            self._entry(header.name.rstrip(b"/"), header, stream)
        elif (name := cleaned(header.name)) is None:
            self._flag(header.name, "climbs out of the image or cannot be; it is left out")
        elif WHITEOUT in name:
            self._marked(name, header, stream)
        elif name:
            self._entry(name, header, stream)

    def _entry(self, name: bytes, header: Header, stream: ByteStream) -> None:
        entry = self._made(name, header, stream)
        if entry:
            self._entries.append(entry)

    def _made(self, name: bytes, header: Header, stream: ByteStream) -> FileEntry | None:
        kind = _KINDS.get(header.type)
        link, fingerprint = "", b""
        if kind == "file":
            if header.type == b"1":
                target = cleaned(header.link)
                if target is None:
                    self._flag(name, "is a hard link that climbs out; it is left out")
                    return None
                link = text_of(target)
                self._has_links_to_aufs |= is_of_aufs(target)
            elif header.name.endswith(b"/") and header.type in b"0\0":
                kind = "directory"
                header = header._replace(content_bytes=0)
            elif header.content_bytes:
                fingerprint = self._content(name, header, stream)
        elif kind == "symlink":
            link = text_of(header.link.partition(b"\0")[0][:MOST_LINK_BYTES])
        elif kind == "device":
            fingerprint = device_fingerprint(header.type == b"3", header.major, header.minor)
        elif kind is None:
            self._flag(name, f"is of the unknown type {header.type!r}; it is left out")
            return None
        return FileEntry(
            text_of(name),
            kind,
            header.content_bytes,
            header.mode & 0o7777,
            header.uid,
            header.gid,
            link,
            fingerprint,
        )

    def _content(self, name: bytes, header: Header, stream: ByteStream) -> bytes:
        """The fingerprint of a file; a sparse one's is that of what is stored of it."""
        fingerprint = stream.fingerprint(header.size_bytes)
        if not header.holes:
            return fingerprint
        if header.content_bytes > header.size_bytes:
            self._flag(
                name,
                f"is sparse: {header.content_bytes:,} bytes, of which {header.size_bytes:,} stored",
            )
        return sha256(header.holes + fingerprint).digest()[:FINGERPRINT_BYTES]

    def _marked(self, path: bytes, header: Header, stream: ByteStream) -> None:
        """Notes a path with `.wh.` in it: a mark, something of aufs, or just a name."""
        parent, _, name = path.rpartition(b"/")
        if is_of_aufs(path):
            entry = self._made(path, header, stream)
            if entry and entry.kind == "file":
                self._aufs[entry.path] = entry
        elif name == OPAQUE:
            self._opaque.add(text_of(parent))
        elif not name.startswith(WHITEOUT):
            self._entry(path, header, stream)
        elif name[4:] in (b"", b".", b".."):
            self._flag(path, "removes nothing that can be named; it is left out")
        else:
            self._whiteouts.add(text_of(parent + b"/" + name[4:] if parent else name[4:]))

    def _without_aufs(self, entry: FileEntry) -> FileEntry:
        """A name whose content aufs kept elsewhere, with that content; the first name holds it."""
        kept = self._aufs.get(entry.link_target) if entry.kind == "file" else None
        if kept is None:
            return entry
        if kept.link_target:
            return entry._replace(link_target=kept.link_target)
        self._aufs[kept.path] = FileEntry(kept.path, "file", link_target=entry.path)
        return entry._replace(
            link_target="", size_bytes=kept.size_bytes, fingerprint=kept.fingerprint
        )

    def _flag(self, name: bytes, what: str) -> None:
        if len(self._flagged) < MOST_FLAGGED:
            self._flagged.append(f"{shown(name)} {what}.")


def device_fingerprint(is_character: bool, major: int, minor: int) -> bytes:
    """What tells one device from another, in place of a content."""
    return f"{'c' if is_character else 'b'}{major}:{minor}".encode()
