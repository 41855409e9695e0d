"""An engine as a source of layers: its storage where that can be read, else what it saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from helpers.engine.archive.archived_image import image_in
from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.compression import unpacked
from helpers.engine.archive.plain_digests import PlainDigests
from helpers.engine.archive.reader import read_archive
from helpers.engine.archive.saved_image import saved_image
from helpers.engine.archive.unpack_budget import UnpackBudget
from helpers.engine.base.answers import translated
from helpers.engine.base.engine_info import info_of
from helpers.engine.base.needed_parts import id_in, needed_rows
from helpers.engine.layers import cache
from helpers.engine.layers.assemble import indexes
from helpers.engine.layers.layer_archive import read_layer
from helpers.engine.layers.layer_storage import LayerStorage
from helpers.engine.layers.listing_budget import ListingBudget
from helpers.engine.layers.storage import storage_of
from helpers.model.image.history import HistoryEntry, history_of_engine
from helpers.model.image.platform import Platform
from helpers.model.layers.layer_files import LayerFiles
from helpers.model.layers.layer_progress import LayerProgress, OnProgress
from helpers.model.text.answer_parts import text_in, texts_of

if TYPE_CHECKING:
    from docker import DockerClient


class EngineSource:
    """The layers of one image of an engine, by what `docker inspect` says of it."""

    def __init__(
        self,
        client: DockerClient,
        inspected: Mapping[str, Any],
        on_progress: OnProgress | None = None,
        *,
        use_storage: bool = True,
    ) -> None:
        self._client = client
        self._inspected = inspected
        self._id = id_in(inspected, "docker image inspect")
        self._diff_ids = diff_ids_of(inspected)
        self._on_progress = on_progress
        self._use_storage = use_storage
        self._read_history: Sequence[HistoryEntry] | None = None

    @property
    def resets_unlisted(self) -> bool:
        """Whether it is the classic store's overlay2, which unpacks each layer by itself."""
        return text_in(self._inspected, "GraphDriver", "Name") == "overlay2"

    def history(self) -> Sequence[HistoryEntry]:
        """The image's history: exact where its config was ever seen, else as the engine has it."""
        if (kept := cache.load_history(self._id)) is not None:
            return kept
        if self._read_history is None and self.storage is not None:
            self._read_history = self.storage.history()
        if self._read_history is not None:
            cache.save_history(self._id, self._read_history)
            return self._read_history
        return engine_history(self._client, self._inspected)

    def read(self, diff_ids: set[str]) -> dict[str, LayerFiles]:
        """The files of these layers."""
        storage = self.storage
        if storage is not None:
            try:
                return self._stored(storage, diff_ids)
            except OSError:
                pass
        return self._saved(diff_ids)

    def settled(
        self, unsettled: Mapping[str, frozenset[str]], listings: Mapping[str, LayerFiles]
    ) -> dict[str, LayerFiles]:
        """These layers with the fingerprints of these files."""
        storage = self.storage
        if storage is not None:
            try:
                return {
                    diff_id: listings[diff_id].with_fingerprints(
                        storage.folders[self._diff_ids.index(diff_id)].fingerprints(paths)
                    )
                    for diff_id, paths in unsettled.items()
                }
            except OSError:
                pass
        return self._saved(set(unsettled))

    @cached_property
    def storage(self) -> LayerStorage | None:
        """The engine's storage, where it is here and readable."""
        if not self._use_storage:
            return None
        with translated("docker info"):
            return storage_of(self._inspected, partial(info_of, self._client))

    def _stored(self, storage: LayerStorage, diff_ids: set[str]) -> dict[str, LayerFiles]:
        read: dict[str, LayerFiles] = {}
        index = indexes(self.history(), self._diff_ids) if self._on_progress else {}
        for position, diff_id in enumerate(self._diff_ids):
            if diff_id in diff_ids and diff_id not in read:
                read[diff_id] = storage.folders[position].read()
                if self._on_progress:
                    size_bytes = read[diff_id].size_bytes
                    self._on_progress(
                        LayerProgress(diff_id, index[diff_id], size_bytes, size_bytes, True)
                    )
        return read

    def _saved(self, diff_ids: set[str]) -> dict[str, LayerFiles]:
        """These layers from the engine's save stream, which has all of them or none."""
        budget, lists = UnpackBudget(), ListingBudget()
        others = {digest.partition(":")[2] for digest in self._diff_ids if digest not in diff_ids}

        def listed(member: str, body: ByteStream) -> tuple[LayerFiles, PlainDigests] | None:
            if member.rpartition("/")[2] in others:
                return None
            digests = PlainDigests(self._diff_ids)
            return read_layer(digests.stream(unpacked(body, budget)), lists), digests

        with saved_image(self._client, self._id, self._report) as stream:
            content = read_archive(stream, listed)
        image = image_in(content, platform=Platform.described(self._inspected))
        self._read_history = image.history
        read = {}
        for diff_id in diff_ids:
            files, digests = content.layer(image.member_of.get(diff_id, ""), diff_id)
            digests.check(diff_id)
            read[diff_id] = files
        return read

    def _report(self, done_bytes: int) -> None:
        if self._on_progress:
            self._on_progress(LayerProgress("", -1, done_bytes))


def diff_ids_of(inspected: Mapping[str, Any]) -> tuple[str, ...]:
    """The diff-ids of an inspected image's layers, lowest first."""
    return tuple(texts_of(inspected, "RootFS", "Layers"))


def engine_history(client: DockerClient, inspected: Mapping[str, Any]) -> tuple[HistoryEntry, ...]:
    """The history as the engine tells it, with the engine's sizes."""
    image_id = id_in(inspected, "docker image inspect")
    with translated(f"docker history {image_id}"):
        steps = needed_rows(client.api.history(image_id), "docker history")
        return history_of_engine(steps, diff_ids_of(inspected))
