"""An image in a registry: its manifests and layers over the registry's HTTP API.

The requests themselves are registry_http.py's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import requests
from urllib3.exceptions import HTTPError

from helpers.engine.layers.assemble import assembled, indexes, not_what_it_says
from helpers.engine.layers.byte_stream import PIECE_BYTES, ByteStream
from helpers.engine.layers.compression import unpacked
from helpers.engine.layers.image_archive import told
from helpers.engine.layers.layer_archive import read_layer
from helpers.engine.layers.manifests import Manifest, chosen, document, manifest_of
from helpers.engine.registry.http import RegistryHttp
from helpers.errors import ImageUnavailable, RegistryError, UnreadableImage, WrongDigest
from helpers.model.image.digest import digest_of, hash_for
from helpers.model.image.history import HistoryEntry
from helpers.model.image.reference import ImageReference
from helpers.model.layers.image_layers import ImageLayers
from helpers.model.layers.layer_files import LayerFiles
from helpers.model.layers.layer_progress import LayerProgress, OnProgress


def analyse_registry(
    name: str, platform: str | None = None, on_progress: OnProgress | None = None
) -> ImageLayers:
    """The layers of an image in a registry; only those that were never read are fetched.

    `platform` is as in 'linux/arm64', this machine's where it is None. Raises ImageUnavailable
    where the registry does not give it, UnreadableImage where what it gives is damaged.
    """
    source = _Repository(ImageReference.parse(name), on_progress)
    source.manifest = source.find(platform)
    return assembled(name, source.manifest.diff_ids, source, on_progress)


class _Repository:
    """One repository of a registry as a source of layers."""

    manifest: Manifest

    def __init__(self, reference: ImageReference, on_progress: OnProgress | None) -> None:
        self._http = RegistryHttp(reference.registry)
        self._base = f"/v2/{reference.repository}"
        self._reference = reference
        self._on_progress = on_progress
        self._indexes: dict[str, int] = {}

    def find(self, platform: str | None) -> Manifest:
        """The image that the name leads to, through a list of images where there is one."""
        repository, name = self._reference.repository, str(self._reference)
        with _in_words():
            found = self._http.manifest(repository, self._reference.place)
            if found.is_list:
                entry = chosen(found.json(), None, platform)
                found = self._http.manifest(repository, str(entry["digest"]))
            if found.config is None:
                raise UnreadableImage(f"{name} is a list of lists.", "Push or fetch it again.")
            config = self._http.config(repository, found.config.digest)
        places = [layer.digest for layer in found.layers]
        return manifest_of(name, document(config, f"The config of {name}"), places)

    def history(self) -> Sequence[HistoryEntry]:
        """The history in the image's config."""
        return self.manifest.history

    def read(self, diff_ids: set[str]) -> dict[str, LayerFiles]:
        """The files of these layers, each checked against its diff-id."""
        image = self.manifest
        self._indexes = indexes(image.history, image.diff_ids)
        places = dict(zip(image.diff_ids, image.places, strict=True))
        return {diff_id: self._layer(places[diff_id], diff_id) for diff_id in diff_ids}

    def settled(
        self, unsettled: Mapping[str, frozenset[str]], listings: Mapping[str, LayerFiles]
    ) -> dict[str, LayerFiles]:
        """These layers, fetched again with every fingerprint."""
        return self.read(set(unsettled))

    def _layer(self, place: str, diff_id: str) -> LayerFiles:
        digest = hash_for(diff_id)
        with closing(self._get(f"blobs/{place}")) as answer:
            length = answer.headers.get("Content-Length", "")
            size_bytes = int(length) if length.isdigit() else None
            packed = ByteStream(self._chunks(answer, diff_id, size_bytes), size_bytes)
            plain = unpacked(packed)
            whole = ByteStream(told(plain, digest), plain.size_bytes)
            files = read_layer(whole)
        if diff_id != digest_of(digest):
            raise not_what_it_says(diff_id)
        return files

    def _get(self, path: str) -> requests.Response:
        """The registry's answer; raises ImageUnavailable where it gives none."""
        with _in_words():
            return self._http.open(f"{self._base}/{path}")

    def _chunks(
        self, answer: requests.Response, diff_id: str, total_bytes: int | None
    ) -> Iterator[bytes]:
        """The bytes of an answer as they stand in the registry, packed or not."""
        done_bytes = 0
        try:
            while chunk := answer.raw.read(PIECE_BYTES, decode_content=False):
                done_bytes += len(chunk)
                if self._on_progress:
                    index = self._indexes[diff_id]
                    self._on_progress(LayerProgress(diff_id, index, done_bytes, total_bytes))
                yield chunk
        except (HTTPError, OSError) as error:
            raise ImageUnavailable(
                f"The registry broke off in the middle ({error}).", "Try again."
            ) from None


@contextmanager
def _in_words() -> Iterator[None]:
    """A block in which a registry's errors become those of reading an image."""
    try:
        yield
    except WrongDigest as error:
        raise UnreadableImage(error.message, error.next_step) from None
    except RegistryError as error:
        raise ImageUnavailable(error.message, error.next_step) from None
