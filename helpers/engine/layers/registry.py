"""An image in a registry: its manifests and layers over the registry's HTTP API.

Source: the OCI distribution specification; Docker's "Token authentication" for the 401 dance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from helpers.engine.layers.assemble import assembled, indexes, not_what_it_says
from helpers.engine.layers.byte_stream import PIECE_BYTES, ByteStream
from helpers.engine.layers.compression import unpacked
from helpers.engine.layers.image_archive import MOST_DOCUMENT_BYTES, told
from helpers.engine.layers.layer_archive import read_layer
from helpers.engine.layers.manifests import Manifest, chosen, document, manifest_of
from helpers.errors import ImageUnavailable, UnreadableImage
from helpers.model.image_history import HistoryEntry
from helpers.model.image_layers import ImageLayers
from helpers.model.image_name import DOCKER_HUB, ImageReference
from helpers.model.layer_files import LayerFiles
from helpers.model.layer_progress import LayerProgress, OnProgress

TIMEOUT_SECONDS = (5, 60)
_KINDS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_LOOPBACK = re.compile(r"(?:localhost|127\.[0-9.]+|\[::1\])(?::\d+)?")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


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
        host = "registry-1.docker.io" if reference.registry == DOCKER_HUB else reference.registry
        scheme = "http" if _LOOPBACK.fullmatch(host) else "https"
        self._base = f"{scheme}://{host}/v2/{reference.repository}"
        self._reference = reference
        self._on_progress = on_progress
        self._headers = {"Accept": _KINDS}
        self._indexes: dict[str, int] = {}

    def find(self, platform: str | None) -> Manifest:
        """The image that the name leads to, through an index where there is one."""
        place = self._reference.digest or self._reference.tag
        try:
            found = self._document(f"manifests/{place}")
            if "manifests" in found:
                found = self._document(f"manifests/{chosen(found, None, platform)['digest']}")
            config = self._document(f"blobs/{found['config']['digest']}")
            places = [layer["digest"] for layer in found["layers"]]
        except (AttributeError, TypeError, KeyError) as error:
            raise UnreadableImage(f"The registry's manifest makes no sense ({error!r}).") from None
        return manifest_of(str(self._reference), config, places)

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
        digest = sha256()
        with closing(self._get(f"blobs/{place}")) as answer:
            length = answer.headers.get("Content-Length", "")
            size_bytes = int(length) if length.isdigit() else None
            packed = ByteStream(self._chunks(answer, diff_id, size_bytes), size_bytes)
            plain = unpacked(packed)
            whole = ByteStream(told(plain, digest), plain.size_bytes)
            files = read_layer(whole)
        if diff_id.startswith("sha256:") and diff_id != f"sha256:{digest.hexdigest()}":
            raise not_what_it_says(diff_id)
        return files

    def _document(self, path: str) -> Any:
        with closing(self._get(path)) as answer:
            stream = ByteStream(self._chunks(answer, "", None))
            text = stream.peek(MOST_DOCUMENT_BYTES)
        return document(text, f"{self._base}/{path}")

    def _get(self, path: str) -> requests.Response:
        """The registry's answer, after a token was fetched where it asks for one."""
        answer = self._asked(path)
        if answer.status_code == 401 and "Authorization" not in self._headers:
            answer.close()
            self._headers["Authorization"] = self._token(answer.headers.get("WWW-Authenticate", ""))
            answer = self._asked(path)
        if answer.status_code != 200:
            answer.close()
            raise ImageUnavailable(
                f"The registry answered {answer.status_code} for {self._reference}.",
                "See that the name is right and may be pulled without a login.",
            )
        return answer

    def _asked(self, path: str) -> requests.Response:
        try:
            return requests.get(
                f"{self._base}/{path}", headers=self._headers, stream=True, timeout=TIMEOUT_SECONDS
            )
        except requests.RequestException as error:
            raise ImageUnavailable(
                f"The registry {self._reference.registry} cannot be reached ({error}).",
                "See whether it runs, and whether this machine is online.",
            ) from None

    def _token(self, challenge: str) -> str:
        """The header for anonymous pulls; empty where the registry wants a real login."""
        asked = dict(_CHALLENGE.findall(challenge))
        realm = asked.pop("realm", "")
        if not (challenge.startswith("Bearer") and realm.startswith(("https://", "http://"))):
            return ""
        try:
            answer = requests.get(realm, params=asked, timeout=TIMEOUT_SECONDS).json()
            return f"Bearer {answer.get('token') or answer['access_token']}"
        except (requests.RequestException, ValueError, KeyError, AttributeError):
            return ""

    def _chunks(
        self, answer: requests.Response, diff_id: str, total_bytes: int | None
    ) -> Iterator[bytes]:
        """The bytes of an answer as they stand in the registry, packed or not."""
        done_bytes = 0
        try:
            while chunk := answer.raw.read(PIECE_BYTES, decode_content=False):
                done_bytes += len(chunk)
                if self._on_progress and diff_id:
                    index = self._indexes[diff_id]
                    self._on_progress(LayerProgress(diff_id, index, done_bytes, total_bytes))
                yield chunk
        except (HTTPError, OSError) as error:
            raise ImageUnavailable(
                f"The registry broke off in the middle ({error}).", "Try again."
            ) from None
