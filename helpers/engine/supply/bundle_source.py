"""An instructor's bundle, WORKBOOK_BUNDLE: one of the workbook's, or archives of `docker save`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from helpers.engine.archive.archived_image import ArchivedImage, image_in
from helpers.engine.archive.byte_stream import PIECE_BYTES, ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.reader import files_in, read_archive
from helpers.engine.archive.unpack_budget import UnpackBudget
from helpers.engine.archive.writer import Content, image_archive
from helpers.engine.base.disk_answers import disk_words
from helpers.engine.supply.accepted import accepted
from helpers.engine.supply.bundled_image import is_bundle, load_bundled
from helpers.engine.supply.source_failed import SourceFailed, engine_answers, fail
from helpers.engine.supply.sources import Wanted
from helpers.errors import Interrupted, InvalidInput, UnreadableImage
from helpers.model.bundle.index_digest import IndexDigest
from helpers.model.supply.supply import Source, SupplyProgress
from helpers.model.text.answer_parts import error_in

if TYPE_CHECKING:
    from docker import DockerClient

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")


class Bundle:
    """A bundle of `./workbook bundle save` or a `docker save` archive, or a folder of such."""

    kind = Source.BUNDLE

    def __init__(
        self,
        client: DockerClient,
        path: Path,
        allows_stand_ins: bool,
        digest: IndexDigest | None = None,
    ) -> None:
        self._client, self._digest = client, digest
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
            except OSError as error:
                damaged.append(f"{path.name} cannot be read ({disk_words(error)})")
            except UnreadableImage as error:
                damaged.append(f"{path.name}: {error.message.rstrip('.')}")
            except SourceFailed as failed:
                damaged.append(f"{path.name}: {failed.reason}")
        raise SourceFailed("; ".join(damaged) or f"it is not in {self._path.name}")

    def _supplied(self, path: Path, wanted: Wanted) -> str | None:
        """What to add to the note on the image, which the engine has now; None without one."""
        if is_bundle(path):
            return load_bundled(self._client, path, wanted, self._allows_stand_ins, self._digest)
        with _opened(path) as stream:
            budget = UnpackBudget()
            content = read_archive(stream, lambda _, body: _measured(body, budget))
        try:
            image = image_in(content, wanted.name)
        except InvalidInput:
            return None
        remark = accepted(wanted.reference, image.config, self._allows_stand_ins)
        layers = dict(zip(image.members, image.diff_ids, strict=True))
        total = len(image.config) + sum(content.layer(*layer) for layer in layers.items())
        self._load(_counted(_only(path, image, wanted.name), wanted, total))
        return remark

    def _archives(self) -> list[Path]:
        if self._path.is_file():
            return [self._path]
        if not self._path.is_dir():
            raise SourceFailed(f"there is no {self._path}")
        archives = sorted(p for p in self._path.iterdir() if p.name.endswith(_ARCHIVES))
        if not archives:
            raise SourceFailed(f"no archive is in {self._path}")
        return archives

    def _load(self, archive: Iterator[bytes]) -> None:
        with engine_answers():
            for message in self._client.api.load_image(archive):
                if error := error_in(message):
                    raise fail(error)


def bundle_setting(text: str) -> tuple[Path, IndexDigest | None]:
    """The path and digest in WORKBOOK_BUNDLE, 'lessons.tar#sha256-…'; raises InvalidInput."""
    path, mark, digest = text.rpartition("#")
    if not mark or Path(text).expanduser().exists():
        return Path(text).expanduser(), None
    return Path(path).expanduser(), IndexDigest.parse(digest)


@contextmanager
def _opened(path: Path) -> Iterator[ByteStream]:
    with path.open("rb") as file:
        yield ByteStream(_chunks(file), path.stat().st_size, lambda count: file.seek(count, 1))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file; what the disk refuses is no error that an HTTP library may take over."""
    try:
        while chunk := file.read(PIECE_BYTES):
            yield chunk
    except OSError as error:
        raise UnreadableImage(f"its bytes cannot be read ({disk_words(error)})") from None


def _measured(body: ByteStream, budget: UnpackBudget) -> int:
    """The size of a layer in the archive; one that the engine would unpack is tried first."""
    plain = unpacked(body, budget)
    for _ in plain.rest() if plain is not body else ():
        pass
    return body.size_bytes or 0


def _only(path: Path, image: ArchivedImage, name: str) -> Iterator[bytes]:
    """An archive of that image alone, under that name alone."""
    return image_archive(
        name, image.config, image.members, _contents(path, frozenset(image.members))
    )


def _contents(path: Path, wanted: frozenset[str]) -> Iterator[Content]:
    """The layers in these members of the archive, in its order, as it is read once more."""
    with _opened(path) as stream:
        for member, body in files_in(stream):
            if member in wanted:
                yield Content(member, body.size_bytes or 0, map(bytes, body.rest()))


def _counted(chunks: Iterable[bytes], wanted: Wanted, total: int) -> Iterator[bytes]:
    done = 0
    for chunk in chunks:
        if wanted.cancelled.is_set():
            raise Interrupted("Interrupted; the image was not loaded.", "Run it again.")
        done = min(total, done + len(chunk))
        wanted.on_progress(SupplyProgress(wanted.name, Source.BUNDLE, "loading", done, total))
        yield chunk
