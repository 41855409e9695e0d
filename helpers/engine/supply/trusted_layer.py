"""This machine's certificates and pip settings, put into a stand-in's only layer as it passes.

The archive of a stand-in, in the cache and in bundles, has nothing of any machine. Each adds its
own when it brings the image to its engine, so that an unchanged `RUN pip install` works behind a
proxy that signs TLS connections anew. The layer stays one, as `update-ca-certificates` had made it.
"""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.member_path import cleaned
from helpers.engine.archive.tar_header import BLOCK_BYTES, modified_seconds, parsed
from helpers.engine.archive.tar_members import EXTENSIONS, WITHOUT_BODY
from helpers.engine.archive.writer import END, padding
from helpers.engine.host.trust import BUNDLE_INSIDE, Trust, certificate_hash
from helpers.model.supply.recipe import StandInRecipe

_ZEROS = bytes(BLOCK_BYTES)
_STORE = BUNDLE_INSIDE.strip("/").encode()
_FILES = (b"0", b"\0")
_CERTIFICATES = "./usr/local/share/ca-certificates"
_LINKS = "./etc/ssl/certs"


@dataclass
class TrustedLayer:
    """A layer's bytes with that trust; `has_store` says afterwards whether there was a store in it.

    Where there was none, the bytes are unchanged.
    """

    trust: Trust
    recipe: StandInRecipe
    has_store: bool = False

    def passing(self, stream: ByteStream) -> Iterator[bytes | memoryview]:
        """The bytes of the tar, changed; raises UnreadableImage where they are none."""
        extended, date = False, 0
        while (block := stream.take(BLOCK_BYTES)) and block != _ZEROS:
            header = parsed(block)
            size_bytes = 0 if header.type in WITHOUT_BODY else header.size_bytes
            is_store = header.type in _FILES and cleaned(header.name) == _STORE and not extended
            extended = header.type in EXTENSIONS
            if is_store:
                self.has_store, date = True, modified_seconds(block)
                content = b"".join(stream.pieces(size_bytes))
                stream.skip(len(padding(size_bytes)))
                yield from _member(f"./{_STORE.decode()}", date, self._store(content))
            else:
                yield block
                yield from stream.pieces(size_bytes + len(padding(size_bytes)))
        if self.has_store:
            yield from self._added(date)
        yield END

    def _store(self, content: bytes) -> bytes:
        return content + "".join(self.trust.certificates).encode("ascii")

    def _added(self, date: int) -> Iterator[bytes]:
        """The members that a Debian has for certificates of its own, and pip's settings."""
        if not self.recipe.has_pip:
            return
        seen = Counter[str]()
        for index, pem in enumerate(self.trust.certificates):
            path = f"{_CERTIFICATES}/machine-{index:02}.crt"
            yield from _member(path, date, pem.encode("ascii"))
            yield _link(f"{_LINKS}/machine-{index:02}.pem", date, path.removeprefix("."))
            if name := certificate_hash(pem):
                link = f"{_LINKS}/{name}.{seen[name]}"
                yield _link(link, date, f"machine-{index:02}.pem")
                seen[name] += 1
        if settings := self.trust.pip_conf():
            yield from _member("./etc/pip.conf", date, settings.encode())


def _member(path: str, date: int, content: bytes) -> Iterator[bytes]:
    info = tarfile.TarInfo(path)
    info.size, info.mtime = len(content), date
    yield info.tobuf(tarfile.GNU_FORMAT)
    yield content
    yield padding(len(content))


def _link(path: str, date: int, target: str) -> bytes:
    info = tarfile.TarInfo(path)
    info.type, info.linkname, info.mode, info.mtime = tarfile.SYMTYPE, target, 0o777, date
    return info.tobuf(tarfile.GNU_FORMAT)
