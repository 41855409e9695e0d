"""An image put together from what is kept of its layers and what a source has to read."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Protocol

from helpers.engine.layers import cache
from helpers.model.image.history import HistoryEntry, aligned
from helpers.model.layers.image_layers import ImageLayers
from helpers.model.layers.layer_files import LayerFiles
from helpers.model.layers.layer_progress import LayerProgress, OnProgress
from helpers.model.layers.layer_replay import replay


class LayerSource(Protocol):
    """Where an image's layers can be read."""

    @property
    def resets_unlisted(self) -> bool:
        """Whether directories that a layer does not list lose the rights that they have below."""

    def read(self, diff_ids: set[str]) -> dict[str, LayerFiles]:
        """The files of these layers, and maybe of others that came along."""

    def history(self) -> Sequence[HistoryEntry]:
        """The image's history, asked for once the layers are read."""

    def settled(
        self, unsettled: Mapping[str, frozenset[str]], listings: Mapping[str, LayerFiles]
    ) -> dict[str, LayerFiles]:
        """These layers again, with the fingerprints of these files."""


def assembled(
    name: str, diff_ids: Sequence[str], source: LayerSource, on_progress: OnProgress | None = None
) -> ImageLayers:
    """The image of these layers; what is kept of them is not read again, what is read is kept."""
    with _no_collections():
        kept = ((diff_id, cache.load(diff_id)) for diff_id in dict.fromkeys(diff_ids))
        listings = {diff_id: files for diff_id, files in kept if files is not None}
        if missing := set(diff_ids) - listings.keys():
            _keep(listings, source.read(missing))
        history = source.history()
        if on_progress:
            _report(history, diff_ids, listings, on_progress)
        lay = partial(replay, history, diff_ids, name=name, resets_unlisted=source.resets_unlisted)
        image = lay(listings)
        if image.unsettled:
            _keep(listings, source.settled(image.unsettled, listings))
            image = lay(listings)
    return image


@contextmanager
def _no_collections() -> Iterator[None]:
    """A block in which Python does not look for cycles: here are 100,000 tuples, and no cycle.

    It would look at all of them every time that there are a quarter more, which takes as long
    again as making them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def indexes(history: Sequence[HistoryEntry], diff_ids: Sequence[str]) -> dict[str, int]:
    """{diff-id: the index of its layer among the steps of the history}."""
    return {diff_id: index for index, (_, diff_id) in enumerate(aligned(history, diff_ids))}


def _keep(listings: dict[str, LayerFiles], read: Mapping[str, LayerFiles]) -> None:
    for diff_id, files in read.items():
        cache.save(diff_id, files)
        listings[diff_id] = files


def _report(
    history: Sequence[HistoryEntry],
    diff_ids: Sequence[str],
    listings: Mapping[str, LayerFiles],
    on_progress: OnProgress,
) -> None:
    """Says that every layer is there."""
    for diff_id, index in indexes(history, diff_ids).items():
        if diff_id:
            size_bytes = listings[diff_id].size_bytes
            on_progress(LayerProgress(diff_id, index, size_bytes, size_bytes, finished=True))
