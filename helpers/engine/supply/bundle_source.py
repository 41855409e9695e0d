"""An instructor's bundle, WORKBOOK_BUNDLE: one of the workbook's, or archives of `docker save`."""

from __future__ import annotations

import io
import json
import lzma
import posixpath
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.engine.supply.accepted import accepted
from helpers.engine.supply.bundled_image import is_bundle, load_bundled
from helpers.engine.supply.source_failed import SourceFailed, engine_answers, fail
from helpers.engine.supply.sources import Wanted
from helpers.errors import Interrupted, InvalidInput, UnreadableImage
from helpers.model.image.reference import ImageReference
from helpers.model.supply.supply import Source, SupplyProgress

if TYPE_CHECKING:
    from docker import DockerClient

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
_CHUNK_BYTES = 1 << 20
_UNREADABLE = (tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError)
_BROKEN = (*_UNREADABLE, ValueError, LookupError, TypeError)


@dataclass(frozen=True)
class Saved:
    """One image in an archive: what its manifest says."""

    config: str
    layers: tuple[str, ...]
    names: tuple[str, ...]


class Bundle:
    """A bundle of `./workbook bundle save` or a `docker save` archive, or a folder of such."""

    kind = Source.BUNDLE

    def __init__(self, client: DockerClient, path: Path, allows_stand_ins: bool) -> None:
        self._client = client
        self._path = path
        self._allows_stand_ins = allows_stand_ins

    def supply(self, wanted: Wanted) -> str:
        """Loads that one image; others in the same archive, and their names, are left alone."""
        damaged: list[str] = []
        for path in self._archives():
            try:
                remark = self._supplied(path, wanted)
                if remark is not None:
                    return f"from {path.name}{remark}"
            except _BROKEN as error:
                damaged.append(f"{path.name} cannot be read ({_words(error)})")
            except UnreadableImage as error:
                damaged.append(f"{path.name}: {error.message.rstrip('.')}")
            except SourceFailed as failed:
                damaged.append(f"{path.name}: {failed.reason}")
        raise SourceFailed("; ".join(damaged) or f"it is not in {self._path.name}")

    def _supplied(self, path: Path, wanted: Wanted) -> str | None:
        """What to add to the note on the image, which the engine has now; None without one."""
        if is_bundle(path):
            return load_bundled(self._client, path, wanted, self._allows_stand_ins)
        with tarfile.open(path) as archive:
            image = find(saved_images(archive), wanted.reference)
            return self._load(archive, image, wanted) if image else None

    def _archives(self) -> list[Path]:
        if self._path.is_file():
            return [self._path]
        if not self._path.is_dir():
            raise SourceFailed(f"there is no {self._path}")
        found = sorted(p for p in self._path.iterdir() if p.name.endswith(_ARCHIVES))
        if not found:
            raise SourceFailed(f"no archive is in {self._path}")
        return found

    def _load(self, archive: tarfile.TarFile, image: Saved, wanted: Wanted) -> str:
        config = _content(archive, image.config)
        remark = accepted(wanted.reference, config, self._allows_stand_ins)
        members = [_member(archive, name) for name in (image.config, *image.layers)]
        total = sum(member.size for _, member in members)
        stream = _counted(_only(archive, image, members, wanted.name), wanted, total)
        with engine_answers():
            for message in self._client.api.load_image(stream):
                if error := message.get("error"):
                    raise fail(str(error))
        return remark


def saved_images(archive: tarfile.TarFile) -> list[Saved]:
    """The images in an archive that `docker save` wrote."""
    try:
        file = archive.extractfile("manifest.json")
    except KeyError:
        raise ValueError("it has no manifest.json: make it with `docker save`") from None
    said: list[dict[str, Any]] = json.load(file) if file else []
    return [
        Saved(str(one["Config"]), tuple(one["Layers"]), tuple(one.get("RepoTags") or ()))
        for one in said
    ]


def find(images: Iterable[Saved], reference: ImageReference) -> Saved | None:
    """The image that has that name among its own, however it is written there."""
    for image in images:
        for name in image.names:
            try:
                if ImageReference.parse(name) == reference:
                    return image
            except InvalidInput:
                continue
    return None


def _member(archive: tarfile.TarFile, name: str) -> tuple[str, tarfile.TarInfo]:
    """The file of that name, through the links by which `docker save` shares layers."""
    member = archive.getmember(name)
    while member.issym():
        target = posixpath.normpath(posixpath.join(posixpath.dirname(member.name), member.linkname))
        member = archive.getmember(target)
    return name, member


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(_member(archive, name)[1])
    if file is None:
        raise ValueError(f"{name} is not a file")
    return file.read()


def _only(
    archive: tarfile.TarFile, image: Saved, members: list[tuple[str, tarfile.TarInfo]], name: str
) -> Iterator[bytes]:
    """An archive of that image alone, under that name alone."""
    manifest = [{"Config": image.config, "RepoTags": [name], "Layers": list(image.layers)}]
    text = json.dumps(manifest).encode()
    yield from _entry("manifest.json", len(text), io.BytesIO(text))
    for inside, member in dict(members).items():
        file = archive.extractfile(member)
        if file is None:
            raise ValueError(f"{inside} is not a file")
        yield from _entry(inside, member.size, file)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _entry(name: str, size: int, file: Any) -> Iterator[bytes]:
    header = tarfile.TarInfo(name)
    header.size = size
    yield header.tobuf(tarfile.GNU_FORMAT)
    left = size
    while left:
        chunk = _read(file, min(left, _CHUNK_BYTES))
        left -= len(chunk)
        yield chunk
    yield bytes(-size % tarfile.BLOCKSIZE)


def _read(file: Any, size: int) -> bytes:
    """The next bytes; ValueError where there are none, which no HTTP library takes for its own."""
    try:
        chunk: bytes = file.read(size)
    except _UNREADABLE as error:
        raise ValueError(_words(error)) from None
    if not chunk:
        raise ValueError("it ends too early")
    return chunk


def _counted(chunks: Iterable[bytes], wanted: Wanted, total: int) -> Iterator[bytes]:
    done = 0
    for chunk in chunks:
        if wanted.cancelled.is_set():
            raise Interrupted("Interrupted; the image was not loaded.", "Run it again.")
        done = min(total, done + len(chunk))
        wanted.on_progress(SupplyProgress(wanted.name, Source.BUNDLE, "loading", done, total))
        yield chunk


def _words(error: Exception) -> str:
    return str(error).strip("'\"") or type(error).__name__
