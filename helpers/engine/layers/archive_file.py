"""An image in an archive file: `docker save`, Podman's, or an OCI layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from helpers.engine.layers.assemble import assembled, layer_missing, not_what_it_says
from helpers.engine.layers.byte_stream import PIECE_BYTES, ByteStream
from helpers.engine.layers.compression import GZIP, ZSTD
from helpers.engine.layers.image_archive import ArchiveContent, image_in, read_archive
from helpers.engine.layers.tar_header import BLOCK_BYTES, looks_like_header
from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.history import HistoryEntry
from helpers.model.layers.image_layers import ImageLayers
from helpers.model.layers.layer_files import LayerFiles
from helpers.model.layers.layer_progress import LayerProgress, OnProgress


def analyse_archive(
    path: Path | str,
    name: str | None = None,
    platform: str | None = None,
    on_progress: OnProgress | None = None,
) -> ImageLayers:
    """The layers of the image in an archive file; `name` and `platform` say which of several.

    Nothing is unpacked. Each layer that is read is checked against its diff-id, so that a file
    can never pass off other contents as those of a layer that is kept. Raises InvalidInput,
    or UnreadableImage where the archive is damaged, cut off or hostile.
    """
    source = _ArchiveFile(Path(path), name, platform, on_progress)
    image = source.manifest
    return assembled(name or image.name or Path(path).name, image.diff_ids, source, on_progress)


class _ArchiveFile:
    """An archive file as a source of layers: one quick pass for the manifests, one for layers."""

    def __init__(
        self, path: Path, name: str | None, platform: str | None, on_progress: OnProgress | None
    ) -> None:
        self._path = path
        self._on_progress = on_progress
        self.manifest = image_in(self._passed(lambda _: False), name, platform)

    def history(self) -> Sequence[HistoryEntry]:
        """The history in the image's config."""
        return self.manifest.history

    def read(self, diff_ids: set[str]) -> dict[str, LayerFiles]:
        """The files of these layers, each checked against its diff-id."""
        places = dict(zip(self.manifest.diff_ids, self.manifest.places, strict=True))
        wanted = {places[diff_id] for diff_id in diff_ids}
        content = self._passed(wanted.__contains__)
        return {diff_id: _checked(content, places[diff_id], diff_id) for diff_id in diff_ids}

    def settled(
        self, unsettled: Mapping[str, frozenset[str]], listings: Mapping[str, LayerFiles]
    ) -> dict[str, LayerFiles]:
        """These layers, read again with every fingerprint."""
        return self.read(set(unsettled))

    def _passed(self, wants: Callable[[str], bool]) -> ArchiveContent:
        with _opened(self._path) as file:
            size_bytes = self._path.stat().st_size
            chunks = _chunks(file, size_bytes, self._on_progress)
            stream = ByteStream(chunks, size_bytes, lambda count: file.seek(count, 1))
            start = stream.peek(BLOCK_BYTES)
            if not (start.startswith((GZIP, ZSTD)) or looks_like_header(start)):
                raise UnreadableImage(
                    f"{self._path.name} is not an image archive.", "Make one with `docker save`."
                )
            return read_archive(stream, wants, digests=True)


def _checked(content: ArchiveContent, place: str, diff_id: str) -> LayerFiles:
    found = content.layers.get(place)
    if found is None:
        raise layer_missing(diff_id)
    if isinstance(found, UnreadableImage):
        raise found
    if diff_id.startswith("sha256:") and content.digests[place] != diff_id:
        raise not_what_it_says(diff_id)
    return found


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read ({error.strerror}).", "Name a file that `docker save` made."
        ) from None


def _chunks(
    file: BufferedReader, size_bytes: int, on_progress: OnProgress | None
) -> Iterator[bytes]:
    while chunk := file.read(PIECE_BYTES):
        if on_progress:
            on_progress(LayerProgress("", -1, file.tell(), size_bytes))
        yield chunk
