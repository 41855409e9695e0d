"""What a bundle offers over a registry's API: what its index leads to, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator

from helpers.engine.bundle.bundle_file import BundleFile
from helpers.model.bundle.bundle_index import BundledImage
from helpers.model.bundle.bundled_artifact import BundledArtifact
from helpers.model.image.descriptor import INDEX_TYPES
from helpers.model.image.digest import Digest
from helpers.model.text.units import format_bytes


class OfferedImages:
    """The documents of a bundle by tag and digest, and the digests of its blobs."""

    def __init__(self, bundle: BundleFile) -> None:
        self.bundle = bundle
        entries: list[BundledImage | BundledArtifact] = [*bundle.images, *bundle.artifacts]
        manifests = {entry.manifest.digest: bundle.manifest(entry) for entry in entries}
        self.blobs = frozenset(blob.digest for one in manifests.values() for blob in one.blobs)
        self._documents: dict[str, tuple[str, bytes]] = {
            digest: (one.media_type, one.body) for digest, one in manifests.items()
        }
        self._documents |= {Digest.of(body): (INDEX_TYPES[0], body) for body in self._lists()}

    def document(self, repository: str, tag_or_digest: str) -> tuple[str, bytes] | None:
        """The media type and bytes of a manifest or a list of them; None where there is none."""
        if document := self._documents.get(tag_or_digest):
            return document
        body = self.list_of(repository, tag_or_digest)
        return (INDEX_TYPES[0], body) if body else None

    def list_of(self, repository: str, tag: str) -> bytes | None:
        """The list of the manifests that a tag leads to, one a platform."""
        entries = [
            image.manifest.json()
            for image in self.bundle.images
            if image.reference.repository == repository and image.reference.tag == tag
        ]
        index = {"schemaVersion": 2, "mediaType": INDEX_TYPES[0], "manifests": entries}
        return json.dumps(index).encode() if entries else None

    def repositories(self) -> dict[str, list[str]]:
        """{repository: tags} of all that is offered."""
        repositories: dict[str, list[str]] = {}
        for image in self.bundle.images:
            tags = repositories.setdefault(image.reference.repository, [])
            if (tag := str(image.reference.tag)) not in tags:
                tags.append(tag)
        return repositories

    def page(self) -> str:
        """What somebody reads who opens the address in a browser.

        It does not hold the digest: whoever answers at this address could write another one.
        """
        names = sorted({f"{image.name} ({image.platform})" for image in self.bundle.images})
        names += sorted(map(str, self.bundle.artifacts))
        lines = [
            *("Docker Workbook: the images of the lessons, for this room.", "", *names, ""),
            *(f"{format_bytes(self.bundle.size_bytes)} in all. On your machine:", ""),
            "    ./workbook lab --from ADDRESS   (all of it, as your instructor shows it)",
        ]
        return "\n".join([*lines, ""])

    def _lists(self) -> Iterator[bytes]:
        for repository, tags in self.repositories().items():
            for tag in tags:
                yield self.list_of(repository, tag) or b""
